package python

import (
	"path"
	"slices"
	"strings"
)

// A task is what a tool of automation runs under one name: an environment of tox, a session of nox, a script of
// hatch, pdm or poe, a target of a Makefile, a script of the shell.
type task struct {
	runner string // "tox", "nox", "hatch", "pdm", "poe", "make", "sh"
	name   string
	file   string // that defines it, and the folder it runs in, relative to the root of the repository
	dir    string
	script string // its commands, as for a shell
	// byDefault means that its tool runs it if no task is named.
	byDefault bool
	// deps are lines of pip that are installed for it, extras and groups those of the project.
	deps, extras, groups []string
	env                  map[string]string // the variables that it sets
	values               map[string]string // variables of make, which its script uses
}

// source says where the task is: "tox.ini", "the session tests of noxfile.py".
func (t *task) source() string {
	kind := map[string]string{"nox": "the session", "make": "the target", "tox": "the environment", "sh": ""}
	word, ok := kind[t.runner]
	switch {
	case t.runner == "sh", t.runner == "tox" && t.name == "testenv":
		return t.file
	case !ok:
		word = "the script"
	}
	return word + " " + t.name + " of " + t.file
}

// allTasks returns the tasks of the project, read once. Environments of tox that its list does not name are not
// among them.
func (pr *project) allTasks() []*task {
	if pr.tasks == nil {
		pr.tasks = slices.Concat(pr.tox().listed(), pr.noxTasks(), pr.scriptTasks(), pr.makeTasks())
		if pr.tasks == nil {
			pr.tasks = []*task{}
		}
	}
	return pr.tasks
}

// tasksOf returns the tasks of a tool with one of the names, or those that it runs by default if there is none.
func (pr *project) tasksOf(runner string, names []string) (out []*task) {
	unknown := slices.ContainsFunc(names, func(name string) bool { return !isKnown(name) })
	for _, t := range pr.allTasks() {
		if t.runner == runner && (slices.Contains(names, t.name) || (len(names) == 0 || unknown) && t.byDefault) {
			out = append(out, t)
		}
	}
	return out
}

// tasksCalled returns the tasks that a command calls. It reports false if the command is none that calls tasks.
func (x *expansion) tasksCalled(c command) ([]*task, bool) {
	program, args := programOf(c.words[0]), c.words[1:]
	if program == "make" || program == "gmake" {
		args, c.dir = inFolder(args, c.dir)
	}
	here := c.dir == x.dir
	if t := c.task; t != nil && t.runner == "hatch" { // its scripts call others by their names alone
		env, _, _ := strings.Cut(t.name, ":")
		if found := x.tasksOf("hatch", []string{env + ":" + c.words[0]}); len(found) > 0 {
			return found, true
		}
	}
	switch program {
	case "tox":
		return x.tox().called(args), here
	case "nox":
		return x.tasksOf("nox", sessions(args)), here
	case "make", "gmake":
		return x.tasksOf("make", slices.DeleteFunc(args, func(w string) bool {
			return strings.HasPrefix(w, "-") || strings.Contains(w, "=")
		})), here
	case "hatch":
		return x.hatchCalled(args)
	case "pdm", "poe", "task", "poetry", "uv", "rye":
		return x.scriptCalled(program, args)
	}
	return x.shellScript(c)
}

// inFolder returns the arguments of make without -C, and the folder that it names.
func inFolder(args []string, dir string) ([]string, string) {
	if i := slices.Index(args, "-C"); i >= 0 && i+1 < len(args) {
		return slices.Delete(slices.Clone(args), i, i+2), path.Join(dir, args[i+1])
	}
	return args, dir
}

// sessions returns the sessions that the arguments of nox name.
func sessions(args []string) (names []string) {
	open := false
	for _, word := range args {
		name, value, ok := strings.Cut(word, "=")
		switch option := slices.Contains([]string{"-s", "--session", "--sessions", "-e"}, name); {
		case word == "--":
			return names
		case option && ok:
			names = append(names, value)
		case strings.HasPrefix(word, "-"):
			open = option
		case open:
			name, _, _ = strings.Cut(word, "(")
			names = append(names, strings.TrimSuffix(name, "-"+pythonSuffix().FindString(name)))
		}
	}
	return names
}

// pythonSuffix matches the version of Python in the name of a session of nox: "tests-3.12".
var pythonSuffix = lazyRegexp(`[\d.]+$`)

// scriptCalled returns the script of pyproject.toml that "pdm run NAME", "poe NAME", "uv run poe NAME" call.
func (x *expansion) scriptCalled(program string, args []string) ([]*task, bool) {
	if program != "poe" && program != "task" && first(args) == "run" {
		args = args[1:]
	}
	args = withoutOptions(args, runOptions...)
	found := x.tasksOf(program, args[:min(1, len(args))])
	return found, len(found) > 0 && len(args) > 0
}

// shellScript returns the script of the shell that a command runs: "scripts/test", "sh ci/lint.sh".
func (x *expansion) shellScript(c command) ([]*task, bool) {
	words := c.words
	if base := path.Base(words[0]); base == "sh" || base == "bash" {
		words = withoutOptions(words[1:], "-o")
	}
	if len(words) == 0 || !strings.ContainsAny(words[0], "/.") || !isKnown(words[0]) || c.dir == ".." {
		return nil, false
	}
	name := path.Join(c.dir, words[0])
	text := ""
	if !strings.HasPrefix(name, "..") && !path.IsAbs(name) {
		text = x.Head(name, maxPipeline)
	}
	line, _, _ := strings.Cut(text, "\n")
	if strings.HasPrefix(line, "#!") && !strings.Contains(line, "sh") || !strings.HasPrefix(line, "#!") &&
		!strings.HasSuffix(name, ".sh") || text == "" {
		return nil, false
	}
	return []*task{{runner: "sh", name: name, file: name, dir: c.dir, script: text}}, true
}
