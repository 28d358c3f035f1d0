package tree

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/regular"
)

// The limits of Unlisted: more is not compared.
const (
	MaxUnlisted      = 5_000
	MaxUnlistedBytes = 200 << 20
)

// Unlisted are the files inside the project that Files leaves out and that the result of a step may depend on.
// Repositories' own data and the state of tools and editors are not among them.
type Unlisted struct {
	// Files are sorted. There are none if TooMany is set.
	Files []string
	// Environments are the folders of installed dependencies, sorted; their files are not among Files.
	Environments []string
	// TooMany is a folder with many of the files, if there are more than MaxUnlisted, or than MaxUnlistedBytes
	// bytes.
	TooMany string
}

// Unlisted returns the files that are there and that are not listed: those that git ignores, or outside of git
// those that a walk leaves out. Listed are the paths of Files, sorted. Files that the globs name do not count
// for the limits.
func (t *Tree) Unlisted(listed []string, named ...string) (*Unlisted, error) {
	s := &search{Tree: t, listed: listed, named: compile(named), helpers: make(chan struct{}, runtime.GOMAXPROCS(0)-1)}
	s.folder(".", "")
	s.helping.Wait()
	if s.found.TooMany != "" {
		s.found.Files = nil
	}
	slices.Sort(s.found.Files)
	slices.Sort(s.found.Environments)
	return &s.found, s.err
}

// A search compares what is in the folders of a project with what is listed.
type search struct {
	*Tree
	listed  []string
	named   matcher
	helpers chan struct{} // holds a value for each goroutine besides the first
	helping sync.WaitGroup

	mu    sync.Mutex
	found Unlisted
	files int
	bytes int64
	err   error
}

// folder searches a folder. Top is the first folder on the way to it in which nothing is listed, or "".
func (s *search) folder(dir, top string) {
	entries, err := s.readNames(dir)
	if err != nil {
		s.fail(dir, err)
		return
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		switch {
		case s.over():
			return
		case e.IsDir():
			s.enter(name, top)
		case e.Name() == ".git": // in a work tree and in a submodule it is a file
		case (e.Type().IsRegular() || e.Type()&fs.ModeSymlink != 0) && !toolFile(name):
			if _, listed := slices.BinarySearch(s.listed, name); !listed {
				s.add(name, top, e)
			}
		}
	}
}

// enter searches a folder, by another goroutine if one is free, unless its files are not wanted.
func (s *search) enter(name, top string) {
	listed := top == "" && below(s.listed, name)
	if !listed {
		top = cmp.Or(top, name)
	}
	switch s.classOf(name, !listed) {
	case toolState:
		return
	case environment:
		s.mu.Lock()
		defer s.mu.Unlock()
		s.found.Environments = append(s.found.Environments, name)
		return
	}
	select {
	case s.helpers <- struct{}{}:
		s.helping.Go(func() {
			s.folder(name, top)
			<-s.helpers
		})
	default:
		s.folder(name, top)
	}
}

// below reports whether a sorted list has a path below a folder.
func below(listed []string, dir string) bool {
	i, _ := slices.BinarySearch(listed, dir+"/")
	return i < len(listed) && strings.HasPrefix(listed[i], dir+"/")
}

// readNames lists a folder by its path, which takes one system call less for each folder above it than by the
// root. Nothing is read by what it returns.
func (t *Tree) readNames(dir string) ([]os.DirEntry, error) {
	f, err := os.OpenFile(t.path(dir), os.O_RDONLY|regular.NonBlock, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.ReadDir(-1)
}

func (s *search) over() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.found.TooMany != "" || s.err != nil
}

// fail notes an error. A folder that is gone meanwhile, or that the user may not read, has no files.
func (s *search) fail(dir string, err error) {
	if err = knownAbsent(err); err == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = cmp.Or(s.err, fmt.Errorf("the folder %q cannot be listed: %w", dir, withoutPath(err)))
}

// add adds a file or a link; what is gone meanwhile is left out.
func (s *search) add(name, top string, e fs.DirEntry) {
	info, err := e.Info()
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.found.Files = append(s.found.Files, name)
	if s.named.matches(name) {
		return
	}
	s.files, s.bytes = s.files+1, s.bytes+info.Size()
	if s.found.TooMany == "" && (s.files > MaxUnlisted || s.bytes > MaxUnlistedBytes) {
		s.found.TooMany = cmp.Or(top, path.Dir(name))
	}
}
