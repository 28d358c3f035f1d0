package node

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// A wanted is a script of a member that a target should run; without a name, files of tests.
type wanted struct {
	script
	of   *manifest
	unit *unit
	// linters are those that the script runs. They may run for the member in the root as well.
	linters []string
	test    bool
}

// wants returns a script of a member that a target should run.
func (u *unit) wants(m *manifest, name string, test bool) wanted {
	w := wanted{script: m.script(name), of: m, unit: u, test: test}
	for _, c := range w.commands {
		if linter := c.linter(); !test && linter != "" {
			w.linters = append(w.linters, linter)
		}
	}
	return w
}

// linter returns the name of the linter or formatter that a command calls, or "". Some programs call eslint.
func (c command) linter() string {
	switch {
	case isManager(c[0]) || !c.checks() && !c.rewrites():
		return ""
	case slices.Contains([]string{"next", "ng", "vue-cli-service"}, c[0]):
		return "eslint"
	case c[0] == "tsgo":
		return "tsc"
	}
	return c[0]
}

// tests reports whether a command calls a test runner.
func (c command) tests() bool {
	return slices.Contains(runners, c[0]) || (c[0] == "node" || c[0] == "tsx") && c.flag("--test")
}

// doneBy returns whether scripts of the root do what is wanted.
func (w wanted) doneBy(scripts []script) (v verdict) {
	var all []located
	for _, s := range scripts {
		all = append(all, s.located...)
	}
	for _, c := range all {
		v = max(v, w.ranBy(c))
	}
	if v == reached || len(w.linters) == 0 {
		return v
	}
	return max(v, w.lintedBy(all))
}

// lintedBy returns whether commands of the root call all linters of the script for the files of the member.
func (w wanted) lintedBy(all []located) verdict {
	linted := reached
	for _, linter := range w.linters {
		one := missed
		for _, c := range all {
			if c.linter() == linter || linter == "tsc" && c.linter() == "vue-tsc" {
				one = max(one, w.unit.worksOn(c, w.of))
			}
		}
		linted = min(linted, one)
	}
	return linted
}

// ranBy returns whether a command of the root runs the script of the member, or its tests.
func (w wanted) ranBy(c located) verdict {
	s, some := c.selection()
	switch inRoot := c.dir == "" && c.folder() == ""; {
	case some:
		return min(w.unit.selects(s, w.of), w.calledBy(c.command))
	case !isManager(c.command[0]):
		return w.ranByProgram(c)
	case inRoot:
		return w.ranByProgram(located{c.program(), c.dir})
	case c.dir == "":
		return unclear
	case path.Join(w.unit.root.Dir, c.dir) == w.of.Dir:
		return w.calledBy(c.command)
	}
	return missed
}

// ranByProgram returns whether a program that the root calls runs the tests or checks of the member. One that is not known
// may do so.
func (w wanted) ranByProgram(c located) verdict {
	switch {
	case len(c.command) == 0 || c.doesNothing() || slices.Contains(harmless, c.command[0]) || c.linter() != "":
		return missed
	case c.tests() && w.test:
		return w.unit.worksOn(c, w.of)
	case c.tests() || !near(path.Join(w.unit.root.Dir, c.dir), w.of.Dir):
		return missed
	}
	return reached
}

// near reports whether one of two folders is in the other.
func near(a, b string) bool { return sdk.Inside(a, b) || sdk.Inside(b, a) }

// harmless are programs that check nothing, or nothing but the package itself.
var harmless = strings.Fields("tsc vue-tsc tsgo rm rimraf mkdir cp cd tsd publint attw git sleep wait kill")

// program returns the command that "yarn jest" and "pnpm jest" run, or nil. "bun test" is a test runner.
func (c command) program() command {
	rest := c[1:].afterFlags()
	run := len(rest) > 1 && rest[0] == "run"
	if run {
		rest = rest[1:].afterFlags()
	}
	switch {
	case c[0] == "npm" || run && c[0] == "pnpm" || len(rest) == 0 || slices.Contains(managing, rest[0]):
		return nil
	case c[0] == "bun" && rest[0] == "test":
		return c
	}
	return rest.unwrapped()
}

// managing are the words by which package managers run neither a script nor a program.
var managing = strings.Fields("install i ci add remove up update upgrade audit dedupe pack publish link why list outdated config cache " +
	"init create version info import prune rebuild store patch set plugin constraints")

// calledBy returns whether a command that runs in the member runs the script there, or its tests.
func (w wanted) calledBy(c command) verdict {
	if selectors[c[0]].always {
		return w.taskOf(c)
	}
	words := c.positional()
	for i, word := range words {
		if word == "t" && c[0] == "npm" {
			word = "test"
		}
		if called := w.of.matching(word); len(called) > 0 {
			return when(slices.ContainsFunc(called, func(name string) bool { return w.in(w.of.script(name)) }))
		} else if word == "exec" || word == "x" {
			return w.doneIn(words[i+1:], c)
		} else if one := (command{word}); one.tests() || slices.Contains(checkers, word) {
			return w.doneIn(words[i:], c)
		}
	}
	return missed
}

// taskOf returns whether a command that runs tasks in the member runs the script there. What a project of nx does may be in
// other files.
func (w wanted) taskOf(c command) verdict {
	words := append(c.positional(), strings.Split(c.value("-t", "--target", "--targets"), ",")...)
	if c[0] == "lerna" && len(words) > 1 && words[0] == "exec" {
		return w.doneIn(words[1:], c)
	}
	called := w.of.matching(w.unit.tasks(c[0], words)...)
	return when(c[0] == "nx" && len(called) == 0 || slices.ContainsFunc(called, func(name string) bool { return w.in(w.of.script(name)) }))
}

// when returns reached for what is so, and else missed.
func when(so bool) verdict {
	if so {
		return reached
	}
	return missed
}

// doneIn returns whether a program that runs in the member does what is wanted.
func (w wanted) doneIn(words []string, c command) verdict {
	if at := slices.Index(c, "--"); at >= 0 {
		words = append(slices.Clone(words), c[at+1:]...)
	}
	switch inner := command(words).unwrapped(); {
	case len(inner) == 0 || inner.doesNothing():
		return missed
	case w.test && (inner.tests() || inner.linter() != ""), inner.tests():
		return when(w.test && inner.tests())
	case inner.linter() != "" || slices.Contains(checkers, inner[0]):
		return when(len(w.linters) == 1 && w.linters[0] == inner.linter())
	}
	return reached
}

// in reports whether another script of the member calls this one, or its programs.
func (w wanted) in(other script) bool {
	switch {
	case slices.Contains(other.calls, w.name):
		return true
	case w.test:
		return other.any(command.tests)
	}
	return len(w.linters) > 0 && !slices.ContainsFunc(w.linters, func(linter string) bool {
		return !other.any(func(c command) bool { return c.linter() == linter })
	})
}

// tasks returns the tasks that a program runs for some words: "test" for "a:test" of nx.
func (u *unit) tasks(by string, words []string) []string {
	switch by {
	case "turbo":
		return once(u, "turbo "+strings.Join(words, " "), func() []string { return u.turboTasks(words) })
	case "nx":
		for _, word := range words {
			if _, task, ok := strings.Cut(word, ":"); ok {
				words = append(words, task)
			}
		}
	}
	return words
}

// turboTasks returns tasks of turbo with those that they depend on.
func (u *unit) turboTasks(words []string) []string {
	type tasks map[string]struct{ DependsOn []string }
	var turbo struct{ Tasks, Pipeline tasks }
	if text, ok := u.project.Read(u.path("turbo.json")); ok {
		_ = json.Unmarshal([]byte(plainJSON(text)), &turbo) // turbo reports what is wrong with it
	}
	for i := 0; i < len(words); i++ {
		for _, next := range append(turbo.Tasks[words[i]].DependsOn, turbo.Pipeline[words[i]].DependsOn...) {
			if next = strings.TrimPrefix(next, "^"); !slices.Contains(words, next) {
				words = append(words, next)
			}
		}
	}
	return words
}
