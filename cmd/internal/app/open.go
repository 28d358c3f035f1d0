// Package app holds davit's use cases: load a project, resolve its targets, plan a run, run it, explain it.
//
// The order is always the same and each stage is data for the next: project.toml, the files, the plugins whose globs match
// them, their plans, the resolution of targets over these, one merged graph of steps. What --dry-run and explain print is
// the very data that runs.
package app

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins"
	"github.com/davit-dev/davit/plugins/plan"
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
	if err := p.load(ctx); err != nil {
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

func (p *Project) load(ctx context.Context) (err error) {
	if err := p.readConfig(); err != nil {
		return err
	}
	if p.Tree, err = tree.Open(p.Root.Dir, p.Config.Hide...); err != nil {
		return usage("", "%v", err)
	}
	listed := make(chan error, 1)
	go func() { listed <- p.list(ctx) }() // git takes as long as all that is read meanwhile
	modules, err := p.known()
	if err := errors.Join(<-listed, err); err != nil {
		return err
	}
	if err := p.ask(ctx, modules); err != nil {
		return err
	}
	p.resolve()
	settle(p.Resolution, p.Config)
	return p.circular()
}

// resolve finds who makes each target. What davit adds to the plans depends on that, so it may be done twice.
func (p *Project) resolve() {
	if pins, ok := p.pinOffer(); ok {
		p.Offers = append(p.Offers, pins)
	}
	p.Resolution = p.convention.Resolve(p.Offers)
	if p.publishing() {
		p.Resolution = p.convention.Resolve(p.Offers)
	}
	alsoPins(p.Resolution)
}

// known are the convention, and the plugins that there are for the project: the ones built in and the ones that project.toml
// brings.
func (p *Project) known() (modules []*plugins.Module, err error) {
	if p.convention, err = conventions.Load(p.Config.Convention); err != nil {
		return nil, p.Config.Fault([]string{"convention"}, "", "%v", err)
	}
	return p.modules()
}

// readConfig reads project.toml, or takes an empty one.
func (p *Project) readConfig() error {
	data, err := os.ReadFile(filepath.Join(p.Root.Dir, project.File))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return usage("", "%s cannot be read: %v", project.File, err)
	}
	p.HasFile = err == nil
	if p.Config, err = project.Parse(data); err != nil {
		return err
	}
	if p.Name = p.Config.Descriptor.Name; p.Name == "" {
		p.Name = filepath.Base(p.Root.Dir)
	}
	return p.globs()
}

// ask has every plugin that detects its stack answer, at the same time.
func (p *Project) ask(ctx context.Context, modules []*plugins.Module) error {
	modules = slices.DeleteFunc(modules, func(m *plugins.Module) bool { return !p.detects(m) })
	p.host = plugins.NewHost(plugins.Options{CacheDir: p.cacheDir("plugins"), Warn: p.Warn, Now: p.Streams.Now})
	var wait sync.WaitGroup
	answers, errs := make([]plugins.Answer, len(modules)), make([]error, len(modules))
	for i, m := range modules {
		wait.Go(func() { answers[i], errs[i] = p.answer(ctx, m) })
	}
	wait.Wait()
	for i, m := range modules {
		p.take(m, answers[i])
	}
	p.dropSilent()
	if own := ownOffer(p.Config); len(own.Plan.Targets) > 0 {
		p.Offers = append(p.Offers, own)
	}
	p.Trace("WebAssembly instances: %d", p.host.Instances())
	return errors.Join(errs...)
}

func (p *Project) answer(ctx context.Context, m *plugins.Module) (plugins.Answer, error) {
	r := plan.Request{API: plan.API, Project: plan.Project{Name: p.Name, Dir: "."}}
	if config := p.Config.Plugins[m.Manifest.Name].Config; config != nil {
		data, err := json.Marshal(config)
		if err != nil {
			return plugins.Answer{}, p.Config.Fault([]string{"plugins", m.Manifest.Name, "config"}, "", "%v", err)
		}
		r.Config = data
	}
	return p.host.Plan(ctx, m, p.Tree, r, p.granted(m.Manifest.Name))
}

func (p *Project) take(m *plugins.Module, a plugins.Answer) {
	if a.Plan == nil || !a.Plan.Match {
		return
	}
	p.Trace("%s answered from %s in %s", m.Manifest.Name, a.From, a.Took)
	p.answers[m.Manifest.Name] = a
	maps.DeleteFunc(a.Plan.Targets, func(name string, _ []string) bool { return project.Reserved(name) }) // it could not be called
	p.Offers = append(p.Offers, conventions.Offer{
		Provider: m.Manifest.Name, Authority: conventions.Authority(m.Manifest.Authority), Plan: a.Plan,
	})
}

// dropSilent leaves out the stacks that offer no target, where another one does: a script or two do not make a Python project.
func (p *Project) dropSilent() {
	silent := func(o conventions.Offer) bool { return len(o.Plan.Targets) == 0 }
	if !slices.ContainsFunc(p.Offers, func(o conventions.Offer) bool { return !silent(o) }) {
		return
	}
	p.Offers = slices.DeleteFunc(p.Offers, silent)
}

// granted are the variables that project.toml grants to a plugin, as NAME=value.
func (p *Project) granted(plugin string) (env []string) {
	for _, pair := range p.Environ {
		name, _, _ := strings.Cut(pair, "=")
		if slices.Contains(p.Config.Plugins[plugin].Grant.Env, name) {
			env = append(env, pair)
		}
	}
	return env
}

// modules are the plugins of the project, but for those that project.toml takes out.
func (p *Project) modules() ([]*plugins.Module, error) {
	all, err := plugins.Builtin()
	if err != nil {
		return nil, err
	}
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(p.Config.Plugins)) {
		m, err := p.module(name, all)
		if err != nil {
			faults = append(faults, err)
		} else if p.Config.Plugins[name].From != "" {
			all = append(slices.DeleteFunc(all, func(b *plugins.Module) bool { return b.Manifest.Name == name }), m)
		}
	}
	return slices.DeleteFunc(all, func(m *plugins.Module) bool {
		return p.Config.Plugins[m.Manifest.Name].Off
	}), errors.Join(faults...)
}

// module is the plugin that a table of project.toml speaks of.
func (p *Project) module(name string, builtin []*plugins.Module) (*plugins.Module, error) {
	if from := p.Config.Plugins[name].From; from != "" {
		m, err := plugins.Load(filepath.Join(p.Root.Dir, filepath.FromSlash(from)))
		if err != nil {
			return nil, p.Config.Fault([]string{"plugins", name, "from"}, "", "%v", err)
		}
		m.Manifest.Name = name // as everything in the project calls it
		return m, nil
	}
	var names []string
	for _, m := range builtin {
		names = append(names, m.Manifest.Name)
	}
	if !slices.Contains(names, name) {
		hint := "known are " + strings.Join(names, ", ") + "; from = \"FILE.wasm\" brings another"
		return nil, p.Config.Fault([]string{"plugins", name}, hint, "unknown plugin %q", name)
	}
	return nil, nil
}

func (p *Project) detects(m *plugins.Module) bool {
	return len(tree.Match(m.Manifest.Detect, p.files)) > 0
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
