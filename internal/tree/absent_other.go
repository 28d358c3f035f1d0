//go:build !windows

package tree

// isNoName is false: on this system a name that no file can have is a missing file.
func isNoName(error) bool { return false }
