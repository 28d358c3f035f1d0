package tree

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// A Sum identifies what a file is: two files with equal sums are the same.
type Sum struct {
	// Hash is the SHA-256 of the content, or of the target of a symbolic link.
	Hash [sha256.Size]byte
	// Kind is "f" for a plain file, "x" for an executable one, "l" for a symbolic link.
	Kind byte
}

// String returns the hash in hexadecimal digits behind the kind: "f:2c26b4…".
func (s Sum) String() string { return string(s.Kind) + ":" + s.Hex() }

// Hex returns the hash in hexadecimal digits.
func (s Sum) Hex() string { return hex.EncodeToString(s.Hash[:]) }

// An Index remembers the sums of files by their stamps, so that only files that may have changed are read. As
// in git's index, a file that changed so shortly before it was read that a later change could leave the same
// stamp is not remembered. It may be used by several goroutines at once.
type Index struct {
	tree *Tree
	file string
	now  func() time.Time

	mu      sync.Mutex
	known   map[string]known // nil until read
	changed bool
}

// known is what the index remembers of a file.
type known struct {
	stamp Stamp
	sum   Sum
	used  bool // asked for since the index was read
}

// Index returns the index that is stored in a file outside of the project; an empty name stores none. A
// damaged file counts as none. The clock decides which changes are too recent to be remembered.
func (t *Tree) Index(file string, now func() time.Time) *Index {
	return &Index{tree: t, file: file, now: now}
}

// Hash returns the sums of files. A path without a file or symbolic link has no sum. A file that cannot be
// read, or of which the system does not say whether it exists, is an error.
func (x *Index) Hash(paths []string) (Snapshot, error) {
	looked, err := x.inspectAll(paths)
	if err != nil {
		return nil, err
	}
	sums := make(Snapshot, len(paths))
	x.mu.Lock()
	defer x.mu.Unlock()
	for i, l := range looked {
		if l.there {
			sums[paths[i]] = l.sum
		}
		x.learn(paths[i], l)
	}
	return sums, nil
}

// An inspection is what was found at one path.
type inspection struct {
	there   bool
	read    bool // read, since the index did not have it
	settled bool
	stamp   Stamp
	sum     Sum
	err     error
}

func (x *Index) inspectAll(paths []string) ([]inspection, error) {
	prior, looked := x.recall(paths), make([]inspection, len(paths))
	parallel(len(paths), func(i int) {
		looked[i] = x.inspect(paths[i], prior[i])
	})
	for i, l := range looked {
		if l.err != nil {
			return nil, fmt.Errorf("%q cannot be read: %w", paths[i], withoutPath(l.err))
		}
	}
	return looked, nil
}

func (x *Index) inspect(name string, k known) (l inspection) {
	info, err := os.Lstat(x.tree.path(name))
	switch {
	case isNotVisible(err):
		return inspection{}
	case err != nil:
		return inspection{err: err}
	case !info.Mode().IsRegular() && info.Mode()&fs.ModeSymlink == 0:
		return inspection{}
	}
	l.there, l.stamp, l.sum.Kind = true, stampOf(info), kindOf(info.Mode())
	if k.stamp == l.stamp && k.sum.Kind == l.sum.Kind {
		l.sum = k.sum
		return l
	}
	l.read = true
	now := x.now()
	l.sum.Hash, err = x.tree.content(name, l.sum.Kind)
	if errors.Is(err, fs.ErrNotExist) {
		return inspection{}
	}
	l.err = err
	after, err := os.Lstat(x.tree.path(name))
	l.settled = err == nil && stampOf(after) == l.stamp && l.stamp.settled(now)
	return l
}

func kindOf(mode fs.FileMode) byte {
	switch {
	case mode&fs.ModeSymlink != 0:
		return 'l'
	case mode&0o111 != 0:
		return 'x'
	}
	return 'f'
}

// content hashes a file or the target of a symbolic link. A path that leads out of the project counts as
// missing.
func (t *Tree) content(name string, kind byte) (sum [sha256.Size]byte, err error) {
	if kind == 'l' {
		target, err := t.root.Readlink(filepath.FromSlash(name))
		return sha256.Sum256([]byte(target)), absentIfOutside(err)
	}
	f, err := t.root.OpenFile(filepath.FromSlash(name), os.O_RDONLY|nonblock, 0)
	if err != nil {
		return sum, absentIfOutside(err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return sum, err
	}
	h.Sum(sum[:0])
	return sum, nil
}

// absentIfOutside returns fs.ErrNotExist for an error that means that a file is missing or outside of the
// project; it returns any other error as it is.
func absentIfOutside(err error) error {
	if isNotExist(err) || escapes(err) {
		return fs.ErrNotExist
	}
	return err
}

func withoutPath(err error) error {
	if wrapped, ok := errors.AsType[*fs.PathError](err); ok {
		return wrapped.Err
	}
	return err
}

// learn remembers what was found. The lock is held.
func (x *Index) learn(name string, l inspection) {
	k, ok := x.known[name]
	switch {
	case l.there && (!l.read || l.settled):
		x.changed = x.changed || l.read
		x.known[name] = known{stamp: l.stamp, sum: l.sum, used: true}
	case ok && k.stamp != l.stamp:
		x.changed = true
		delete(x.known, name)
	}
}

// StampOf returns the stamp of a file from the result of Stat.
func StampOf(info fs.FileInfo) Stamp { return stampOf(info) }
