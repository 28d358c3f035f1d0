package dependencies

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/packagetest"
)

// A place has what all worlds of a manager share: its registry, its program and the lock files.
type place struct {
	t        *testing.T
	manager  manager
	dir      string
	registry *packagetest.Server
	locks    map[string]files
}

// A state is the version of mast and the packages that a lock file has.
type state struct {
	version  string
	packages []string
}

func (s state) String() string { return s.version + " " + strings.Join(s.packages, " ") }

// at returns the state with one version of mast and nothing else.
func at(version string) state { return state{version, []string{mast}} }

// The other states.
var (
	both    = state{good, []string{mast, rope}}
	without = state{good, []string{rope}}
	empty   = state{good, nil}
	linted  = state{good, []string{mast, linter.Name}}
)

func newPlace(t *testing.T, m manager) *place {
	t.Helper()
	m.needTools(t)
	p := &place{t: t, manager: m, dir: t.TempDir(), locks: map[string]files{}}
	if m.program != nil {
		m.program.Link(t, p.bin())
	}
	t.Cleanup(func() { makeWritable(p.dir) })
	p.registry = m.registry(t, packagetest.Options{})
	p.offer(good, bad)
	return p
}

// bin returns the folder of PATH with the manager.
func (p *place) bin() string { return filepath.Join(p.dir, "bin") }

// offer makes the registry have these versions of mast, and rope.
func (p *place) offer(versions ...string) {
	for _, more := range p.manager.more {
		p.registry.Remove(more.Name, more.Version)
	}
	for _, name := range []string{mast, rope} {
		for _, v := range []string{good, bad, gone} {
			p.registry.Remove(p.manager.module(name, v).Name, v)
		}
	}
	p.registry.Add(p.manager.module(rope, good))
	p.registry.Add(p.manager.more...)
	for _, v := range versions {
		p.registry.Add(p.manager.module(mast, v))
	}
}

// project returns the files of the project in a state, with its lock files. The manager makes them in an empty
// home, when the registry has no other version.
func (p *place) project(t *testing.T, s state) files {
	t.Helper()
	all := p.manager.files(p.registry.URL, s.version, s.packages)
	if p.locks[s.String()] == nil {
		p.locks[s.String()] = p.lock(t, s, all)
	}
	for name, text := range p.locks[s.String()] {
		all[name] = text
	}
	return all
}

// ahead returns the project with a manifest that is ahead of the lock file.
func (p *place) ahead(t *testing.T) files {
	t.Helper()
	s := p.manager.ahead
	all, locked := p.manager.files(p.registry.URL, s.version, s.packages), p.project(t, at(good))
	for _, name := range p.manager.lockFiles {
		if _, isManifest := all[name]; !isManifest {
			all[name] = locked[name]
		}
	}
	return all
}

// lock runs the manager to make the lock files of a state.
func (p *place) lock(t *testing.T, s state, all files) files {
	t.Helper()
	p.offer(s.version)
	defer p.offer(good, bad)
	w := p.emptyWorld(t)
	w.write(t, all)
	if code, said := w.run(t, w.project(), nil, "sh", "-ec", p.manager.lock); code != 0 {
		t.Fatalf("%s: %s", p.manager.lock, said)
	}
	made := files{}
	for _, name := range p.manager.lockFiles {
		text, err := os.ReadFile(filepath.Join(w.project(), name))
		if err != nil && len(s.packages) > 0 {
			t.Fatal(err)
		}
		made[name] = string(text)
	}
	return made
}

// emptyWorld returns a world whose project has no files.
func (p *place) emptyWorld(t *testing.T) *world {
	t.Helper()
	dir, err := os.MkdirTemp(p.dir, "world-")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{place: p, dir: dir}
	for _, d := range []string{w.project(), w.home()} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	w.makeStore(t)
	return w
}

// newWorld returns a world whose project is in the good state, and whose environment davit has filled.
func (p *place) newWorld(t *testing.T) *world {
	t.Helper()
	w := p.emptyWorld(t)
	w.write(t, p.project(t, at(good)))
	w.git(t, "init", "-q")
	w.git(t, "add", "-A")
	w.git(t, "commit", "-qm", "first")
	if v, said := w.davit(t, nil); v != green {
		t.Fatalf("the first run is %s:\n%s", v, said)
	}
	return w
}

// makeWritable lets a folder be removed: the go command makes modules read-only.
func makeWritable(dir string) {
	_ = filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			return os.Chmod(name, 0o700)
		}
		return nil
	})
}

// clone returns the names of the files of a project that a clean clone has.
func (w *world) clone(t *testing.T) []string {
	t.Helper()
	names := strings.Split(w.git(t, "ls-files", "-co", "--exclude-standard"), "\n")
	return slices.DeleteFunc(names, func(name string) bool { return name == "" })
}
