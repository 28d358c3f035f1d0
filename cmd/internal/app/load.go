package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	goruntime "runtime"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins"
	"github.com/davit-dev/davit/plugins/plan"
)

// A loader reads a project: project.toml, the files, the plugins whose globs match them, their plans, and who
// makes each target.
type loader struct{ *Project }

func (l loader) load(ctx context.Context) (err error) {
	if err := l.readConfig(); err != nil {
		return err
	}
	if err := l.openConvention(); err != nil {
		return err
	}
	if l.Tree, err = tree.Open(l.Root.Dir, l.Config.Hide...); err != nil {
		return usage("", "%v", err)
	}
	l.Tree.LimitWalk(l.walkLimit())
	listed := make(chan error, 1)
	go func() { listed <- l.list(ctx) }() // git takes as long as all other reading
	modules, err := l.modules()
	if err := errors.Join(<-listed, err); err != nil {
		return err
	}
	l.warnRefused()
	if err := l.askPlugins(ctx, modules); err != nil {
		return err
	}
	l.warnUnknown()
	l.resolve()
	applyConfig(l.Resolution, l.Config)
	if err := cmp.Or(l.checkParts(), l.checkCycles()); err != nil {
		return err
	}
	l.nameOtherSystems()
	l.reserveCommands()
	l.addJoined()
	return nil
}

// resolve finds the providers of each target. What davit adds to the plans depends on the result, so it may
// run twice.
func (l loader) resolve() {
	l.Resolution = l.convention.Resolve(l.Offers)
	if l.addPublish() {
		l.Resolution = l.convention.Resolve(l.Offers)
	}
	l.explainFailures()
}

// explainFailures adds to each target the failed plugins that may be a part of it.
func (l loader) explainFailures() {
	for i, t := range l.Resolution.Targets {
		for _, f := range l.FailuresOf(t) {
			t.Why = append(t.Why, f.Plugin+": it failed, so what it offers is not known")
		}
		l.Resolution.Targets[i].Why = t.Why
	}
}

// readConfig reads project.toml; a missing file counts as empty.
func (l loader) readConfig() error {
	data, err := regular.ReadInside(l.Root.Dir, project.File, regular.Config)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return usage("", "%s cannot be read: %s", project.File, regular.Reason(err))
	}
	l.HasFile = err == nil
	if l.Config, err = project.Parse(data); err != nil {
		return err
	}
	l.otherSystems = l.Config.KeepSystem(goruntime.GOOS)
	if l.Name = l.Config.Descriptor.Name; l.Name == "" {
		l.Name = filepath.Base(l.Root.Dir)
	}
	return l.checkGlobs()
}

// askPlugins asks every plugin that detects its stack, at the same time.
func (l loader) askPlugins(ctx context.Context, modules []*plugins.Module) error {
	modules = slices.DeleteFunc(modules, func(m *plugins.Module) bool { return !l.detects(m) })
	l.host = plugins.NewHost(plugins.Options{CacheDir: l.cacheDir(pluginsDir), Warn: l.Warn,
		Now: l.Streams.Now, Entries: l.walkLimit()})
	var wait sync.WaitGroup
	answers, errs := make([]plugins.Answer, len(modules)), make([]error, len(modules))
	for i, m := range modules {
		wait.Go(func() { answers[i], errs[i] = l.answer(ctx, m) })
	}
	wait.Wait()
	for i, m := range modules {
		l.addAnswer(m, answers[i])
		errs[i] = l.addFailure(m.Manifest.Name, conventions.Authority(m.Manifest.Authority), errs[i])
	}
	slices.SortFunc(l.Failures, func(a, b Failure) int { return cmp.Compare(a.Plugin, b.Plugin) })
	l.dropWithoutTargets()
	l.addUserTargets()
	if own := ownOffer(l.Config, l.personal); len(own.Plan.Targets) > 0 {
		l.Offers = append(l.Offers, own)
	}
	l.Trace("WebAssembly instances: %d", l.host.Instances())
	return errors.Join(errs...)
}

func (l loader) answer(ctx context.Context, m *plugins.Module) (plugins.Answer, error) {
	r := plan.Request{API: plan.API, Project: plan.Project{Name: l.Name, Dir: "."}}
	if config := l.Config.Plugins[m.Manifest.Name].Config; config != nil {
		data, err := json.Marshal(config)
		if err != nil {
			return plugins.Answer{}, l.Config.Fault([]string{"plugins", m.Manifest.Name, "config"}, "", "%v",
				err)
		}
		r.Config = data
	}
	a, err := l.host.Plan(ctx, m, l.Tree, r, l.granted(m.Manifest.Name))
	if err == nil && a.Plan != nil {
		err = l.permitted(m, a.Plan)
	}
	if err != nil {
		return plugins.Answer{}, err
	}
	return a, nil
}

func (l loader) addAnswer(m *plugins.Module, a plugins.Answer) {
	l.warnSaid(m.Manifest.Name, a.Said)
	if a.Plan == nil || !a.Plan.Match {
		return
	}
	l.Trace("%s answered from %s in %s", m.Manifest.Name, a.From, a.Took)
	l.reservations[m.Manifest.Name] = l.reserved(m)
	l.answers[m.Manifest.Name], l.detect = a, append(l.detect, m.Manifest.Detect...)
	hideReserved(m.Manifest.Name, a.Plan)
	l.Offers = append(l.Offers, conventions.Offer{
		Provider: m.Manifest.Name, Authority: conventions.Authority(m.Manifest.Authority), Plan: a.Plan,
	})
}

// warnSaid adds a warning for each line that a plugin wrote to standard error.
func (l loader) warnSaid(plugin, said string) {
	for _, line := range plugins.SaidLines(said) {
		l.Warnings = append(l.Warnings, Warning{Text: plugin + ": " + line})
	}
}

// hideReserved takes the targets out of a plan that have the names of davit's own commands, since they could
// not be run, and says so in its decisions.
func hideReserved(provider string, p *plan.Plan) {
	var hidden []string
	for _, name := range slices.Sorted(maps.Keys(p.Targets)) {
		if project.Reserved(name) {
			hidden = append(hidden, name)
			delete(p.Targets, name)
		}
	}
	if len(hidden) > 0 {
		p.Decisions = append(p.Decisions,
			fmt.Sprintf("davit has its own command for these targets of %s, so it does not run them: %s",
				provider, text.And(hidden)))
	}
}

// dropWithoutTargets removes the stacks that offer no target, if another one does: a script or two do not
// make a Python project.
func (l loader) dropWithoutTargets() {
	silent := func(o conventions.Offer) bool { return len(o.Plan.Targets) == 0 }
	if !slices.ContainsFunc(l.Offers, func(o conventions.Offer) bool { return !silent(o) }) {
		return
	}
	l.Offers = slices.DeleteFunc(l.Offers, silent)
}

// granted returns the variables that project.toml grants to a plugin, as NAME=value.
func (l loader) granted(plugin string) (env []string) {
	for _, pair := range l.Environ {
		name, _, _ := strings.Cut(pair, "=")
		if slices.Contains(l.Config.Plugins[plugin].Grant.Env, name) {
			env = append(env, pair)
		}
	}
	return env
}

// modules returns the plugins of the project without those that project.toml turns off.
func (l loader) modules() ([]*plugins.Module, error) {
	all, err := plugins.Builtin()
	if err != nil {
		return nil, err
	}
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(l.Config.Plugins)) {
		if p := l.Config.Plugins[name]; p.Off && p.From != "" { // which need not be there then
			continue
		}
		m, err := l.module(name, all)
		faults = append(faults, l.addFailure(name, conventions.Explicit, err)) // of no known authority
		if l.Config.Plugins[name].From != "" {
			all = slices.DeleteFunc(all, func(b *plugins.Module) bool { return b.Manifest.Name == name })
		}
		if m != nil {
			all = append(all, m)
		}
	}
	return slices.DeleteFunc(all, func(m *plugins.Module) bool {
		return l.Config.Plugins[m.Manifest.Name].Off
	}), errors.Join(faults...)
}

// module returns the plugin that a table of project.toml adds; nil for a built-in one.
func (l loader) module(name string, builtin []*plugins.Module) (*plugins.Module, error) {
	if brought, is := l.brought[name]; is && brought.Archived() {
		data, err := brought.File()
		if err != nil {
			return nil, l.Config.Fault([]string{"convention"}, "", "plugin %q of the convention cannot be read: %s", name, regular.Reason(err))
		}
		return plugins.Parse(name, data)
	}
	if l.Config.Plugins[name].Published() {
		return l.published(name)
	}
	if from := l.Config.Plugins[name].From; from != "" {
		m, err := plugins.Load(name, l.Root.Dir, from)
		if err != nil && !plugins.IsFailure(err) {
			err = l.Config.Fault([]string{"plugins", name, "from"}, "", "%s cannot be read: %s", from, regular.Reason(err))
		}
		return m, err
	}
	var names []string
	for _, m := range builtin {
		names = append(names, m.Manifest.Name)
	}
	if !slices.Contains(names, name) {
		hint := "known are " + strings.Join(names, ", ") + "; from = \"FILE.wasm\" brings another"
		return nil, l.Config.Fault([]string{"plugins", name}, hint, "unknown plugin %q", name)
	}
	return nil, nil
}

// published returns a published plugin, which project.lock pins and the store of this machine has. Nothing is downloaded.
func (l loader) published(name string) (*plugins.Module, error) {
	lock, err := pins(l).readLock()
	if err != nil {
		return nil, err
	}
	from := l.Config.Plugins[name].From
	digest := lock.PluginDigest(from)
	if brought, is := l.brought[name]; is {
		digest = brought.Digest
	}
	if digest == "" {
		return nil, blobs.NewUnpinnedError(blobs.Plugin, name, from)
	}
	data, err := l.readBlob(name, from, blobs.Blob{Kind: blobs.Plugin, Digest: digest})
	if err != nil {
		return nil, err
	}
	return plugins.Parse(name, data)
}

// PublishedStore returns the store of what teams publish in a cache, and in the folder of a project.
func PublishedStore(cache, root string) blobs.Store {
	s := blobs.Store{Vendored: filepath.Join(root, project.PluginsFolder)}
	if cache != "" {
		s.Dir = filepath.Join(cache, pluginsDir, "published")
	}
	return s
}

func (l loader) detects(m *plugins.Module) bool {
	return len(tree.Match(m.Manifest.Detect, l.files)) > 0
}
