//go:build !unix

package tree

// nonblock is for FIFOs, which have no names in the file systems of this system.
const nonblock = 0
