package app

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/project"
)

// tasksFile is where VS Code looks for the tasks of a folder, and tasksMark is the first line of davit's: comments are allowed
// there.
const (
	tasksFile = ".vscode/tasks.json"
	tasksMark = "// davit ide vscode --write writes this file: the targets of the project decide. Without this line it is yours."
)

// A task is one of VS Code: https://code.visualstudio.com/docs/debugtest/tasks.
type task struct {
	Label          string     `json:"label"`
	Detail         string     `json:"detail,omitempty"`
	Type           string     `json:"type"`
	Command        string     `json:"command"`
	Args           []string   `json:"args"`
	Group          *taskGroup `json:"group,omitempty"`
	IsBackground   bool       `json:"isBackground,omitempty"`
	ProblemMatcher []string   `json:"problemMatcher"`
}

type taskGroup struct {
	Kind      string `json:"kind"`
	IsDefault bool   `json:"isDefault"`
}

// A taskInput is a value that VS Code asks for when a task runs:
// https://code.visualstudio.com/docs/editor/variables-reference#_input-variables.
type taskInput struct {
	ID          string   `json:"id"`
	Type        string   `json:"type"`
	Description string   `json:"description"`
	Default     string   `json:"default,omitempty"`
	Options     []string `json:"options,omitempty"`
}

// inputOf returns what a task asks for a parameter of a target.
func inputOf(target, name string, param project.Param) taskInput {
	i := taskInput{ID: target + "." + name, Type: "promptString", Description: cmp.Or(param.Summary, name+" of davit "+target)}
	if param.Default != nil {
		i.Default = *param.Default
	}
	if len(param.Choices) > 0 {
		i.Type, i.Options = "pickString", param.Choices
	}
	return i
}

// TasksFile returns the tasks of VS Code, one for each target that the project offers.
func (p *Project) TasksFile() (*GeneratedFile, error) {
	if len(p.Failures) > 0 {
		return nil, incomplete("the tasks", p.Failures)
	}
	all, inputs := []task{}, []taskInput{}
	for _, name := range p.Resolution.Names() {
		t, _ := p.Resolution.Find(name)
		if t.Name != name || !p.shared(name) {
			continue
		}
		one := task{Label: "davit " + name, Detail: t.Summary, Type: "process", Command: "davit", Args: []string{name},
			IsBackground: t.Effect == conventions.Runs, ProblemMatcher: []string{}}
		params := p.Params(name)
		for _, param := range slices.Sorted(maps.Keys(params)) {
			asked := inputOf(name, param, params[param])
			one.Args, inputs = append(one.Args, param+"=${input:"+asked.ID+"}"), append(inputs, asked)
		}
		if name == "build" || name == "test" {
			one.Group = &taskGroup{name, true}
		}
		all = append(all, one)
	}
	if len(all) == 0 {
		return nil, p.EmptyError()
	}
	f := &GeneratedFile{System: "vscode", Command: "davit ide vscode", File: tasksFile, Text: tasksMark + "\n" + tasksJSON(all, inputs)}
	return f, p.compare(f, isTasks)
}

// isTasks reports whether a file is one that davit has written.
func isTasks(text string) bool {
	first, _, _ := strings.Cut(text, "\n")
	return strings.TrimSuffix(first, "\r") == tasksMark
}

// tasksJSON returns tasks as the file has them.
func tasksJSON(all []task, inputs []taskInput) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	file := map[string]any{"version": "2.0.0", "tasks": all}
	if len(inputs) > 0 {
		file["inputs"] = inputs
	}
	_ = e.Encode(file) // writing to a bytes.Buffer cannot fail
	return b.String()
}
