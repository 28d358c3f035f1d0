//go:build !unix

package regular

// NonBlock is for FIFOs, which have no names in the file systems of this system.
const NonBlock = 0
