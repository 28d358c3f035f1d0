// Package app holds davit's use cases: load a project, resolve its targets, plan a run, run it, explain it.
//
// The order is always the same and each stage is data for the next: project.toml, the files, the plugins whose globs match
// them, their plans, the resolution of targets over these, one merged graph of steps. What --dry-run and explain print is
// the very data that runs.
package app

import (
	"context"
	"os"
	"sync"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins"
	"github.com/davit-dev/davit/runner"
)

// Options is what davit was called with, and in.
type Options struct {
	// Dir is where davit was called.
	Dir string
	// Environ is the environment of the caller as NAME=value.
	Environ []string
	// Cache is the folder for what davit remembers between runs; empty for none.
	Cache   string
	Streams *ui.Streams
	// Engine is the container engine; nil where none is linked in.
	Engine runner.Engine
	// OpenServices opens Compose services for a run; nil where no engine is linked in.
	OpenServices func(context.Context, *Project, ServicesRequest) (Services, error)
	// Offline refuses whatever would need the network.
	Offline bool
	// Warn tells of what stops nothing.
	Warn func(text string)
	// Trace tells what davit did, for --verbose.
	Trace func(format string, args ...any)
}

// Project is a project as far as it has been read: every plugin that knows it has answered, nothing has been run.
type Project struct {
	Options
	Root Root
	Name string
	// HasFile tells whether there is a project.toml.
	HasFile    bool
	Config     *project.Project
	Tree       *tree.Tree
	Offers     []conventions.Offer
	Resolution *conventions.Resolution

	// timeless has images say nothing of the commit, so that a commit that changes nothing of an image does not make another one. The
	// release says which commit it is of.
	timeless   bool
	convention *conventions.Convention
	entries    []tree.Entry // all files; nil where nothing marks a project
	files      []string     // of the project, but for what project.toml hides
	answers    map[string]plugins.Answer
	host       *plugins.Host
}

// Open reads the project that a folder belongs to.
func Open(ctx context.Context, o Options) (*Project, error) {
	o.Warn = once(o.Warn)
	p := &Project{Options: o, Root: FindRoot(o.Dir), answers: map[string]plugins.Answer{}}
	if !isDir(o.Dir) {
		return nil, usage("", "there is no folder %q", o.Dir)
	}
	if err := (loader{p}).load(ctx); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// once lets one warning through: what cannot be written in the cache is several things, and the reason is the same.
func once(warn func(string)) func(string) {
	var first sync.Once
	return func(text string) { first.Do(func() { warn(text) }) }
}

// Close gives back what the project holds open.
func (p *Project) Close() {
	if p.host != nil {
		p.host.Close(context.Background())
	}
	if p.Tree != nil {
		p.Tree.Close()
	}
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
