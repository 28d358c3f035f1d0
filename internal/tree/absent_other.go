//go:build !windows

package tree

// isNoName is false: here a name that no file can have is one that is not there.
func isNoName(error) bool { return false }
