package app

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/davit-dev/davit/conventions"
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

// TasksFile returns the tasks of VS Code, one for each target that the project offers.
func (p *Project) TasksFile() (*GeneratedFile, error) {
	if len(p.Failures) > 0 {
		return nil, incomplete("the tasks", p.Failures)
	}
	all := []task{}
	for _, name := range p.Resolution.Names() {
		t, _ := p.Resolution.Find(name)
		if t.Name != name || !p.shared(name) {
			continue
		}
		one := task{Label: "davit " + name, Detail: t.Summary, Type: "process", Command: "davit", Args: []string{name},
			IsBackground: t.Effect == conventions.Runs, ProblemMatcher: []string{}}
		if name == "build" || name == "test" {
			one.Group = &taskGroup{name, true}
		}
		all = append(all, one)
	}
	if len(all) == 0 {
		return nil, p.EmptyError()
	}
	f := &GeneratedFile{System: "vscode", Command: "davit ide vscode", File: tasksFile, Text: tasksMark + "\n" + tasksJSON(all)}
	return f, p.compare(f, isTasks)
}

// isTasks reports whether a file is one that davit has written.
func isTasks(text string) bool {
	first, _, _ := strings.Cut(text, "\n")
	return strings.TrimSuffix(first, "\r") == tasksMark
}

// tasksJSON returns tasks as the file has them.
func tasksJSON(all []task) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	_ = e.Encode(map[string]any{"version": "2.0.0", "tasks": all}) // writing to a bytes.Buffer cannot fail
	return b.String()
}
