package plugindev

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/plugins"
	"github.com/davit-dev/davit/plugins/plan"
)

// A TestReport is what a plugin answered about its fixtures.
type TestReport struct {
	Plugin   string    `json:"plugin"`
	Digest   string    `json:"digest"`
	Fixtures []Fixture `json:"fixtures"`
	// Reads are all reads of all fixtures.
	Reads []string `json:"reads"`
	// Hostile are projects that no author thinks of.
	Hostile []Hostile `json:"hostile"`
	// Asks are the permissions that the manifest asks for, and Unused those of them that no answer about a fixture depends on.
	Asks   []string `json:"asks"`
	Unused []string `json:"unused"`
}

// Failed reports whether a test failed.
func (r *TestReport) Failed() bool {
	return slices.ContainsFunc(r.Fixtures, func(f Fixture) bool { return f.State == Failed }) ||
		slices.ContainsFunc(r.Hostile, func(h Hostile) bool { return h.State == Failed })
}

// A TestRequest says what to test.
type TestRequest struct {
	// Plugin is a .wasm file, or the folder of a plugin that has been built.
	Plugin string
	// Fixtures is their folder; empty for testdata in the folder of the plugin.
	Fixtures string
	// Update writes the golden files, and tests no more than the fixtures.
	Update bool
}

// Test asks a plugin about each fixture and compares its answers with the golden files, or writes them. If all are right, it asks
// about hostile projects, and finds out which permissions the answers depend on.
func (Tools) Test(ctx context.Context, t TestRequest) (*TestReport, error) {
	m, err := open(t.Plugin)
	if err != nil {
		return nil, err
	}
	if t.Fixtures == "" {
		t.Fixtures = filepath.Join(folderOf(t.Plugin), "testdata")
	}
	names, err := fixtures(t.Fixtures)
	if err != nil {
		return nil, err
	}
	cache, err := os.MkdirTemp("", "davit-plugin-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(cache)
	h := plugins.NewHost(plugins.Options{CacheDir: cache})
	defer h.Close(ctx)
	r := &TestReport{Plugin: m.Manifest.Name, Digest: m.Digest, Asks: asks(m.Manifest.Permissions)}
	for _, name := range names {
		f := Fixture{Name: name}
		if err := f.run(ctx, h, m, filepath.Join(t.Fixtures, name), t.Update); err != nil {
			return nil, err
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		r.Fixtures = append(r.Fixtures, f)
	}
	r.sum()
	if t.Update || r.Failed() {
		return r, nil
	}
	return r, r.probe(ctx, h, m, t.Fixtures)
}

// probe asks a plugin about hostile projects, and finds out which permissions it uses. It is compiled first, since it is asked
// often.
func (r *TestReport) probe(ctx context.Context, h *plugins.Host, m *plugins.Module, dir string) (err error) {
	if err := h.Warm(ctx); err != nil {
		return err
	}
	if r.Hostile, err = testHostile(ctx, h, m, hostileCases(dir, r.Fixtures)); err != nil {
		return err
	}
	for _, name := range m.Manifest.Permissions.Env {
		if !slices.ContainsFunc(r.Fixtures, func(f Fixture) bool {
			return f.depends(ctx, h, m, filepath.Join(dir, f.Name), name)
		}) {
			r.Unused = append(r.Unused, readVariable+name)
		}
	}
	if m.Manifest.Permissions.WriteCI && !slices.ContainsFunc(r.Fixtures, func(f Fixture) bool { return f.writesPipelines() }) {
		r.Unused = append(r.Unused, writeCI)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// fixtures returns the names of the fixtures in a folder.
func fixtures(dir string) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if isFolder(filepath.Join(dir, e.Name(), projectFolder)) {
			names = append(names, e.Name())
		}
	}
	if len(names) == 0 {
		return nil, fault.Preconditionf("a fixture is a folder NAME with the files that the plugin sees in NAME/project",
			"there are no fixtures in %q", dir)
	}
	return names, err
}

// sum collects what all fixtures have read.
func (r *TestReport) sum() {
	reads := map[string]bool{}
	for _, f := range r.Fixtures {
		if f.answer == nil {
			continue
		}
		for _, read := range f.answer.Reads {
			reads[read] = true
		}
	}
	r.Reads = slices.Sorted(maps.Keys(reads))
}

// The permissions, for people.
const (
	readVariable = "read the variable "
	writeCI      = "write the files of pipelines"
)

// asks returns permissions for people.
func asks(p plugins.Permissions) (all []string) {
	for _, name := range p.Env {
		all = append(all, readVariable+name)
	}
	if p.WriteCI {
		all = append(all, writeCI)
	}
	return all
}

// writesPipelines reports whether a step of the plan writes the file of a pipeline.
func (f *Fixture) writesPipelines() bool {
	if f.answer == nil {
		return false
	}
	for _, s := range f.answer.Plan.Steps {
		if slices.ContainsFunc(s.Written(), plan.IsPipeline) {
			return true
		}
	}
	return false
}
