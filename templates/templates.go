// Package templates renders the files that davit writes into a project without them. It is a pure function of
// its arguments.
package templates

import (
	_ "embed"
	"strings"
	"text/template"
)

//go:embed project.toml
var projectFile string

// Project returns the project.toml of a project with that name.
func Project(name string) string {
	var b strings.Builder
	t := template.Must(template.New("project.toml").Parse(projectFile))
	if err := t.Execute(&b, struct{ Name string }{name}); err != nil {
		panic(err) // writing to a strings.Builder cannot fail
	}
	return b.String()
}
