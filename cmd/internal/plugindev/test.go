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
	// Asks are the permissions that the manifest asks for, and Unused those of them that no fixture needs.
	Asks   []string `json:"asks"`
	Unused []string `json:"unused"`
}

// Failed reports whether a fixture failed.
func (r *TestReport) Failed() bool {
	return slices.ContainsFunc(r.Fixtures, func(f Fixture) bool { return f.State == Failed })
}

// Test asks a plugin about each fixture in a folder and compares its answers with the golden files, or writes them. Without
// a folder, the fixtures are in testdata of that of the plugin.
func (Tools) Test(ctx context.Context, plugin, dir string, update bool) (*TestReport, error) {
	m, err := open(plugin)
	if err != nil {
		return nil, err
	}
	if dir == "" {
		dir = filepath.Join(folderOf(plugin), "testdata")
	}
	names, err := fixtures(dir)
	if err != nil {
		return nil, err
	}
	h := plugins.NewHost(plugins.Options{})
	defer h.Close(ctx)
	r := &TestReport{Plugin: m.Manifest.Name, Digest: m.Digest, Asks: asks(m.Manifest.Permissions)}
	for _, name := range names {
		f := Fixture{Name: name}
		if err := f.run(ctx, h, m, filepath.Join(dir, name), update); err != nil {
			return nil, err
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		r.Fixtures = append(r.Fixtures, f)
	}
	r.sum(m.Manifest.Permissions)
	return r, nil
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

// sum collects what all fixtures have read and used.
func (r *TestReport) sum(p plugins.Permissions) {
	reads, pipelines := map[string]bool{}, false
	for _, f := range r.Fixtures {
		for _, read := range f.reads {
			reads[read] = true
		}
		pipelines = pipelines || writesPipelines(f.plan)
	}
	r.Reads = slices.Sorted(maps.Keys(reads))
	if p.WriteCI && !pipelines {
		r.Unused = append(r.Unused, writeCI)
	}
}

// writeCI is the permission to write pipelines, for people.
const writeCI = "write the files of pipelines"

// asks returns permissions for people.
func asks(p plugins.Permissions) (all []string) {
	for _, name := range p.Env {
		all = append(all, "read the variable "+name)
	}
	if p.WriteCI {
		all = append(all, writeCI)
	}
	return all
}

// writesPipelines reports whether a step of a plan writes the file of a pipeline.
func writesPipelines(p *plan.Plan) bool {
	if p == nil {
		return false
	}
	for _, s := range p.Steps {
		if slices.ContainsFunc(s.Written(), plan.IsPipeline) {
			return true
		}
	}
	return false
}
