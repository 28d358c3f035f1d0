package conventions

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/strict"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins/plan"
)

// Published reports whether the plugin has a reference, and is no file of the convention.
func (p Plugin) Published() bool { return project.Plugin{From: p.From}.Published() }

// invalid returns the first invalid key of what a convention brings besides targets, and the reason.
func (c *Convention) invalid() (key []string, reason string) {
	for _, name := range slices.Sorted(maps.Keys(c.Plugins)) {
		p := c.Plugins[name]
		switch {
		case p.From == "":
		case p.Published() && !project.ValidReference(p.From):
			return []string{"plugins", name, "from"}, fmt.Sprintf("%q is no reference of a published plugin", p.From)
		case !p.Published() && !inside(p.From):
			return []string{"plugins", name, "from"}, fmt.Sprintf("%q is no file of the convention", p.From)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Templates)) {
		switch {
		case !plan.ValidTarget(name):
			return []string{"templates", name}, fmt.Sprintf("%q cannot be the name of a template", name)
		case !inside(c.Templates[name]) || path.Clean(c.Templates[name]) == ".":
			return []string{"templates", name}, fmt.Sprintf("%q is no folder of the convention", c.Templates[name])
		}
	}
	return c.Defaults.invalid()
}

// inside reports whether a path stays in the folder of the convention.
func inside(name string) bool { return fs.ValidPath(path.Clean(name)) && !strings.Contains(name, `\`) }

// invalid returns the first invalid default, and the reason.
func (d Defaults) invalid() (key []string, reason string) {
	for name, globs := range map[string][]string{"hide": d.Hide, "ignore": d.Ignore} {
		if fault := tree.GlobsFault(globs); fault != "" {
			return []string{"defaults", name}, fault
		}
	}
	err := (&project.Project{On: d.On, Env: d.Env, Registry: d.Registry}).Check()
	if bad, is := errors.AsType[*strict.Error](err); is {
		return []string{"defaults"}, bad.Reason
	}
	return nil, ""
}

// Give sets what the defaults say where a project says nothing.
func (d Defaults) Give(p *project.Project) {
	p.On, p.Env, p.Registry = cmp.Or(p.On, d.On), cmp.Or(p.Env, d.Env), cmp.Or(p.Registry, d.Registry)
	if p.Hide == nil {
		p.Hide = d.Hide
	}
	if p.Ignore == nil {
		p.Ignore = d.Ignore
	}
}
