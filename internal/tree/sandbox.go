package tree

import (
	"crypto/sha256"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"
)

const (
	maxLinks = 40   // symbolic links on the way to one file, before they count as a loop
	maxName  = 4096 // bytes of one path
)

// folds tells whether file systems of this system usually take "A" and "a" for one name.
const folds = runtime.GOOS == "windows" || runtime.GOOS == "darwin"

// normal brings globs into the form that hides compares with: no "/" at the end, and "**/" before a name without a slash.
func normal(globs []string) []string {
	var out []string
	for _, glob := range globs {
		bare := strings.TrimPrefix(strings.TrimRight(strings.TrimPrefix(glob, "./"), "/"), "/")
		bare = strings.TrimSuffix(bare, "/**")
		if !strings.Contains(strings.TrimRight(glob, "/"), "/") {
			bare = "**/" + bare
		}
		if folds {
			bare = strings.ToLower(bare)
		}
		out = append(out, bare)
	}
	return out
}

// hides tells whether plugins must not see the file or folder of that name, which stands in a folder that they do see.
func (t *Tree) hides(name string) bool {
	if secret(path.Base(name)) {
		return true
	}
	if folds {
		name = strings.ToLower(name)
	}
	return slices.ContainsFunc(t.hide, func(glob string) bool { return doublestar.MatchUnvalidated(glob, name) })
}

// hidden tells whether the name or any folder in it is hidden, or cannot be a name at all.
func (t *Tree) hidden(name string) bool {
	if !fs.ValidPath(name) || len(name) > maxName || !utf8.ValidString(name) {
		return true
	}
	for i, r := range name {
		if r == '/' && t.hides(name[:i]) {
			return true
		}
	}
	return name != "." && t.hides(name)
}

// secret tells whether a base name is one of git's own or of an .env file, in any spelling that a file system takes for it.
func secret(base string) bool {
	if base[0] != '.' && base[0] < utf8.RuneSelf { // most names, cheaply
		return runtime.GOOS == "windows" && aliased(base)
	}
	plain := strings.ToLower(strings.Map(visible, base))
	return plain == ".git" || strings.HasPrefix(plain, ".env") || runtime.GOOS == "windows" && aliased(base)
}

// visible drops the characters that some file systems ignore in names.
func visible(r rune) rune {
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

var shortName = regexp.MustCompile(`~[0-9]`)

// aliased tells whether Windows may take a name for another one: a short name, a stream, dots or spaces at the end.
func aliased(base string) bool {
	return shortName.MatchString(base) || strings.Contains(base, ":") || strings.TrimRight(base, ". ") != base
}

// walker finds what is behind names without ever passing a hidden folder, not even by a symbolic link. It remembers the
// folders that it found to be plain ones, and so must not be kept.
type walker struct {
	*Tree
	plain map[string]bool
}

func (t *Tree) walk() *walker { return &walker{Tree: t, plain: map[string]bool{".": true}} }

// resolve returns the name without symbolic links, and what is there: a regular file or a folder. Whatever else there is,
// and whatever a link out of the project points to, does not exist.
func (w *walker) resolve(name string) (real string, info fs.FileInfo, err error) {
	if w.hidden(name) {
		return "", nil, fs.ErrNotExist
	}
	at, links := hop{name: "."}, 0
	for rest := strings.Split(name, "/"); len(rest) > 0; {
		if at, err = w.step(at.name, rest[0]); err != nil {
			return "", nil, fs.ErrNotExist
		}
		rest = rest[1:]
		if at.target != "" {
			rest = append(strings.Split(at.target, "/"), rest...)
			links++
		}
		if links > maxLinks || len(rest) > maxName {
			return "", nil, fs.ErrNotExist
		}
	}
	if at.info == nil {
		at.info, err = w.lstat(at.name)
	}
	if err != nil || !at.info.IsDir() && !at.info.Mode().IsRegular() {
		return "", nil, fs.ErrNotExist
	}
	return at.name, at.info, nil
}

// hop is where one step led to.
type hop struct {
	name   string
	info   fs.FileInfo // nil where nobody looked
	target string      // of a symbolic link, which was not gone through yet
}

// step goes from a real folder to one name in it. For a symbolic link it stays and returns its target.
func (w *walker) step(dir, base string) (hop, error) {
	switch {
	case base == "" || base == ".":
		return hop{name: dir}, nil
	case base == ".." && dir == ".":
		return hop{}, fs.ErrNotExist
	case base == "..":
		return hop{name: path.Dir(dir)}, nil
	}
	next := path.Join(dir, base)
	if w.plain[next] {
		return hop{name: next}, nil
	}
	if w.hides(next) {
		return hop{}, fs.ErrNotExist
	}
	info, err := w.lstat(next)
	if err != nil {
		return hop{}, err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		target, err := w.readlink(next)
		return hop{name: dir, target: target}, err
	}
	if info.IsDir() {
		w.plain[next] = true
	}
	return hop{name: next, info: info}, nil
}

// lstat looks at a name of which every folder on the way is known to be a plain one. It goes by the path, at a third of what
// os.Root takes to open these folders again; nothing is read by it.
func (t *Tree) lstat(name string) (fs.FileInfo, error) {
	local, err := filepath.Localize(name)
	if err != nil {
		return nil, err
	}
	return os.Lstat(filepath.Join(t.dir, local))
}

// readlink returns where a symbolic link points to. An absolute target leaves the project, wherever it points to.
func (t *Tree) readlink(name string) (string, error) {
	target, err := t.root.Readlink(filepath.FromSlash(name))
	if err != nil || target == "" || filepath.IsAbs(target) || filepath.VolumeName(target) != "" {
		return "", fs.ErrNotExist
	}
	if target = filepath.ToSlash(target); target[0] == '/' {
		return "", fs.ErrNotExist
	}
	return target, nil
}

// open opens a file or folder by a name. It never waits, not even where somebody puts a FIFO in the place of a file meanwhile.
func (w *walker) open(name string) (f *os.File, info fs.FileInfo, real string, err error) {
	real, _, err = w.resolve(name)
	if err != nil {
		return nil, nil, "", err
	}
	f, err = w.root.OpenFile(filepath.FromSlash(real), os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, nil, "", fs.ErrNotExist
	}
	info, err = f.Stat()
	if err != nil || !info.IsDir() && !info.Mode().IsRegular() {
		f.Close()
		return nil, nil, "", fs.ErrNotExist
	}
	return f, info, real, nil
}

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
