package app

import (
	"maps"
	"path"
	"path/filepath"
	"slices"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// permitted returns an error if a step of a plugin would write what only the project may: its plugins and git's hooks, and
// without a grant its pipelines.
func (l loader) permitted(m *plugins.Module, p *plan.Plan) error {
	reserved := l.reserved(m)
	for _, id := range slices.Sorted(maps.Keys(p.Steps)) {
		for _, name := range p.Steps[id].Written() {
			why := reserved.Why(name)
			if why == "" {
				continue
			}
			refused := &plugins.PermissionError{Plugin: m.Manifest.Name, Step: id, Path: name, What: why}
			if plan.IsPipeline(name) {
				refused.Next = pipelineHint(m)
			}
			return refused
		}
	}
	return nil
}

// reserved returns what the steps of a plugin may not write; nil for one that is built in, whose steps are the tools and
// the commands of the project.
func (l loader) reserved(m *plugins.Module) *runner.Reserved {
	own := l.Config.Plugins[m.Manifest.Name]
	if own.From == "" {
		return nil
	}
	r := &runner.Reserved{Paths: map[string]string{project.PluginsFolder: "has plugins of the project"}, Pipelines: !own.Grant.WriteCI || !m.Manifest.Permissions.WriteCI}
	for name, p := range l.Config.Plugins {
		if p.From != "" && !p.Published() && !l.brought[name].Archived() {
			r.Paths[path.Clean(p.From)] = "is a plugin of the project"
		}
	}
	if conventions.IsFile(l.Config.Convention) {
		r.Paths[path.Clean(l.Config.Convention)] = "is the convention of the project"
	}
	if hooks := l.hooksFolder(); hooks != "" {
		r.Paths[hooks] = "is where git has its hooks"
	}
	return r
}

func pipelineHint(m *plugins.Module) string {
	if !m.Manifest.Permissions.WriteCI {
		return "its manifest has to ask for it: [permissions] write-ci = true"
	}
	return "[plugins." + m.Manifest.Name + "] grant = { write-ci = true } in project.toml allows it"
}

// hooksFolder returns the folder in the project that core.hooksPath names, relative to the project; "" if there is none.
func (l loader) hooksFolder() string {
	dir := filepath.FromSlash(runner.HooksFolder(l.Tree))
	if dir == "" {
		return ""
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(tree.WorkTree(l.Root.Dir), dir)
	}
	inside, err := filepath.Rel(l.Root.Dir, dir)
	if err != nil || !filepath.IsLocal(inside) || inside == "." {
		return ""
	}
	return filepath.ToSlash(inside)
}
