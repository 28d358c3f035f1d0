package python

import (
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// scriptTasks returns the scripts of pyproject.toml: of hatch, whose names have the environment before them, of pdm,
// poe and taskipy.
func (pr *project) scriptTasks() (out []*task) {
	tool := toml.Table(pr.pyproject, "tool")
	envs := toml.Table(tool, "hatch", "envs")
	for _, env := range slices.Sorted(maps.Keys(envs)) {
		for _, t := range pr.scriptsIn("hatch", toml.Table(envs, env, "scripts")) {
			t.name = env + ":" + t.name
			t.script = hatchArgs(t.script)
			t.deps = append(toml.Strings(envs, env, "dependencies"), toml.Strings(envs, env, "extra-dependencies")...)
			t.extras = toml.Strings(envs, env, "features")
			t.groups = toml.Strings(envs, env, "dependency-groups")
			out = append(out, t)
		}
	}
	return slices.Concat(out, pr.scriptsIn("pdm", toml.Table(tool, "pdm", "scripts")),
		pr.scriptsIn("poe", toml.Table(tool, "poe", "tasks")), pr.scriptsIn("task", toml.Table(tool, "taskipy", "tasks")))
}

// scriptsIn returns the scripts of a table.
func (pr *project) scriptsIn(runner string, table map[string]any) (out []*task) {
	for _, name := range slices.Sorted(maps.Keys(table)) {
		if name != "_" && !strings.HasPrefix(name, "_.") {
			out = append(out, &task{runner: runner, name: name, file: pr.at("pyproject.toml"), dir: pr.dir,
				script: scriptOf(runner, table[name])})
		}
	}
	return out
}

// scriptOf returns the commands of a script: a text, a list of them or of words, a table with either.
func scriptOf(runner string, value any) string {
	switch value := value.(type) {
	case string:
		return value
	case []any:
		switch runner {
		case "pdm":
			return sdk.Quote(stringsOf(value)...)
		case "poe":
			return sequence("poe", value)
		}
		return strings.Join(stringsOf(value), "\n")
	case map[string]any:
		return tableScript(runner, value)
	}
	return ""
}

// tableScript returns the commands of a script that is a table. What it names besides commands are other scripts.
func tableScript(runner string, table map[string]any) string {
	for _, key := range []string{"cmd", "shell", "script"} {
		if words := stringsOf(table[key]); len(words) > 1 {
			return sdk.Quote(words...)
		} else if len(words) == 1 && key != "script" {
			return words[0]
		}
	}
	if ref := toml.String(table, "ref"); ref != "" {
		return runner + " " + ref
	}
	if list := toml.List(table, "composite"); list != nil {
		return sequence("pdm run", list)
	}
	return sequence(runner, append(toml.List(table, "sequence"), toml.List(table, "parallel")...))
}

// sequence returns the commands that call the scripts of a list. A table in it is a script of its own.
func sequence(caller string, list []any) (script string) {
	for _, item := range list {
		if name, ok := item.(string); ok {
			script += caller + " " + name + "\n"
		} else {
			script += scriptOf("poe", item) + "\n"
		}
	}
	return script
}

// hatchArgs replaces the place of the arguments of hatch by their default: "{args:tests}".
func hatchArgs(script string) string {
	for {
		before, rest, ok := strings.Cut(script, "{args")
		if !ok {
			return strings.ReplaceAll(strings.ReplaceAll(script, "{root}/", "./"), "{root}", ".")
		}
		value, after, _ := strings.Cut(rest, "}")
		script = before + strings.TrimPrefix(value, ":") + after
	}
}

// hatchCalled returns the scripts that hatch runs: "hatch run lint:all", "hatch -e lint run all". The words behind are
// its commands if there is no such script.
func (x *expansion) hatchCalled(args []string) ([]*task, bool) {
	env := "default"
	for len(args) > 0 && args[0] != "run" {
		if (args[0] == "-e" || args[0] == "--env") && len(args) > 1 {
			env = args[1]
		}
		args = args[1:]
	}
	if len(args) < 2 {
		return nil, false
	}
	args = withoutOptions(args[1:], "-e")
	name := first(args)
	if own, rest, ok := strings.Cut(strings.TrimPrefix(name, "+"), ":"); ok {
		env, name = own, rest
	}
	found := x.tasksOf("hatch", []string{env + ":" + name})
	return found, len(found) > 0
}

// makeVariable matches a variable of make, which in a shell would be a command.
var makeVariable = lazyRegexp(`\$\((\w+)\)`)

// makeAssignment matches the definition of a variable of make.
var makeAssignment = lazyRegexp(`^(\w+)\s*[:?]{0,2}=\s*(.*)$`)

// makeTasks returns the targets of the Makefile, each with the commands of those that
// it needs. Variables are those of names that programOf knows.
func (pr *project) makeTasks() (out []*task) {
	file := pr.firstOf("Makefile", "makefile", "GNUmakefile")
	if file == "" {
		return nil
	}
	var open []*task
	values := map[string]string{}
	for _, line := range strings.Split(strings.ReplaceAll(pr.Head(pr.at(file), maxPipeline), "\\\n", " "), "\n") {
		recipe, indented := strings.CutPrefix(line, "\t")
		if found := makeAssignment().FindStringSubmatch(line); found != nil {
			value, _, _ := strings.Cut(makeVariable().ReplaceAllString(found[2], "$${$1}"), " #")
			values[found[1]] = strings.Join(replaced(strings.Fields(value), values), " ")
		}
		names, needs, rule := strings.Cut(line, ":")
		switch {
		case indented:
			for _, t := range open {
				if recipe = strings.TrimLeft(recipe, "@+ "); !strings.HasPrefix(recipe, "-") {
					t.script += makeVariable().ReplaceAllString(recipe, "$${$1}") + "\n"
				}
			}
		case rule && !strings.HasPrefix(needs, "=") && !strings.ContainsAny(names, "#=$%") && names != ".PHONY":
			open = nil
			needs, _, _ = strings.Cut(strings.TrimPrefix(needs, ":"), "#")
			for _, name := range strings.Fields(names) {
				t := &task{runner: "make", name: name, file: pr.at(file), dir: pr.dir, byDefault: len(out) == 0,
					values: values}
				if needs = strings.TrimSpace(needs); needs != "" && isKnown(needs) {
					t.script = "make " + needs + "\n"
				}
				open, out = append(open, t), append(out, t)
			}
		case strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "#"):
			open = nil
		}
	}
	return out
}
