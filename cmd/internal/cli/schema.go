package cli

import (
	"bytes"
	_ "embed" // the schemas
	"encoding/json"
	"slices"

	"github.com/davit-dev/davit/internal/compressed"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/suggest"
)

// schemaArchive is the content of the folder schema, which a test writes: a JSON object of schemas by name, compressed. It
// is a tenth of the folder.
//
//go:embed schema.json.zst
var schemaArchive []byte

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
		return c.result(schemasJSON{names}, func(p printer) { p.schemas() })
	}
	if !slices.Contains(names, cmd.Name) {
		return fault.Preconditionf(nearSchema(cmd.Name, names), "there is no schema %q", cmd.Name)
	}
	all, err := schemas()
	if err != nil {
		return err
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, all[cmd.Name], "", "  "); err != nil {
		return err
	}
	indented.WriteByte('\n')
	_, err = indented.WriteTo(c.Streams.Own())
	return err
}

type schemasJSON struct {
	// Schemas are the names of what has a schema.
	Schemas []string `json:"schemas"`
}

// schemaNames returns the sorted names of the schemas.
func schemaNames() (names []string) {
	for _, d := range documents {
		names = append(names, d.name)
	}
	slices.Sort(names)
	return names
}

// schemas returns the schemas by name.
func schemas() (all map[string]json.RawMessage, err error) {
	data, err := compressed.Expand(schemaArchive, nil, 0)
	if err != nil {
		return nil, err
	}
	return all, json.Unmarshal(data, &all)
}

// nearSchema returns a hint with the schemas that were probably meant.
func nearSchema(name string, names []string) string {
	if near := suggest.Nearest(name, names); len(near) > 0 {
		return "did you mean " + suggest.Quoted(near) + "?"
	}
	return "davit schema lists them"
}

// schemas prints a row for each schema.
func (p printer) schemas() {
	var rows [][]string
	for _, d := range documents {
		rows = append(rows, []string{d.name, d.title})
	}
	p.Table(rows, nil)
}
