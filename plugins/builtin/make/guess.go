package make

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/taskfile"
)

// guesses returns targets that the Makefile of a C project has under other names: the default target is its
// build, and GNU's "check" is its test. It returns none if another file says which stack the project is of,
// since a plugin for that stack knows better.
func (g *goals) guesses(argv []string, p *sdk.Project) (out []taskfile.Offer) {
	if p.FirstOf(sdk.StackManifests...) != "" {
		return nil
	}
	if o, ok := g.guessBuild(argv); ok {
		out = append(out, o)
	}
	if o, ok := g.guessTest(argv); ok {
		out = append(out, o)
	}
	return out
}

func (g *goals) guessBuild(argv []string) (taskfile.Offer, bool) {
	if g.anyOf("build", "compile") {
		return taskfile.Offer{}, false
	}
	for _, name := range []string{g.m.goal, "all"} {
		if t, ok := g.by[name]; ok && g.recursiveCall(name) == "" && g.builds(t) {
			return g.offerAs("build", t, argv, "what make makes by default, since no target is called build"),
				true
		}
	}
	return taskfile.Offer{}, false
}

func (g *goals) guessTest(argv []string) (taskfile.Offer, bool) {
	t, ok := g.by["check"]
	if !ok || g.anyOf("test", "tests", "test-unit", "test-functional", "test-integration", "unit-test") ||
		g.recursiveCall("check") != "" || len(t.recipe)+len(t.prereqs) == 0 {
		return taskfile.Offer{}, false
	}
	text := strings.ToLower(strings.Join(append(slices.Clone(t.recipe), t.prereqs...), " "))
	lints := containsAny(text, "lint", "style", "shellcheck", "cppcheck", "fmt", "format", "tidy")
	if lints && !strings.Contains(text, "test") {
		return taskfile.Offer{}, false
	}
	return g.offerAs("test", t, argv, "GNU's name for tests is check, and no target is called test"), true
}

// offerAs offers a goal under another name.
func (g *goals) offerAs(name string, t *goal, argv []string, why string) taskfile.Offer {
	return taskfile.Offer{
		Name: name, Argv: append(slices.Clone(argv), t.name), Summary: cmp.Or(g.m.help[t.name], t.help),
		Source: t.source(), UpToDate: g.askUpToDate(name, t, argv),
		Why: taskfile.Sentence("make "+t.name+": "+why, g.whyMissingInclude()),
	}
}

func (g *goals) anyOf(names ...string) bool {
	return slices.ContainsFunc(names, func(n string) bool { _, ok := g.by[n]; return ok })
}

// notBuilding are words in the names of targets that do not build.
var notBuilding = []string{
	"test", "tests", "check", "lint", "style", "format", "fmt", "run", "install", "deploy", "publish", "push",
	"help", "usage", "upload", "docker", "serve", "watch",
}

func doesOtherWork(name string) bool {
	words := strings.FieldsFunc(name, func(c rune) bool { return c == '-' || c == '_' || c == ':' })
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(notBuilding, w) }) ||
		strings.HasPrefix(name, "release")
}

// builds reports whether a goal only builds files of the project: none of the targets that it names runs
// tests, installs or deploys, and one that it needs compiles something.
func (g *goals) builds(t *goal) bool {
	for _, name := range append([]string{t.name}, t.prereqs...) {
		if isUserTarget(name, false) && doesOtherWork(name) && !g.compilesTests(name) {
			return false
		}
	}
	return g.anyReachable(t, func(t *goal) bool {
		return slices.ContainsFunc(t.prereqs, isObjectFile) || slices.ContainsFunc(t.recipe, compiles)
	})
}

// compilesTests reports whether a goal with "test" in its name only builds the test program and does not run
// it: all its commands compile or print. An example is "all: shared static tests" in cJSON.
func (g *goals) compilesTests(name string) bool {
	t, ok := g.by[name]
	if !ok || !strings.Contains(name, "test") || strings.Contains(name, "install") {
		return false
	}
	return g.anyReachable(t, func(t *goal) bool { return slices.ContainsFunc(t.recipe, compiles) }) &&
		!g.anyReachable(t, func(t *goal) bool { return slices.ContainsFunc(t.recipe, runsOther) })
}

// runsOther reports whether a line of a recipe does anything but compile, print or make a folder.
func runsOther(line string) bool {
	return slices.ContainsFunc(taskfile.Commands(line), func(words []string) bool {
		program := path.Base(words[0])
		return !slices.Contains(compilers, program) &&
			!slices.Contains([]string{"echo", "printf", "mkdir"}, program)
	})
}

// anyReachable reports whether the condition holds for the goal or for one that it needs.
func (g *goals) anyReachable(t *goal, holds func(*goal) bool) bool {
	todo, seen := []string{t.name}, map[string]bool{}
	for len(todo) > 0 {
		t, ok := g.by[todo[0]]
		todo = todo[1:]
		if !ok || seen[t.name] {
			continue
		}
		if seen[t.name] = true; holds(t) {
			return true
		}
		todo = append(append(todo, t.prereqs...), taskfile.Calls(t.recipe, "make")...)
	}
	return false
}

func isObjectFile(name string) bool {
	return slices.Contains([]string{".o", ".a", ".so", ".obj", ".lo", ".la", ".c", ".cc", ".cpp", ".S"},
		path.Ext(name))
}

var compilers = []string{"cc", "gcc", "g++", "c++", "clang", "clang++", "tcc", "ld", "ar", "nasm", "as",
	"f77", "gfortran", "ghc", "ocamlopt", "javac", "zig"}

// compiles reports whether a line of a recipe calls a compiler, or calls make for another folder.
func compiles(line string) bool {
	for _, words := range taskfile.Commands(line) {
		program := path.Base(words[0])
		if slices.Contains(compilers, program) ||
			slices.ContainsFunc([]string{"-gcc", "-g++", "-cc", "-ld"},
				func(s string) bool { return strings.HasSuffix(program, s) }) {
			return true
		}
		if program == "make" && slices.Contains(words, "-C") {
			return true
		}
	}
	return false
}

func containsAny(s string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(s, p) })
}
