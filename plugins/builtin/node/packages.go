package node

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// depth is how many folders below the root packages are looked for.
const depth = 5

// A chooser chooses the packages of a repository that are planned, each with the members of its workspace.
type chooser struct {
	project *sdk.Project
	config  config
	units   []*unit
	omitted []omitted
	notes   []string

	pipeline *pipelines.Pipeline
}

// An omitted is a package that is left out.
type omitted struct {
	*manifest
	why string
}

// choose chooses the configured packages or, without any, that of the root and those below it that no workspace has.
func (c *chooser) choose() error {
	if len(c.config.Packages) > 0 {
		return c.chooseConfigured()
	}
	if c.project.Exists("package.json") {
		if err := c.add("."); err != nil {
			return err
		}
	}
	for _, dir := range c.below() {
		if err := c.consider(dir); err != nil {
			return err
		}
	}
	return nil
}

func (c *chooser) chooseConfigured() error {
	for _, dir := range c.config.Packages {
		if !c.project.Exists(join(dir, "package.json")) {
			return fmt.Errorf("[plugins.node] config: %q in \"packages\" is not the folder of a package", dir)
		}
	}
	dirs := slices.Clone(c.config.Packages)
	slices.Sort(dirs)
	for _, dir := range slices.Compact(dirs) {
		if err := c.add(dir); err != nil {
			return err
		}
	}
	return nil
}

// below returns the folders below the root with a package.json, each behind those above it.
func (c *chooser) below() (dirs []string) {
	for _, name := range c.project.Find(depth, func(name string) bool { return path.Base(name) == "package.json" }) {
		if dir := path.Dir(name); dir != "." {
			dirs = append(dirs, dir)
		}
	}
	slices.Sort(dirs)
	return dirs
}

func (c *chooser) add(dir string) error {
	if c.pipeline == nil {
		c.pipeline = pipelines.ReadWithoutScripts(c.project)
	}
	u, err := newUnit(c.project, c.config, dir, nearest(c.units, dir))
	if err == nil {
		u.pipeline = pipelineIn(c.pipeline, dir)
		c.units = append(c.units, u)
	}
	return err
}

// consider adds a package, or leaves it aside. One in a folder for fixtures, or without scripts and dependencies below
// another package, is none.
func (c *chooser) consider(dir string) error {
	parent, role := nearest(c.units, dir), roleOf(dir)
	lerna := parent.hasLerna(dir)
	if parent.hasMember(dir) || lerna && parent.root.callsLerna() || role == fixture || foreignFolder(c.project, dir) {
		return nil
	}
	m, err := readManifest(c.project, dir)
	switch {
	case parent == nil && role == part:
		return c.add(dir)
	case err != nil:
		c.notes = append(c.notes, "left aside: "+err.Error())
	case lerna && len(m.promised()) > 0:
		c.leave(m, "a package of lerna.json, in which no script of "+parent.root.file()+" runs lerna")
	case lerna:
	case role == example && m.tests():
		c.leave(m, "an example")
	case role == support && len(m.promised()) > 0:
		c.leave(m, "a package beside the project")
	case role != part || !m.works() && !parent.installsFor(m):
	case parent.locked(m):
		return c.add(dir)
	case len(parent.globs) > 0:
		c.leave(m, fmt.Sprintf("no member of the workspace of %s, and without a lockfile", parent.root.file()))
	default:
		c.leave(m, "without a yarn.lock, yarn installs nothing in it")
	}
	return nil
}

func (c *chooser) leave(m *manifest, why string) { c.omitted = append(c.omitted, omitted{m, why}) }

// hasMember reports whether a folder is that of a member of the workspace.
func (u *unit) hasMember(dir string) bool {
	return u != nil && slices.ContainsFunc(u.members, func(m *manifest) bool { return m.Dir == dir })
}

// hasLerna reports whether a folder is that of a package that lerna knows, where there is no workspace.
func (u *unit) hasLerna(dir string) bool {
	return u != nil && slices.ContainsFunc(u.lernaGlobs(), func(glob string) bool {
		return matchPath(strings.Split(join(u.root.Dir, glob), "/"), strings.Split(dir, "/"))
	})
}

// callsLerna reports whether a script of the package runs something in the packages that lerna knows.
func (m *manifest) callsLerna() bool {
	for _, text := range m.Scripts {
		if strings.Contains(text, "lerna run") || strings.Contains(text, "lerna exec") {
			return true
		}
	}
	return false
}

// lernaGlobs returns the packages that lerna installs and runs scripts in, where it does so without a workspace.
func (u *unit) lernaGlobs() []string {
	text, ok := u.project.Read(u.path("lerna.json"))
	if !ok || len(u.globs) > 0 {
		return nil
	}
	return lernaPackages(text)
}

// locked reports whether a package below the unit can be installed by itself: it has a lockfile of its own, or the
// unit is no workspace, and its manager needs none.
func (u *unit) locked(m *manifest) bool {
	if hasLock(u.project, m) {
		return true
	}
	own := m.PackageManager != "" || u.config.Manager != "" && u.config.Manager != "yarn"
	return len(u.globs) == 0 && (own || !u.manager.Berry)
}

// installsFor reports whether a package below the unit, which has no scripts, is one for its dependencies: with a
// lockfile, or below a package without scripts as well, so that others call their programs.
func (u *unit) installsFor(m *manifest) bool {
	return m.installs() && (hasLock(u.project, m) || !u.root.works())
}

func hasLock(p *sdk.Project, m *manifest) bool {
	for _, l := range locks {
		if p.Exists(join(m.Dir, l.file)) {
			return true
		}
	}
	return false
}

// works reports whether the package has scripts of its own, besides those that a manager runs by itself.
func (m *manifest) works() bool {
	for name, text := range m.Scripts {
		if !m.hook(name) && !placeholder(text) {
			return true
		}
	}
	return false
}

// tests reports whether the package has a script for any kind of test.
func (m *manifest) tests() bool {
	return slices.ContainsFunc(append([]string{"test"}, parts...), m.promises)
}

// promises reports whether the package has a script for a target.
func (m *manifest) promises(target string) bool {
	return slices.ContainsFunc(names[target],
		func(name string) bool { return m.Scripts[name] != "" && !placeholder(m.Scripts[name]) })
}

// promised returns the targets that the package has scripts for, of those that promise all of the project. Every kind
// of test stands for all.
func (m *manifest) promised() (targets []string) {
	for _, target := range []string{"build", "style"} {
		if m.promises(target) {
			targets = append(targets, target)
		}
	}
	if m.tests() {
		targets = append(append(targets, "test"), parts...)
	}
	return targets
}

// omit records the packages that are left aside, those with the same reason and targets together.
func (c *chooser) omit(out *sdk.Builder) {
	for i, a := range c.omitted {
		same := func(b omitted) bool { return a.why == b.why && slices.Equal(a.promised(), b.promised()) }
		if slices.ContainsFunc(c.omitted[:i], same) || len(a.promised()) == 0 {
			continue
		}
		var dirs []string
		for _, b := range c.omitted {
			if same(b) {
				dirs = append(dirs, b.Dir)
			}
		}
		out.Omit(fmt.Sprintf("%s (%s)", few(dirs), a.why), c.hint(a.Dir), a.promised()...)
	}
}

// few returns the first of some names, and how many more there are.
func few(names []string) string {
	if len(names) <= 4 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:3], ", "), len(names)-3)
}

// hint returns the setting that takes a package in, beside those that are planned.
func (c *chooser) hint(dir string) string {
	var quoted []string
	for _, u := range c.units {
		quoted = append(quoted, fmt.Sprintf("%q", u.root.Dir))
	}
	quoted = append(quoted, fmt.Sprintf("%q", dir))
	return fmt.Sprintf("[plugins.node] config = { packages = [%s] } takes it in", strings.Join(quoted, ", "))
}

// checkPackages returns an error for folders that are outside of the project.
func checkPackages(dirs []string) error {
	for i, dir := range dirs {
		if dirs[i] = path.Clean(dir); dir == "" || path.IsAbs(dir) || strings.HasPrefix(dirs[i], "..") || strings.Contains(dir, `\`) {
			return errors.New(`[plugins.node] config: packages are folders in the project, as ["client"]`)
		}
	}
	return nil
}

// join joins a path to a folder, in which "." is the root. It keeps a "/" at the end.
func join(dir, name string) string {
	joined := path.Join(dir, name)
	if strings.HasSuffix(name, "/") {
		joined += "/"
	}
	return joined
}
