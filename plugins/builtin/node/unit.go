package node

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// A unit is a package, or a workspace with its members, that is installed and run as one.
type unit struct {
	*sdk.Builder
	project *sdk.Project
	prefix  string // the beginning of the ids of its steps
	root    *manifest
	members []*manifest
	globs   []string // the globs of the members
	manager manager
	config  config

	install string          // id of the step that installs, "" if there is nothing to install
	build   string          // the script that builds, "" if there is none
	used    map[string]bool // scripts of the root that a target uses

	pipeline pipeline            // what continuous integration runs in its folder
	parent   *unit               // the package above it, or nil
	inner    []*unit             // the packages below it
	runs     map[string][]script // the scripts of each target
	covered  map[string]bool     // the targets for which the package above runs the scripts of this one
	memo     map[string]any      // what is the same for all members: see once
}

// once returns what a function returns for a key, and calls it once: a workspace may have hundreds of members.
func once[T any](u *unit, key string, compute func() T) T {
	if known, ok := u.memo[key].(T); ok {
		return known
	}
	value := compute()
	u.memo[key] = value
	return value
}

func newUnit(p *sdk.Project, c config, dir string, parent *unit) (*unit, error) {
	root, err := readManifest(p, dir)
	if err != nil {
		return nil, err
	}
	u := &unit{Builder: sdk.NewBuilder("node", ""), project: p, root: root, config: c,
		used: map[string]bool{}, parent: parent, runs: map[string][]script{}, covered: map[string]bool{}, memo: map[string]any{}}
	u.manager = chooseManager(p, root, c.Manager, parent)
	if parent != nil {
		parent.inner = append(parent.inner, u)
	}
	return u, u.findMembers()
}

// planAll plans all targets. It marks scripts as used by a target, and offers the others under their own
// names.
func (u *unit) planAll() {
	u.note("%s", u.manager.explain(u.root.PackageManager))
	if u.manager.Name == "bun" {
		u.Tools["bun"] = plan.Tool{Check: []string{"bun", "--version"},
			Image: cmp.Or(u.config.Image, "oven/bun:1"), Install: "install Bun from https://bun.sh"}
	}
	u.Tools["node"] = u.node(u.config.Image)
	u.planInstall()
	u.planStyle()
	u.planFormat()
	u.planBuild()
	u.planTests()
	u.planRun()
	u.planKeep()
	u.planOwnScripts()
	u.markIncludes()
	u.orderAfterBuild()
}

// orderAfterBuild makes checks and tests run after the build if both run, since they may read what it is
// writing.
func (u *unit) orderAfterBuild() {
	build := u.id("build")
	for _, target := range append([]string{"style", "complexity", "test"}, parts...) {
		for _, id := range u.Targets[target] {
			if s := u.Steps[id]; u.build != "" && !slices.Contains(s.Needs, build) {
				s.After = []string{build}
				u.Steps[id] = s
			}
		}
	}
}

// packages returns the root and the members of the workspace.
func (u *unit) packages() []*manifest { return append([]*manifest{u.root}, u.members...) }

func (u *unit) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if u.root.Dir != "." {
		text = u.root.Dir + ": " + text
	}
	u.Decisions = append(u.Decisions, text)
}

// path returns the path in the project of a file in the unit's folder.
func (u *unit) path(name string) string { return join(u.root.Dir, name) }

// id returns the id of a step: the name of its script or command, with the folder before it if that is not
// the root.
func (u *unit) id(name string) string { return u.prefix + sdk.ID(name) }

// summary describes the unit in a few words.
func (u *unit) summary() string {
	name := u.root.Name
	if name == "" && u.root.Dir == "." {
		name = u.project.Name
	} else if name == "" {
		name = path.Base(u.root.Dir)
	}
	switch len(u.members) {
	case 0:
		return fmt.Sprintf("Node package %s (%s)", name, u.manager.Name)
	case 1:
		return fmt.Sprintf("%s workspace %s with one member", u.manager.Name, name)
	}
	return fmt.Sprintf("%s workspace %s with %d members", u.manager.Name, name, len(u.members))
}

// add adds a step to the plan and to a target, and returns its id.
func (u *unit) add(target, name string, s plan.Step) string {
	id := u.id(name)
	if _, taken := u.Steps[id]; taken && !reflect.DeepEqual(u.Steps[id], s) {
		id = u.UniqueID(u.id(target + ":" + name))
	}
	u.Add(target, id, s)
	return id
}

// inUnit sets the folder, needs and PATH of a step.
func (u *unit) inUnit(s plan.Step) plan.Step {
	if u.root.Dir != "." {
		s.Dir = u.root.Dir
	}
	if u.install != "" {
		s.Needs = []string{u.install}
		s.Path = []string{u.path("node_modules/.bin")}
	}
	return s
}

// scriptStep returns a step that runs a script in the root, or in each member that has it.
func (u *unit) scriptStep(s script) plan.Step {
	step := u.manager.run(s.name)
	if s.inMembers {
		step = u.runInMembers(s)
	} else {
		u.used[s.name] = true
	}
	step = u.inUnit(step)
	step.Settings = s.toolSettings()
	return step
}

// program returns a step that runs a program of a dependency: directly, or with yarn if there is no
// node_modules.
func (u *unit) program(words ...string) plan.Step {
	s := plan.Step{Op: plan.OpExec, Tool: u.manager.tool(), Argv: words}
	if u.manager.PnP {
		s = u.manager.command(append([]string{"run"}, words...)...)
	}
	s.Settings = script{commands: []command{words}}.toolSettings()
	return u.inUnit(s)
}

// scripts returns the existing scripts for a target. Those of members count only if the root has none.
func (u *unit) scripts(target string) (out []script) {
	for _, name := range u.names(target, []*manifest{u.root}) {
		if text := u.root.Scripts[name]; text != "" && !placeholder(text) && !u.isCovered(target, name) {
			out = append(out, u.root.script(name))
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, name := range u.names(target, u.members) {
		if s := u.memberScript(name); len(s.owners) > 0 {
			out = append(out, s)
		}
	}
	return out
}

// explain records the script of a target and the reason for how it is run.
func (u *unit) explain(target string, s script, why string) {
	u.runs[target] = append(u.runs[target], s)
	a := plan.About{Why: why, Source: u.source(s)}
	if why == "" && s.inMembers {
		a.Why = fmt.Sprintf("script %q of the members of the workspace", s.name)
	} else if why == "" {
		a.Why = fmt.Sprintf("script %q: %s", s.name, s.text)
	}
	u.About[target] = a
}

func (u *unit) source(s script) string {
	if line := u.root.Lines[s.name]; line > 0 && !s.inMembers {
		return fmt.Sprintf("%s:%d", u.root.file(), line)
	}
	return ""
}

// absent records why a target is not offered, unless it is.
func (u *unit) absent(target, why string) {
	if !u.Offers(target) {
		u.Explain(target, why)
	}
}

// mergeInto adds the unit to a plan. Two units with different versions of a tool get a tool each.
func (u *unit) mergeInto(out *sdk.Builder) {
	out.Omitted = append(out.Omitted, u.Omitted...)
	rename := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(u.Tools)) {
		key := name
		if have, taken := out.Tools[key]; taken && !reflect.DeepEqual(have, u.Tools[name]) {
			key = name + " of " + u.root.Dir
		}
		rename[name] = key
		if slices.ContainsFunc(slices.Collect(maps.Values(u.Steps)),
			func(s plan.Step) bool { return s.Tool == name }) {
			out.Tools[key] = u.Tools[name]
		}
	}
	for id, s := range u.Steps {
		s.Tool, s.Settings = rename[s.Tool], u.settings(s)
		out.Steps[id] = s
	}
	for name, ids := range u.Targets {
		if !u.hidden(name) {
			out.Targets[name] = append(out.Targets[name], ids...)
		}
	}
	u.mergeAbout(out)
}

// mergeAbout adds the explanations. For each target the first one counts, but one of a unit that offers the
// target replaces one of a unit that does not.
func (u *unit) mergeAbout(out *sdk.Builder) {
	for name, a := range u.About {
		if _, taken := out.About[name]; !taken ||
			len(u.Targets[name]) > 0 && len(out.Targets[name]) == len(u.Targets[name]) {
			out.About[name] = a
		}
	}
}
