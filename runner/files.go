package runner

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"github.com/davit-dev/davit/internal/tree"
)

// Files are the files of a project, listed and hashed once for all Runners that share them.
type Files struct {
	tree     *tree.Tree
	index    *tree.Index
	outside  *outside
	mu       sync.Mutex
	view     *view
	uncapped []string // globs: ignored files that are never too many
	root     func() (*os.Root, error)
}

// NewFiles returns the files of a project. The file index, which may be empty, keeps hashes for the next run;
// now is the clock.
func NewFiles(t *tree.Tree, index string, now func() time.Time) *Files {
	return &Files{
		tree: t, index: t.Index(index, now), outside: newOutside(t.Dir(), index, now),
		root: sync.OnceValues(func() (*os.Root, error) { return os.OpenRoot(t.Dir()) }),
	}
}

// Listed sets the files to a listing that the caller has just made.
func (f *Files) Listed(entries []tree.Entry) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.view = f.newView(entries)
}

// Until ends the reading of files when a context ends.
func (f *Files) Until(ctx context.Context) {
	f.index.Until(ctx)
	f.outside.ctx = ctx
}

// Named sets globs of ignored files that somebody has named: as outputs, or to be ignored. They do not count for
// the limits from which results are not kept.
func (f *Files) Named(globs []string) { f.uncapped = globs }

// LookAhead begins to look for the files that git ignores, which the first step needs.
func (f *Files) LookAhead() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.view != nil {
		go f.view.ignored()
	}
}

// Close writes the indexes. An error only makes the next run slower.
func (f *Files) Close() error { return errors.Join(f.index.Save(), f.outside.close()) }

// A view is a listing of the files. It is valid until a step may have made others.
type view struct {
	names []string
	// guarded are the files that no step of effect "reads" may change.
	guarded []string
	// inner are those of them that are in repositories inside of the project.
	inner   map[string]bool
	git     bool
	ignored func() (*ignored, error)
	mu      sync.Mutex
	sums    tree.Snapshot
	reached map[string]reached // folders outside of the project
	// settings are the sums of files by the setting that stands for them.
	settings map[string]map[string]string
	// installed are the stamps of environments, by the step that provides them.
	installed map[string]string
	// unsaved are the contents of guarded files that git does not have, read once.
	unsaved     map[string][]byte
	readUnsaved sync.Once
}

// now returns the current view; it lists the files if there is none.
func (f *Files) now(ctx context.Context) (*view, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.view != nil {
		return f.view, nil
	}
	entries, err := f.tree.Files(ctx)
	if err != nil {
		return nil, err
	}
	f.view = f.newView(entries)
	return f.view, nil
}

func (f *Files) newView(entries []tree.Entry) *view {
	v := &view{names: make([]string, len(entries)), sums: tree.Snapshot{}, reached: map[string]reached{},
		settings: map[string]map[string]string{}, installed: map[string]string{}, inner: map[string]bool{}}
	for i, e := range entries {
		v.names[i] = e.Path
		v.git = v.git || e.Tracked && e.Repository == ""
		if e.Tracked {
			v.guarded = append(v.guarded, e.Path)
		}
		if e.Tracked && e.Repository != "" {
			v.inner[e.Path] = true
		}
	}
	if !v.git {
		v.guarded = v.names
	}
	v.ignored = f.ignoredOnce(v.names)
	return v
}

// changed drops the view, since a step may have changed or made files.
func (f *Files) changed() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.view = nil
}

// hash returns the sums of files in the view. Each file is hashed once.
func (f *Files) hash(v *view, names []string) (tree.Snapshot, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	var unknown []string
	for _, name := range names {
		if _, ok := v.sums[name]; !ok {
			unknown = append(unknown, name)
		}
	}
	found, err := f.index.Hash(unknown)
	if err != nil {
		return nil, err
	}
	for name, sum := range found {
		v.sums[name] = sum
	}
	sums := make(tree.Snapshot, len(names))
	for _, name := range names {
		if sum, ok := v.sums[name]; ok {
			sums[name] = sum
		}
	}
	return sums, nil
}
