package python

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// offerStyle adds a step for each configured checker, which run in parallel, and one for each that can
// rewrite files. Where a pipeline runs all hooks of pre-commit, so does style, in place of the checkers that
// are hooks.
func (c *checks) offerStyle() {
	checkers := c.linters()
	whole := c.offerPreCommit()
	installed := c.installLinters(checkers)
	last := ""
	for i, k := range checkers {
		if whole && k.hook != nil {
			c.decide(k.step + " is a hook of pre-commit, so style does not run it by itself")
		} else {
			c.addCheck(k, installed[i])
		}
		if k.fix != nil {
			last = c.addFix(k, installed[i], last)
		}
	}
	if !whole {
		c.nameOtherHooks(checkers)
	}
	c.nameUnused(checkers)
	c.b.absent("style", "no linter or formatter is configured: ruff, flake8, pylint, black, isort, mypy")
}

// nameUnused says which linters the project requires or configures, and style does not run.
func (c *checks) nameUnused(checkers []checker) {
	for _, l := range linters() {
		_, required := c.requires(l.name)
		why := l.evidence(c.env)
		used := slices.ContainsFunc(checkers, func(k checker) bool { return k.step == l.step })
		switch without := "style does not run " + l.step; {
		case used || l.why == nil || l.name == "ruff" && why == "":
		case c.pipelineChecks() && (required || why != ""):
			c.decide(without + ": the pipeline runs checks, and does not call it")
		case required && c.doneByRuff(l.name):
			c.decide(without + ": the project requires it, but calls it nowhere, and uses ruff")
		case required && l.name == "mypy":
			c.decide(without + ": the project calls it nowhere, and no configuration lists what it checks")
		}
	}
}

// installLinters adds the steps that install the checkers. They are part of init, except those that come with
// the dependencies of the project.
func (c *checks) installLinters(checkers []checker) []installation {
	installed := c.install("style", checkers...)
	var ids []string
	for _, i := range installed {
		if i.path != nil || i.behind != nil {
			ids = append(ids, i.needs...)
		}
	}
	if len(ids) > 0 {
		c.b.addTarget("init", "the linters", ids...)
	}
	return installed
}

func (c *checks) addCheck(k checker, i installation) {
	s := c.step(k, k.argv, i)
	s.ReadOnly = true
	id := c.b.addStep(c.b.newID("style-"+k.step), s)
	c.b.Append("style", id)
	if why := k.name + ", because " + k.why; !strings.Contains(c.b.About["style"].Why, why) {
		c.b.explain("style", why)
	}
}

// addFix adds the step that rewrites the sources, and returns its id. Formatters run one after the other,
// since they rewrite the same files.
func (c *checks) addFix(k checker, i installation, last string) string {
	s := c.step(k, k.fix, i)
	s.NoCache = true
	if last != "" {
		s.Needs = append(s.Needs, last)
	}
	id := c.b.addStep(c.b.newID("format-"+k.step), s)
	c.b.addTarget("format", k.name+", because "+k.why, id)
	return id
}

// step returns the step that runs a command of a checker.
func (c *checks) step(k checker, argv []string, i installation) plan.Step {
	s := plan.Step{Op: plan.OpExec, Argv: argv, Needs: append([]string{}, i.needs...), Path: i.path,
		Inputs: c.all(), Settings: sdk.Settings(k.name)}
	if k.name == "ruff" || k.name == "black" || k.selection != nil {
		s.Settings = sdk.Settings(k.name, "git") // what git ignores is left out
	}
	if i.behind != nil {
		command := sdk.Quote(argv...)
		s.Op, s.Argv = plan.OpShell, nil
		s.Script = "# " + command + "\nPATH=\"$PATH:$PWD/" + strings.Join(i.behind, ":$PWD/") + "\" " + command + " \"$@\"\n"
	}
	if k.selection != nil {
		s.Op, s.Argv, s.Script = plan.OpShell, nil, k.selection.script(c.dir, argv)
	}
	return s
}
