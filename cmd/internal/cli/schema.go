package cli

import (
	"bytes"
	"embed"
	"encoding/json"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/suggest"
)

//go:embed schema
var schemaFiles embed.FS

type schemaCmd struct {
	Name string `arg:"" optional:"" help:"What to describe, as davit schema lists it"`
}

// Help returns the details for davit schema --help.
func (schemaCmd) Help() string {
	return `Without NAME it lists what has a schema: project.toml, plugin.toml, what a plugin is asked and what it answers, and
what each command prints with --json. Editors such as Taplo and Even Better TOML complete project.toml with the first:

  davit schema project > project.schema.json     then, as the first line of project.toml: #:schema ./project.schema.json`
}

// Run prints a JSON Schema (draft 2020-12). Without a name it lists the schemas; with --json as {"schemas":["audit",…]}.
func (cmd *schemaCmd) Run(c *call) error {
	names := schemaNames()
	if cmd.Name == "" {
		return c.result(schemasJSON{names}, func(p printer) { p.schemas(names) })
	}
	data, err := schemaFiles.ReadFile("schema/" + cmd.Name + ".json")
	if err != nil {
		return fault.Preconditionf(nearSchema(cmd.Name, names), "there is no schema %q", cmd.Name)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, data, "", "  "); err != nil {
		return err
	}
	_, err = indented.WriteTo(c.Streams.Own())
	return err
}

type schemasJSON struct {
	Schemas []string `json:"schemas"`
}

// schemaNames returns the names of the schemas.
func schemaNames() (names []string) {
	files, err := fs.Glob(schemaFiles, "schema/*.json")
	if err != nil {
		panic(err) // cannot happen: the pattern is valid
	}
	for _, file := range files {
		names = append(names, strings.TrimSuffix(path.Base(file), ".json"))
	}
	return names
}

// nearSchema returns a hint with the schemas that were probably meant.
func nearSchema(name string, names []string) string {
	if near := suggest.Nearest(name, names); len(near) > 0 {
		return "did you mean " + suggest.Quoted(near) + "?"
	}
	return "davit schema lists them"
}

// schemas prints a row for each schema.
func (p printer) schemas(names []string) {
	var rows [][]string
	for _, d := range documents {
		if slices.Contains(names, d.name) {
			rows = append(rows, []string{d.name, d.title})
		}
	}
	p.Table(rows, nil)
}
