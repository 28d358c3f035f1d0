package plugindev

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins"
	"github.com/davit-dev/davit/plugins/plan"
)

// A Question is one request to a plugin.
type Question struct {
	// Plugin is a .wasm file, or the folder of a plugin that has been built.
	Plugin string
	// Project is the folder that the plugin sees, and Name the name of the project.
	Project, Name string
	// Config is the configuration as JSON; nil is none.
	Config json.RawMessage
	// Env are the variables that the project grants, as NAME=value.
	Env []string
}

// An Answer is what a plugin answered, and what that depends on.
type Answer struct {
	// Plugin is the name of the plugin, and Digest that of its file.
	Plugin string `json:"plugin"`
	Digest string `json:"digest"`
	// Detected says that a file of the project matches the globs of the manifest. Without one, davit does not ask.
	Detected bool `json:"detected"`
	// Plan is the answer.
	Plan *plan.Plan `json:"plan"`
	// Reads are the files that were read, the folders that were listed, and what was looked for in vain.
	Reads []string `json:"reads"`
	// Milliseconds is how long it took, with the start of a process and the loading of the module.
	Milliseconds int64 `json:"milliseconds"`
	// Said is what the plugin wrote to standard error.
	Said string `json:"said,omitempty"`

	observed []tree.Observation
}

// Run asks a plugin once.
func (Tools) Run(ctx context.Context, q Question) (*Answer, error) {
	m, err := open(q.Plugin)
	if err != nil {
		return nil, err
	}
	h := plugins.NewHost(plugins.Options{})
	defer h.Close(ctx)
	return ask(ctx, h, m, q)
}

// ask asks a plugin once.
func ask(ctx context.Context, h *plugins.Host, m *plugins.Module, q Question) (*Answer, error) {
	project, err := tree.Open(q.Project)
	if err != nil {
		return nil, fault.Preconditionf("", "the project %q cannot be opened: %v", q.Project, err)
	}
	defer project.Close()
	detected, err := detects(ctx, m, project)
	if err != nil {
		return nil, err
	}
	a, err := h.Plan(ctx, m, project, plan.Request{API: plan.API, Project: plan.Project{Name: q.Name, Dir: "."},
		Config: q.Config}, q.Env)
	if err != nil {
		return nil, err
	}
	return &Answer{Plugin: m.Manifest.Name, Digest: m.Digest, Detected: detected, Plan: a.Plan,
		Reads: described(a.Reads), Milliseconds: int64(a.Took / time.Millisecond), Said: a.Said,
		observed: a.Reads}, nil
}

// detects reports whether a file of a project matches the globs of a plugin.
func detects(ctx context.Context, m *plugins.Module, t *tree.Tree) (bool, error) {
	entries, err := t.Files(ctx)
	var files []string
	for _, e := range entries {
		files = append(files, e.Path)
	}
	return len(tree.Match(m.Manifest.Detect, files)) > 0, err
}

// described returns reads for people, sorted.
func described(reads []tree.Observation) (all []string) {
	for _, r := range reads {
		all = append(all, r.String())
	}
	slices.Sort(all)
	return all
}
