package proof

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// A node is a file, a link or a folder.
type node struct {
	mode fs.FileMode // type and permissions
	text string      // the content of a file, the target of a link
}

func (n node) String() string {
	switch {
	case n.mode.IsDir():
		return "folder " + n.mode.Perm().String()
	case n.mode&fs.ModeSymlink != 0:
		return "link to " + n.text
	}
	return fmt.Sprintf("%s %q", n.mode.Perm(), n.text)
}

// A snapshot is everything below a folder by its path, but for what git keeps, and caches of tools.
type snapshot map[string]node

var unseen = []string{".git", "target", ".npm", ".cache", "__pycache__"}

// look takes a snapshot of a folder.
func look(dir string) (snapshot, error) {
	s := snapshot{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == dir {
			return err
		}
		if slices.Contains(unseen, d.Name()) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		n, err := lookAt(name, d)
		s[filepath.ToSlash(strings.TrimPrefix(name, dir+"/"))] = n
		return err
	})
	return s, err
}

func lookAt(name string, d fs.DirEntry) (n node, err error) {
	info, err := d.Info()
	if err != nil {
		return n, err
	}
	n.mode = info.Mode() & (fs.ModeType | fs.ModePerm)
	if n.mode.IsRegular() {
		data, err := os.ReadFile(name)
		n.text = string(data)
		return n, err
	}
	if n.mode&fs.ModeSymlink != 0 {
		n.mode = fs.ModeSymlink
		n.text, err = os.Readlink(name)
	}
	return n, err
}

// write makes a folder that the snapshot is of.
func (s snapshot) write(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(s)) {
		if err := s[name].write(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// age gives the files old times. Those that have just been written are read again by whoever compares times,
// and hide mistakes.
func (s snapshot) age(dir string) error {
	old := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, n := range s {
		if !n.mode.IsRegular() {
			continue
		}
		if err := os.Chtimes(filepath.Join(dir, name), old, old); err != nil {
			return err
		}
	}
	return nil
}

func (n node) write(name string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	switch {
	case n.mode&fs.ModeSymlink != 0:
		return os.Symlink(n.text, name)
	case n.mode.IsDir():
		if err := os.MkdirAll(name, 0o777); err != nil {
			return err
		}
	default:
		if err := writeFile(name, n.text); err != nil {
			return err
		}
	}
	return os.Chmod(name, n.mode.Perm())
}

// writeFile writes a file while no other test starts a program. That would have the file open for a moment,
// and a program that is open for writing cannot be run.
func writeFile(name, text string) error {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	return os.WriteFile(name, []byte(text), 0o666)
}

// split divides a snapshot into what is at or below some paths, and the rest.
func (s snapshot) split(paths []string) (in, rest snapshot) {
	in, rest = snapshot{}, snapshot{}
	for name, n := range s {
		if within(paths, name) {
			in[name] = n
		} else {
			rest[name] = n
		}
	}
	return in, rest
}

// of returns what is below a folder, by the path in it.
func (s snapshot) of(folder string) snapshot {
	below := snapshot{}
	for name, n := range s {
		if rest, is := strings.CutPrefix(name, folder+"/"); is {
			below[rest] = n
		}
	}
	return below
}

// with returns a snapshot with what another has at or below some paths, instead of its own.
func (s snapshot) with(other snapshot, paths []string) snapshot {
	in, _ := other.split(paths)
	_, rest := s.split(paths)
	maps.Copy(rest, in)
	return rest
}

// different returns the paths at which two snapshots are not the same.
func (s snapshot) different(other snapshot) (names []string) {
	for name, n := range s {
		if o, there := other[name]; !there || o != n {
			names = append(names, name)
		}
	}
	for name := range other {
		if _, there := s[name]; !there {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// show says what is at a path.
func (s snapshot) show(name string) string {
	if n, there := s[name]; there {
		return n.String()
	}
	return "nothing"
}

func within(paths []string, name string) bool {
	return slices.ContainsFunc(paths, func(p string) bool {
		p = path.Clean(p)
		return name == p || strings.HasPrefix(name, p+"/")
	})
}
