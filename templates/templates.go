// Package templates renders the files that davit writes into a project without them. It is a pure function of
// its arguments.
package templates

import (
	"bytes"
	"embed"
	"encoding/json"
	"strings"
	"sync"
	"text/template"
)

//go:embed *.toml *.md
var files embed.FS

// parsed parses the templates when the first one is rendered: few calls of davit need one.
var parsed = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{"toml": value, "text": markdownText, "code": markdownCode,
		"schema": func() string { return Schema }}).
		ParseFS(files, "*.toml", "*.md"))
})

// Schema is the address of the JSON Schema of project.toml, by which editors complete it. davit does not open it.
const Schema = "https://raw.githubusercontent.com/davit-dev/davit/main/cmd/internal/cli/schema/project.json"

// Project returns the project.toml of a project with that name.
func Project(name string) string { return render("project.toml", Adoption{Name: name}) }

// An Adoption is what davit found in a project.
type Adoption struct {
	Name string
	// Known is a line for each provider: "go: Go module example.com/shop (go 1.26)".
	Known []string
	// Parts are those that no plugin knows.
	Parts []Part
	// Needs are the targets that the target test gets.
	Needs []string
}

// A Part is a project of a stack that has no plugin, and the target that tests it with the stack's own command.
type Part struct{ Stack, Path, Target, Command string }

// Adopted returns the project.toml of a project that is there already.
func Adopted(a Adoption) string { return render("adopted.toml", a) }

func render(name string, data any) string {
	var b strings.Builder
	if err := parsed().ExecuteTemplate(&b, name, data); err != nil {
		panic(err) // the templates are tested, and writing to a strings.Builder cannot fail
	}
	return b.String()
}

// value returns a string, or an array of strings, as TOML has it, which is as JSON has it.
func value(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return strings.TrimSpace(b.String()), err
}
