package tree

import (
	"crypto/sha256"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// entry is one name in a folder. A symbolic link is shown as one where it leads to something that can be seen.
type entry struct {
	name string
	kind fs.FileMode // fs.ModeDir, fs.ModeSymlink or 0
}

// list returns what can be seen in a real folder, sorted, with the hash of it. A folder that cannot be read is empty.
func (w *walker) list(real string) (entries []entry, sum [sha256.Size]byte) {
	f, err := w.root.OpenFile(filepath.FromSlash(real), os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, sum
	}
	defer f.Close()
	found, err := f.ReadDir(-1)
	if err != nil {
		return nil, sum
	}
	for _, e := range found {
		if kind, ok := w.shows(path.Join(real, e.Name()), e.Type()); ok {
			entries = append(entries, entry{e.Name(), kind})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	return entries, hashEntries(entries)
}

func (w *walker) shows(name string, kind fs.FileMode) (fs.FileMode, bool) {
	if !fs.ValidPath(name) || w.hides(name) {
		return 0, false
	}
	switch {
	case kind&fs.ModeSymlink != 0:
		_, _, err := w.resolve(name)
		return fs.ModeSymlink, err == nil
	case kind.IsDir():
		return fs.ModeDir, true
	}
	return 0, kind.IsRegular()
}

func hashEntries(entries []entry) [sha256.Size]byte {
	h := sha256.New()
	for _, e := range entries {
		h.Write([]byte(e.name))
		h.Write([]byte{0, byte(e.kind >> 24)})
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// linked tells whether a listing depends on more than the folder itself.
func linked(entries []entry) bool {
	return slices.ContainsFunc(entries, func(e entry) bool { return e.kind == fs.ModeSymlink })
}
