package tree

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"time"
)

// Limits of one recording, which bound the cost of a plugin that looks for every path it can think of.
const (
	maxSeen  = 32 << 20 // bytes of paths, with a hundred for each
	maxFiles = 256      // files open at once
)

// Errors of plugins that ask for too much.
var (
	ErrTooMuch = errors.New("looked at more paths than a plugin may")
	errTooMany = errors.New("too many open files")
)

// A Recorder is the project as a plugin sees it: a read-only fs.FS that records what it is asked. Hidden
// files, devices, FIFOs, sockets and links that lead out of the project are absent, in listings too; there
// are no times and no permissions.
//
// Opening a file records that it exists, and no more. Other properties are recorded when they are asked for:
// the bytes when they are read, the size when FileInfo.Size is called, the names when a folder is listed.
type Recorder struct {
	mu   sync.Mutex
	walk *walker
	now  time.Time
	seen map[string]*sighting
	cost int
	open int
	over bool
	err  error // the first one that left open what is at a path
}

// Record begins a recording. Now is the time of the system's clock. A zero time is right too, but makes
// Unchanged look at everything again.
func (t *Tree) Record(now time.Time) *Recorder {
	return &Recorder{walk: t.walk(), now: now, seen: map[string]*sighting{}}
}

// Open opens a file or folder.
func (r *Recorder) Open(name string) (fs.File, error) {
	f, err := r.OpenFile(name)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// OpenFile is Open with the concrete type.
func (r *Recorder) OpenFile(name string) (*Handle, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open >= maxFiles {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errTooMany}
	}
	if r.walk.hidden(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	s := r.at(name)
	if r.over {
		return nil, &fs.PathError{Op: "open", Path: name, Err: ErrTooMuch}
	}
	f, info, real, err := r.walk.open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.miss()
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	case err != nil:
		r.fail(s, err)
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	s.opened(info, r.now)
	r.open++
	return &Handle{r: r, file: f, name: name, real: real, dir: info.IsDir(), sight: s}, nil
}

// Stat describes what is at a path. Its size is recorded when FileInfo.Size is called.
func (r *Recorder) Stat(name string) (fs.FileInfo, error) {
	f, err := r.OpenFile(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Stat()
}

// ReadDir lists a folder, sorted by name.
func (r *Recorder) ReadDir(name string) ([]fs.DirEntry, error) {
	f, err := r.OpenFile(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.ReadDir(-1)
}

// fail notes that the system did not say what is at a path. No answer of the plugin is reliable then.
func (r *Recorder) fail(s *sighting, err error) {
	s.distrust()
	if r.err == nil {
		r.err = fmt.Errorf("%q cannot be read: %w", s.Path, withoutPath(err))
	}
}

// Observations returns everything that was seen so far, sorted by path. The error is ErrTooMuch, or says that
// something could not be read that may exist, as with too many open files.
func (r *Recorder) Observations() ([]Observation, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.over {
		return nil, ErrTooMuch
	}
	if r.err != nil {
		return nil, r.err
	}
	out := make([]Observation, 0, len(r.seen))
	for _, s := range r.seen {
		out = append(out, s.observation())
	}
	slices.SortFunc(out, func(a, b Observation) int { return cmp.Compare(a.Path, b.Path) })
	return out, nil
}

// at returns the sighting of a path.
func (r *Recorder) at(name string) *sighting {
	s := r.seen[name]
	if s != nil {
		return s
	}
	s = &sighting{Observation: Observation{Path: name}}
	if r.cost += len(name) + 100; r.cost > maxSeen {
		r.over = true
		return s
	}
	r.seen[name] = s
	return s
}
