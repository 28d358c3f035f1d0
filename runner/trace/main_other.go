//go:build !linux || !(amd64 || arm64)

package trace

import "github.com/davit-dev/davit/internal/fault"

// Supported returns an error on a system that cannot trace.
func Supported() error {
	return fault.Preconditionf("", "only Linux on amd64 and arm64 can trace what a step reads")
}

// Main does the work of a process that a wrapped command started. Here there is none.
func Main([]string) (code int, is bool) { return 0, false }
