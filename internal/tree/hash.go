package tree

import "time"

// Sum is the SHA-256 of what is in a file: its bytes and whether it is executable, or the target of a symbolic link.
type Sum [32]byte

// Index remembers the hashes of files by what the file system says about them. It may be used by several goroutines at once.
type Index struct {
	tree *Tree
	file string
	now  func() time.Time
}

// Index returns the index that the file, outside the project, keeps; an empty name keeps nothing. A file that is damaged is as
// good as none.
func (t *Tree) Index(file string, now func() time.Time) *Index {
	return &Index{tree: t, file: file, now: now}
}

// Hash returns the hashes of files; what is not there, or is a folder, is not in the map. A file that cannot be read is an error.
func (x *Index) Hash(paths []string) (map[string]Sum, error) { return nil, nil }

// Save writes what was learnt since it was read, in one piece. An error leaves what was there.
func (x *Index) Save() error { return nil }
