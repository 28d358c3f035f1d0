package tree

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/davit-dev/davit/internal/regular"
)

// The kinds of a Sum.
const (
	KindFile       byte = 'f'
	KindExecutable byte = 'x'
	KindLink       byte = 'l'
	KindUnreadable byte = 'u' // a file that the user may not read; its hash is zero
)

// A Sum identifies what a file is: two files with equal sums are the same.
type Sum struct {
	// Hash is the SHA-256 of the content, or of the target of a symbolic link.
	Hash [sha256.Size]byte
	// Kind is one of the kinds above.
	Kind byte
	// Mode holds the permission bits of a file, as in chmod; 0 for a link.
	Mode uint16
}

// String returns the hash in hexadecimal digits behind the kind: "f:2c26b4…". It is the same on every machine,
// since it has of the mode only what git keeps.
func (s Sum) String() string { return string(s.Kind) + ":" + s.Hex() }

// Exact returns String with all bits of the mode in front: "644 f:2c26b4…".
func (s Sum) Exact() string { return strconv.FormatUint(uint64(s.Mode), 8) + " " + s.String() }

// same reports whether git would see no difference.
func (s Sum) same(other Sum) bool { return s.Hash == other.Hash && s.Kind == other.Kind }

// Hex returns the hash in hexadecimal digits.
func (s Sum) Hex() string { return hex.EncodeToString(s.Hash[:]) }

// An Index remembers the sums of files by their stamps, so that only files that may have changed are read. As
// in git's index, a file that changed so shortly before it was read that a later change could leave the same
// stamp is not remembered. It may be used by several goroutines at once.
type Index struct {
	tree *Tree
	file string
	now  func() time.Time
	ctx  context.Context // that ends reading; see Until

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
	return &Index{tree: t, file: file, now: now, ctx: context.Background()}
}

// Until makes Hash end with the error of a context when that ends, also in the middle of a large file. It is
// called before the first Hash.
func (x *Index) Until(ctx context.Context) { x.ctx = ctx }

// Hash returns the sums of files. A path without a file or symbolic link has no sum. A file of which the system
// does not say what it is, or whether it exists, is an error.
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

// Stamps returns what the file system says of files, without reading them. A path without a file or symbolic
// link has none.
func (t *Tree) Stamps(paths []string) map[string]Stamp {
	found, stamps := make([]Stamp, len(paths)), make(map[string]Stamp, len(paths))
	parallel(len(paths), func(i int) {
		if info, err := os.Lstat(t.path(paths[i])); err == nil {
			found[i] = stampOf(info)
		}
	})
	for i, name := range paths {
		if found[i] != (Stamp{}) {
			stamps[name] = found[i]
		}
	}
	return stamps
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
	l.there, l.stamp, l.sum = true, stampOf(info), sumOf(info.Mode())
	if k.stamp == l.stamp && k.sum.Kind == l.sum.Kind && k.sum.Mode == l.sum.Mode {
		l.sum = k.sum
		return l
	}
	l.read = true
	now := x.now()
	l.sum.Hash, err = x.tree.content(x.ctx, name, l.sum.Kind)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return inspection{}
	case errors.Is(err, fs.ErrPermission):
		l.sum.Kind = KindUnreadable
		return l
	}
	l.err = err
	after, err := os.Lstat(x.tree.path(name))
	l.settled = err == nil && stampOf(after) == l.stamp && l.stamp.settled(now)
	return l
}

// sumOf returns the sum of a file without its hash.
func sumOf(mode fs.FileMode) Sum {
	switch {
	case mode&fs.ModeSymlink != 0:
		return Sum{Kind: KindLink}
	case mode&0o111 != 0:
		return Sum{Kind: KindExecutable, Mode: Permissions(mode)}
	}
	return Sum{Kind: KindFile, Mode: Permissions(mode)}
}

// Permissions returns the permission bits of a mode, with those for another user, another group and sticky, as
// chmod counts them.
func Permissions(mode fs.FileMode) uint16 {
	bits := uint16(mode.Perm())
	for i, special := range []fs.FileMode{fs.ModeSticky, fs.ModeSetgid, fs.ModeSetuid} {
		if mode&special != 0 {
			bits |= 0o1000 << i
		}
	}
	return bits
}

// FileMode returns the mode that has these permission bits.
func FileMode(bits uint16) fs.FileMode {
	mode := fs.FileMode(bits & 0o777)
	for i, special := range []fs.FileMode{fs.ModeSticky, fs.ModeSetgid, fs.ModeSetuid} {
		if bits&(0o1000<<i) != 0 {
			mode |= special
		}
	}
	return mode
}

// content hashes a file or the target of a symbolic link. A path that leads out of the project counts as
// missing.
func (t *Tree) content(ctx context.Context, name string, kind byte) (sum [sha256.Size]byte, err error) {
	if kind == KindLink {
		target, err := t.root.Readlink(filepath.FromSlash(name))
		return sha256.Sum256([]byte(target)), absentIfOutside(err)
	}
	f, err := t.root.OpenFile(filepath.FromSlash(name), os.O_RDONLY|regular.NonBlock, 0)
	if err != nil {
		return sum, absentIfOutside(err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, interruptible{ctx, f}); err != nil {
		return sum, err
	}
	h.Sum(sum[:0])
	return sum, nil
}

// interruptible is a reader that ends when a context does.
type interruptible struct {
	ctx context.Context
	io.Reader
}

func (r interruptible) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(b)
}

// absentIfOutside returns fs.ErrNotExist for an error that means that a file is missing or outside of the
// project; it returns any other error as it is.
func absentIfOutside(err error) error {
	if isNotExist(err) || regular.Escapes(err) {
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
