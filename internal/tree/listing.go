package tree

import (
	"crypto/sha256"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// An entry is one name in a folder. A symbolic link is listed if it leads to something that a plugin may see.
type entry struct {
	name string
	kind fs.FileMode // fs.ModeDir, fs.ModeSymlink or 0
}

// list returns what a plugin may see in a folder, sorted, with a hash. The name has no symbolic links. A
// folder that is missing, or that the user may not read, is empty.
func (w *walker) list(real string) (entries []entry, sum [sha256.Size]byte, err error) {
	found, err := w.readFolder(real)
	if err != nil {
		if !IsUnknown(err) {
			err = nil
		}
		return nil, sum, err
	}
	for _, e := range found {
		kind, ok, err := w.shows(path.Join(real, e.Name()), e.Type())
		if err != nil {
			return nil, sum, err
		}
		if ok {
			entries = append(entries, entry{e.Name(), kind})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	return entries, hashEntries(entries), nil
}

func (w *walker) shows(name string, kind fs.FileMode) (shown fs.FileMode, ok bool, err error) {
	if !fs.ValidPath(name) || w.hides(name) {
		return 0, false, nil
	}
	switch {
	case kind&fs.ModeSymlink != 0:
		_, _, err := w.resolve(name)
		if errors.Is(err, fs.ErrNotExist) {
			return 0, false, nil
		}
		return fs.ModeSymlink, err == nil, err
	case kind.IsDir():
		return fs.ModeDir, true, nil
	}
	return 0, kind.IsRegular(), nil
}

func hashEntries(entries []entry) [sha256.Size]byte {
	h := sha256.New()
	for _, e := range entries {
		h.Write([]byte(e.name))
		h.Write([]byte{0, byte(e.kind >> 24)})
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// linked reports whether a listing depends on more than the folder itself.
func linked(entries []entry) bool {
	return slices.ContainsFunc(entries, func(e entry) bool { return e.kind == fs.ModeSymlink })
}
