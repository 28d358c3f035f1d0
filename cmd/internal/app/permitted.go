package app

import (
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// permitted returns an error if a step of a plugin would write what only the project may: its plugins and git's hooks, and
// without a grant its pipelines.
func (l loader) permitted(m *plugins.Module, p *plan.Plan) error {
	hooks := l.hooksFolder()
	granted := l.Config.Plugins[m.Manifest.Name].Grant.WriteCI && m.Manifest.Permissions.WriteCI
	for _, id := range slices.Sorted(maps.Keys(p.Steps)) {
		for _, name := range p.Steps[id].Written() {
			refused := &plugins.PermissionError{Plugin: m.Manifest.Name, Step: id, Path: name}
			switch {
			case l.isPlugin(name):
				refused.What = "is a plugin of the project"
			case hooks != "" && overlaps(path.Clean(name), hooks):
				refused.What = "is where git has its hooks"
			case plan.IsPipeline(name) && !granted:
				refused.What, refused.Next = "runs in pipelines", pipelineHint(m)
			default:
				continue
			}
			return refused
		}
	}
	return nil
}

func pipelineHint(m *plugins.Module) string {
	if !m.Manifest.Permissions.WriteCI {
		return "its manifest has to ask for it: [permissions] write-ci = true"
	}
	return "[plugins." + m.Manifest.Name + "] grant = { write-ci = true } in project.toml allows it"
}

// isPlugin reports whether a path is that of a plugin in project.toml, or of a folder above one.
func (l loader) isPlugin(name string) bool {
	for _, p := range l.Config.Plugins {
		if p.From != "" && overlaps(path.Clean(p.From), path.Clean(name)) {
			return true
		}
	}
	return false
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

// overlaps reports whether a path is, is in or contains another one, as file systems compare that ignore case.
func overlaps(one, other string) bool {
	a, b := strings.ToLower(one)+"/", strings.ToLower(other)+"/"
	return strings.HasPrefix(a, b) || strings.HasPrefix(b, a)
}
