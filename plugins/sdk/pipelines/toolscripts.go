package pipelines

import (
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// A scriptKind is a tool that runs scripts which a table of TOML has by their names.
type scriptKind struct {
	tool, command string   // "pdm", "pdm run"
	files, keys   []string // of the table: "pyproject.toml"; "tool", "pdm", "scripts"
	nested        string   // of hatch: the table with the scripts in each table
}

var scriptKinds = []scriptKind{
	{"hatch", "hatch run", []string{"pyproject.toml"}, []string{"tool", "hatch", "envs"}, "scripts"},
	{"hatch", "hatch run", []string{"hatch.toml"}, []string{"envs"}, "scripts"},
	{"pdm", "pdm run", []string{"pyproject.toml"}, []string{"tool", "pdm", "scripts"}, ""},
	{"poe", "poe", []string{"pyproject.toml"}, []string{"tool", "poe", "tasks"}, ""},
	{"poe", "poe", []string{"poe_tasks.toml"}, []string{"tool", "poe", "tasks"}, ""},
	{"poe", "poe", []string{"poe_tasks.toml"}, []string{"tasks"}, ""},
	{"task", "task", []string{"pyproject.toml"}, []string{"tool", "taskipy", "tasks"}, ""},
	{"mise", "mise run", []string{"mise.toml", ".mise.toml", "mise/config.toml", ".config/mise.toml"}, []string{"tasks"}, ""},
}

// scripts returns the scripts of a table by the names that a person types: "lint:style" of hatch.
func (k scriptKind) scripts(table map[string]any) map[string]any {
	all := map[string]any{}
	for name, value := range table {
		switch {
		case k.nested == "" && !strings.HasPrefix(name, "_"):
			all[name] = value
		case k.nested != "":
			for own, script := range toml.Table(table, name, k.nested) {
				all[strings.TrimPrefix(name+":"+own, "default:")] = script
			}
		}
	}
	return all
}

// toolScripts adds the commands of the scripts that a command of hatch, pdm, poe, taskipy or mise names, and reports
// whether there are any.
func (r *pipelineReader) toolScripts(c recipes.Command) (found bool) {
	for _, k := range scriptKinds {
		if path.Base(c.Words[0]) != k.tool {
			continue
		}
		name := scriptNamed(c.Words)
		for _, file := range k.files {
			scripts := k.scripts(toml.Table(r.toml(path.Join(c.Dir, file)), k.keys...))
			if scripts[name] != nil {
				r.toolScript(k, c.Dir, name, scripts)
				found = true
			}
		}
	}
	return found
}

// scriptNamed returns the name of the script that a command runs: "lint:style" of "hatch -e lint run style".
func scriptNamed(words []string) string {
	env, run := "", false
	for i := 1; i < len(words); i++ {
		switch w := words[i]; {
		case (w == "-e" || w == "--env") && i+1 < len(words):
			i++
			env = words[i] + ":"
		case w == "run" && !run:
			run = true
		case !strings.HasPrefix(w, "-"):
			return strings.TrimPrefix(env+w, "default:")
		}
	}
	return ""
}

// toolScript adds the commands of a script, and of those that it names.
func (r *pipelineReader) toolScript(k scriptKind, dir, name string, scripts map[string]any) {
	if !r.once(k.tool + " " + dir + " " + name) {
		return
	}
	env, _, nested := strings.Cut(name, ":")
	for _, line := range scriptLines(scripts[name], k.tool) {
		first, _, _ := strings.Cut(line.text, " ")
		if own := env + ":" + first; nested && scripts[own] != nil {
			first = own
		}
		if line.mayName && first != name && scripts[first] != nil {
			r.toolScript(k, dir, first, scripts)
		} else {
			r.script(dir, withoutBraces(line.text))
		}
	}
}

// A scriptLine is a command, or the name of another script.
type scriptLine struct {
	text    string
	mayName bool
}

// scriptLines returns the lines of a script: a text, a list, or a table with either.
func scriptLines(value any, tool string) (lines []scriptLine) {
	switch value := value.(type) {
	case string:
		return []scriptLine{{value, tool == "hatch"}}
	case []any:
		if tool == "pdm" {
			return []scriptLine{{wordsOf(value), false}}
		}
		for _, one := range value {
			if text, ok := one.(string); ok {
				lines = append(lines, scriptLine{text, tool != "mise"})
			} else {
				lines = append(lines, scriptLines(one, tool)...)
			}
		}
	case map[string]any:
		return tableLines(value, tool)
	}
	return lines
}

// tableLines returns the lines of a script that is a table.
func tableLines(table map[string]any, tool string) (lines []scriptLine) {
	for _, key := range []string{"depends", "deps", "sequence", "parallel", "composite", "ref", "task"} {
		for _, one := range append(toml.List(table, key), table[key]) {
			if text, ok := one.(string); ok {
				lines = append(lines, scriptLine{text, true})
			} else if one, ok := one.(map[string]any); ok {
				lines = append(lines, tableLines(one, tool)...)
			}
		}
	}
	for _, key := range []string{"cmd", "shell", "run", "file"} {
		if list := toml.List(table, key); list != nil && key == "cmd" {
			lines = append(lines, scriptLine{wordsOf(list), false})
		} else {
			lines = append(lines, scriptLines(table[key], "mise")...)
		}
	}
	return lines
}

// wordsOf returns a list of words as a command.
func wordsOf(list []any) string {
	var words []string
	for _, one := range list {
		if word, ok := one.(string); ok {
			words = append(words, sdk.Quote(word))
		}
	}
	return strings.Join(words, " ")
}

// withoutBraces returns a command with the defaults of the arguments of hatch and pdm in it: "pytest tests" of
// "pytest {args:tests}".
func withoutBraces(text string) string {
	return arguments().ReplaceAllString(text, "$1")
}

var arguments = compiled(`\{args:?([^{}]*)\}`)
