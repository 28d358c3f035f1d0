package tree

import (
	"crypto/sha256"
	"fmt"
)

// Kind is what stands at a path.
type Kind uint8

// The kinds.
const (
	Absent Kind = iota // nothing that can be seen
	File               // a regular file, maybe behind symbolic links
	Folder             // a folder, maybe behind symbolic links
)

// Observation is one thing that a plugin saw: all that its answer can depend on about one path.
type Observation struct {
	// Path is slash-separated and relative to the root of the project.
	Path string
	// Kind is what stood there. With nothing else set, only that counts.
	Kind Kind
	// Read is how many bytes were read from the front of a file; Whole, that its end was seen.
	Read  int64
	Whole bool
	// Sized says that the size of a file was asked for.
	Sized bool
	// Listed says that the names in a folder were.
	Listed bool
	// Sum is the SHA-256 of the bytes that were read, or of the names and kinds that were listed.
	Sum [sha256.Size]byte
	// Stamp is of before the first byte was read. Settled says that a later change cannot have left it as it is.
	Stamp   Stamp
	Settled bool
	// Loose says that what was read cannot be looked at again, because it changed meanwhile or was read here and there: only
	// a settled stamp can prove it unchanged.
	Loose bool
}

// String says for a reader what was seen: "go.mod", "go.mod (absent)", "cmd/ (listed)", "main.go (first 512 bytes)".
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

// onlyKind tells whether only the kind counts.
func (o *Observation) onlyKind() bool {
	return o.Read == 0 && !o.Whole && !o.Sized && !o.Listed && !o.Loose
}
