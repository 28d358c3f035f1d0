package python

import (
	"path"
	"slices"
	"strings"
)

// A lintCall is how the automation of the project calls a linter.
type lintCall struct {
	args   []string
	source string
	needs  needs // what the task installs
}

// callsOf returns the calls of a linter: those of the pipelines if they run any checks, else those of the tool of
// automation that calls it first.
func (e *env) callsOf(l linter) (out []lintCall) {
	if e.pipelineChecks() {
		return e.lintCalls(l, e.pipelineCommands())
	}
	for _, runner := range []string{"tox", "nox", "hatch", "pdm", "poe", "task", "make"} {
		commands := slices.DeleteFunc(slices.Clone(e.taskCommands()), func(c command) bool {
			return c.task.runner != runner && c.task.runner != "sh"
		})
		if out = e.lintCalls(l, commands); len(out) > 0 {
			return out
		}
	}
	return nil
}

// taskCommands returns the commands of all tasks, read once.
func (pr *project) taskCommands() []command {
	if pr.ofTasks == nil {
		x := &expansion{project: pr, seen: map[string]bool{}, commands: []command{}}
		for _, t := range pr.allTasks() {
			x.follow(t)
		}
		pr.ofTasks = x.commands
	}
	return pr.ofTasks
}

// lintCalls returns the calls of a linter among commands, each once.
func (e *env) lintCalls(l linter, commands []command) (out []lintCall) {
	for _, c := range commands {
		args, ok := l.argumentsIn(c)
		if !ok || c.dir != e.dir || ignoresFaults(args) {
			continue
		}
		args = e.checkArguments(l, args)
		if !slices.ContainsFunc(out, func(old lintCall) bool { return slices.Equal(old.args, args) }) {
			out = append(out, lintCall{args, c.source(), e.needsOfCommand(c)})
		}
	}
	return out
}

// needsOfCommand returns what is installed for a command.
func (pr *project) needsOfCommand(c command) needs {
	if c.task != nil && c.task.runner != "make" && c.task.runner != "sh" {
		return pr.needsOf(c.task)
	}
	return pr.needsOfJob(c.job)
}

// pipelineChecks reports whether the pipelines call a linter, or the hooks of pre-commit.
func (e *env) pipelineChecks() bool {
	if e.checking == nil {
		checks := e.anyCheck()
		e.checking = &checks
	}
	return *e.checking
}

func (e *env) anyCheck() bool {
	return slices.ContainsFunc(e.pipelineCommands(), func(c command) bool {
		_, hooks := hooksRunner(c)
		return hooks || c.dir == e.dir && slices.ContainsFunc(linters(), func(l linter) bool {
			args, ok := l.argumentsIn(c)
			return ok && !ignoresFaults(args)
		})
	})
}

// argumentsIn returns the arguments of a command if it calls the linter.
func (l linter) argumentsIn(c command) ([]string, bool) {
	if c.calls(l.entry...) {
		return c.words[len(l.entry):], true
	}
	old := l.step == "ruff" && c.calls("ruff") && len(c.words) > 1 && // before it had commands
		(strings.HasPrefix(c.words[1], "-") && c.words[1] != "--version" || strings.ContainsAny(c.words[1], "./"))
	if old {
		return c.words[1:], true
	}
	return nil, false
}

// ignoresFaults reports whether a linter succeeds whatever it finds, or is only asked for something.
func ignoresFaults(args []string) bool {
	return slices.ContainsFunc(args, func(w string) bool {
		return slices.Contains([]string{"--exit-zero", "--version", "--help", "--show-settings"}, w)
	})
}

// lintOutput are options of linters that write files, or choose the form of the output.
var lintOutput = []string{"--output-format", "--output-file", "--tee", "--junit-xml", "--html-report", "--txt-report",
	"--xml-report", "--cobertura-xml-report", "--linecount-report", "--color", "--format", "--outputjson"}

// lintValues are options of linters that have a value as a word of its own.
var lintValues = []string{"--python-version", "--python-executable", "--config-file", "--platform", "--config",
	"--target-version", "-t", "--rcfile", "--settings-path", "--sp", "-l", "--line-length", "-j", "--jobs", "-p", "-m",
	"--package", "--module", "--max-line-length", "--max-complexity", "--select", "--ignore", "--extend-ignore",
	"--extend-select", "--exclude", "--extend-exclude", "--per-file-ignores", "--profile", "--disable", "--enable",
	"--fail-under", "--min-confidence", "-S", "-I", "-L", "--skip", "--ignore-words-list", "--ignore-words", "-P",
	"--pythonpath", "--cache-dir", "--load-plugins", "--project", "--exclude-file", "--style", "--convention"}

// checkArguments returns the arguments with which a linter checks: without those that only the tool that calls it
// knows, that choose the form of the output, and that decide whether it rewrites files.
func (e *env) checkArguments(l linter, args []string) []string {
	out, paths := []string{}, 0
	for i := 0; i < len(args); i++ {
		word := args[i]
		name, _, joined := strings.Cut(word, "=")
		value := !joined && i+1 < len(args) && slices.Contains(slices.Concat(lintValues, lintOutput), name) &&
			!strings.HasPrefix(args[i+1], "-")
		if slices.Contains([]string{"--color", "--outputjson"}, name) && l.name != "mypy" {
			value = false
		}
		switch {
		case slices.Contains(lintOutput, name) || value && !isKnown(args[i+1]) || !isKnown(word):
		case decidesRewriting(word) || slices.Contains(l.writing, word):
		case value:
			out = append(out, word, args[i+1])
		case strings.HasPrefix(word, "-"):
			out = append(out, word)
		default:
			more := e.lintPaths(l, word)
			out, paths = append(out, more...), paths+len(more)
		}
		if value {
			i++
		}
	}
	if paths == 0 && l.needsPaths {
		out = append(out, e.allSources()...)
	}
	return out
}

// lintPaths returns the paths that an argument stands for. The folder itself has environments, which not every linter
// leaves out.
func (e *env) lintPaths(l linter, word string) []string {
	switch {
	case path.Clean(word) == "." && l.enters:
		return e.allSources()
	case strings.ContainsAny(word, "*?["):
		return e.matching(word)
	}
	return []string{word}
}

// matching returns the names that match a pattern, as a shell finds them, or the pattern if there are none.
func (e *env) matching(pattern string) (out []string) {
	pattern = strings.ReplaceAll(pattern, "**", "*")
	for _, name := range e.Find(3, func(string) bool { return true }) {
		rest, below := strings.CutPrefix(name, e.dir+"/")
		if e.dir == "." {
			rest, below = name, true
		}
		for p := rest; below && p != "." && p != "/"; p = path.Dir(p) {
			if ok, _ := path.Match(path.Clean(pattern), p); ok && !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	if len(out) == 0 {
		return []string{pattern}
	}
	return out
}

// allSources returns the folders and files of the project with Python.
func (e *env) allSources() (out []string) {
	for _, name := range e.py {
		top, _, _ := strings.Cut(name, "/")
		out = union(out, []string{top})
	}
	return out
}

// called returns the checker of a linter that the automation calls.
func (l linter) called(e *env, call lintCall) checker {
	k := checker{name: l.name, step: l.step, why: call.source + " calls it", argv: slices.Concat(l.check, call.args),
		analyses: l.analyses, asks: l.asks, needs: call.needs, extra: call.needs.requirementsIn(e.project)}
	if l.fix != nil {
		k.fix = slices.Concat(l.fix, call.args)
	}
	return k
}
