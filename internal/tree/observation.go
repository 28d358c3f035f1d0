package tree

import (
	"crypto/sha256"
	"fmt"
)

// Kind is the kind of what is at a path.
type Kind uint8

// The kinds.
const (
	Absent Kind = iota // nothing that can be seen
	File               // a regular file, maybe behind symbolic links
	Folder             // a folder, maybe behind symbolic links
)

// An Observation is what a plugin saw at one path: everything there that its answer can depend on.
type Observation struct {
	// Path is slash-separated and relative to the root of the project.
	Path string
	// Kind is what was there. If nothing else is set, only the kind counts.
	Kind Kind
	// Read is how many bytes were read from the front of a file; Whole says that its end was seen.
	Read  int64
	Whole bool
	// Sized says that the size of a file was asked for.
	Sized bool
	// Listed says that the names in a folder were asked for.
	Listed bool
	// Sum is the SHA-256 of the bytes that were read, or of the names and kinds that were listed.
	Sum [sha256.Size]byte
	// Stamp was taken before the first byte was read. Settled says that a later change cannot have left it as
	// it is.
	Stamp   Stamp
	Settled bool
	// Loose says that the bytes cannot be compared again, since they changed meanwhile or were read in
	// pieces: only a settled stamp can prove them unchanged.
	Loose bool
}

// String describes the observation for a reader: "go.mod", "go.mod (absent)", "cmd/ (listed)", "main.go
// (first 512 bytes)".
func (o Observation) String() string {
	switch {
	case o.Kind == Absent:
		return o.Path + " (absent)"
	case o.Kind == Folder && o.Listed:
		return o.Path + "/ (listed)"
	case o.Kind == Folder:
		return o.Path + "/ (present)"
	case o.Whole || o.Loose:
		return o.Path
	case o.Read > 0:
		return fmt.Sprintf("%s (first %d bytes)", o.Path, o.Read)
	case o.Sized:
		return o.Path + " (size)"
	}
	return o.Path + " (present)"
}

// onlyKind reports whether only the kind counts.
func (o *Observation) onlyKind() bool {
	return o.Read == 0 && !o.Whole && !o.Sized && !o.Listed && !o.Loose
}
