package node

import (
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// planRun plans run and watch. If there are both "start" and "dev", the first runs the build and the second
// watches the sources.
func (u *unit) planRun() {
	found := slices.DeleteFunc(u.ownScripts("run"), func(s script) bool { return s.all(command.onlyWatches) })
	if len(found) > 0 {
		u.runStep("run", found[0])
	} else if u.project.Exists(u.path("server.js")) {
		u.add("run", "run", u.asInteractive(u.inUnit(plan.Step{Op: plan.OpExec, Tool: u.manager.tool(),
			Argv: []string{"node", "server.js"}})))
		u.About["run"] = plan.About{Why: "server.js is what npm start runs where there is no script",
			Source: u.path("server.js")}
	}
	for _, s := range u.ownScripts("watch") {
		if !u.used[s.name] {
			u.runStep("watch", s)
			break
		}
	}
	u.absent("run", u.root.file()+" has no script that runs the project")
	u.absent("watch", u.root.file()+" has no script that watches it")
}

// ownScripts returns the scripts of the root only, since nobody wants to start all workspace members at once.
func (u *unit) ownScripts(target string) (out []script) {
	for _, s := range u.scripts(target) {
		if !s.inMembers {
			out = append(out, s)
		}
	}
	return out
}

func (u *unit) runStep(target string, s script) {
	step := u.asInteractive(u.scriptStep(s))
	build := u.Steps[u.id("build")]
	if (s.any(command.serves) || s.any(u.runsBuilt)) && build.Op != "" && !slices.Contains(s.calls, u.build) {
		step.Needs = append(step.Needs, u.id("build"))
	}
	u.add(target, s.name, step)
	u.explain(target, s, "")
}

// serves reports whether a command serves the build of a framework.
func (c command) serves() bool {
	return len(c) > 1 && (c[0] == "next" && c[1] == "start" || c[0] == "remix-serve" ||
		slices.Contains([]string{"vite", "astro", "nuxt", "nuxi"}, c[0]) && c[1] == "preview")
}

// runsBuilt reports whether a command runs Node with a file of the build.
func (u *unit) runsBuilt(c command) bool {
	return c[0] == "node" && u.testsBuilt(script{commands: []command{c}}) != ""
}

// onlyWatches reports whether a command builds or tests on every change and runs nothing of the project.
func (c command) onlyWatches() bool {
	watchers := []string{"tsc", "tsup", "tsdown", "rollup", "webpack", "esbuild", "swc", "babel", "unbuild",
		"jest", "ava", "mocha"}
	return c[0] == "vitest" || slices.Contains(watchers, c[0]) && c.flag("--watch", "-w", "--watchAll")
}

func (u *unit) asInteractive(s plan.Step) plan.Step {
	s.Interactive, s.NoCache = true, true
	return s
}

// longRunning matches the names of scripts that run until they are stopped, or ask questions.
var longRunning = pattern(
	`(^|:)(dev|start|serve|server|preview|storybook|open|ui|debug|repl|shell|console|release)$|(^|[:\-_])watch$|^(dev|start|watch|serve):|^cypress$`)

// planOwnScripts offers the scripts that no target uses, under their own names.
func (u *unit) planOwnScripts() {
	for _, name := range slices.Sorted(maps.Keys(u.root.Scripts)) {
		if u.used[name] || u.root.hook(name) || !plan.ValidTarget(name) || u.Offers(name) {
			continue
		}
		s := u.root.script(name)
		step := u.ownStep(s)
		step.NoCache, step.NoCacheWhy = true, "what the script reads and writes is not known"
		step.Interactive = longRunning().MatchString(name) ||
			s.any(func(c command) bool {
				return slices.Contains([]string{"lerna", "release-it", "np", "bumpp"}, c[0])
			})
		u.add(name, name, step)
		u.About[name] = plan.About{Summary: strings.Join(strings.Fields(s.text), " "), Source: u.source(s)}
	}
}

// ownStep returns a step that runs a script under its own name. One that checks runs once, whatever it watches.
func (u *unit) ownStep(s script) plan.Step {
	if !slices.Contains([]string{"check", "security"}, s.name) {
		return u.scriptStep(s)
	}
	step := u.scriptStep(s)
	if edited, text, ok := u.editedStep(s, command.once); ok && s.any(func(c command) bool { _, watches := c.once(); return watches }) {
		u.note("script %q would watch files and never end (%s), so %s runs %q", s.name, s.text, s.name, text)
		step = edited
	}
	u.runOnce(s, &step)
	return step
}
