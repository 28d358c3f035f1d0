//go:build !windows

package host

// systemUtilities is nil: any other system has its own.
var systemUtilities middleware
