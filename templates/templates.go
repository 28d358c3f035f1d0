// Package templates holds the files that davit begins a project with, and renders them: a pure function of what it is given.
package templates

import (
	_ "embed"
	"strings"
	"text/template"
)

//go:embed project.toml
var projectFile string

// Project returns a project.toml for a project of that name.
func Project(name string) string {
	var b strings.Builder
	t := template.Must(template.New("project.toml").Parse(projectFile))
	if err := t.Execute(&b, struct{ Name string }{name}); err != nil {
		panic(err) // a string cannot fail to be written to memory
	}
	return b.String()
}
