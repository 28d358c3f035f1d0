package cli

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/invopop/jsonschema"
	"github.com/pelletier/go-toml/v2"
	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/cmd/internal/generator"
	"github.com/davit-dev/davit/cmd/internal/plugindev"
	"github.com/davit-dev/davit/cmd/internal/pluginreg"
	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/compressed"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
	backend "github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/templates"
)

// written are the documents that are TOML, read are those of plugins; what davit prints has a version.
var (
	written = map[string]any{"project": &project.Project{}, "manifest": &plugins.Manifest{}, "convention": &conventions.Convention{}}
	read    = map[string]any{"request": &plan.Request{}, "plan": &plan.Plan{}}
	printed = map[string]any{
		"events": &ui.Event{}, "audit": &app.Audit{}, "ci": &app.Comparison{}, "diff": &deploy.DriftReport{},
		"doctor": &doctorJSON{}, "onboard": &templates.Onboarding{}, "dry-run": &dryJSON{}, "engine": &runner.EngineInfo{}, "env": &environmentsJSON{}, "explain": &app.Explanation{},
		"graph": &graphJSON{}, "inspect": &deploy.Inspection{}, "lock": &lockJSON{}, "log": &changesJSON{}, "logs": &backend.LogLine{}, "open": &addressesJSON{},
		"pipeline": &app.GeneratedFile{}, "proposal": &deploy.Proposal{}, "releases": &releasesJSON{}, "report": &app.PastRun{}, "schemas": &schemasJSON{}, "status": &deploy.Status{}, "targets": &targetsJSON{},
		"plugin-build": &plugindev.Packed{}, "plugin-change": &pluginreg.Change{}, "plugin-lint": &findingsJSON{},
		"plugin-published": &pluginreg.Plugin{}, "plugin-run": &plugindev.Answer{}, "plugin-search": &foundPluginsJSON{}, "vendor": &pluginreg.Vendoring{}, "plugin-test": &plugindev.TestReport{}, "plugins": &pluginsJSON{},
		"new": &generator.Project{}, "template": &templateJSON{}, "templates": &templatesJSON{},
		"template-published": &pluginreg.Template{}, "convention-check": &app.Conformity{}, "convention-published": &pluginreg.Convention{}, "convention-diff": &conventionDiffJSON{},
		"upgrade": &upgradesJSON{},
		"version": &versionJSON{}, "watch": &deploy.WatchEvent{},
	}
)

// TestSchemasAreThoseOfTheTypes compares each schema with the types and their comments, which are the descriptions.
func TestSchemasAreThoseOfTheTypes(t *testing.T) {
	said, all := comments(t), map[string]json.RawMessage{}
	for _, d := range documents {
		got := schemaOf(t, d, said)
		all[d.name] = got
		file := filepath.Join("cmd", "internal", "cli", "schema", d.name+".json")
		if flag.Lookup("update").Value.String() == "true" {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(file); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s differs from the types (%v); go test ./cmd/internal/cli -run Schemas -update writes it", file, err)
		}
	}
	checkArchive(t, all)
}

// checkArchive compares what davit carries with the schemas.
func checkArchive(t *testing.T, all map[string]json.RawMessage) {
	t.Helper()
	if flag.Lookup("update").Value.String() == "true" {
		schemaArchive = archived(t, all)
		if err := os.WriteFile(filepath.Join("cmd", "internal", "cli", "schema.json.zst"), schemaArchive, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := schemas()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(encoded(t, got), encoded(t, all)) {
		t.Error("schema.json.zst differs from the types; go test ./cmd/internal/cli -run Schemas -update writes it")
	}
}

// archived returns the archive of schemas.
func archived(t *testing.T, all map[string]json.RawMessage) []byte {
	t.Helper()
	var lines bytes.Buffer
	if err := json.Compact(&lines, encoded(t, all)); err != nil {
		t.Fatal(err)
	}
	data, err := compressed.Compress(lines.Bytes(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// schemaOf returns the schema of a document, with comments of Go as its descriptions.
func schemaOf(t *testing.T, d document, comments map[string]string) []byte {
	r := &jsonschema.Reflector{CommentMap: comments}
	var s *jsonschema.Schema
	switch {
	case written[d.name] != nil:
		r.FieldNameTag, r.RequiredFromJSONSchemaTags = "toml", true
		s = r.Reflect(written[d.name])
	case read[d.name] != nil:
		s = r.Reflect(read[d.name])
	default:
		r.AllowAdditionalProperties = true // which need no new version
		s = r.Reflect(printed[d.name])
		addVersion(t, s)
	}
	addFormats(s)
	s.ID, s.Title = "", d.title
	return encoded(t, s)
}

// addVersion adds the member that every printed object has.
func addVersion(t *testing.T, s *jsonschema.Schema) {
	t.Helper()
	object := s
	for _, definition := range s.Definitions {
		if definition != nil && s.Ref != "" && s.Definitions[filepath.Base(s.Ref)] == definition {
			object = definition
		}
	}
	if _, has := object.Properties.Get("version"); has {
		t.Errorf("%s has a member \"version\" of its own", s.Ref)
	}
	object.Properties.Set("version", &jsonschema.Schema{Const: ui.FormatVersion, Description: "The version of the format"})
	object.Required = append([]string{"version"}, object.Required...)
}

// addFormats names the formats of reports, where a schema has them.
func addFormats(s *jsonschema.Schema) {
	report := s.Definitions["Report"]
	if report == nil {
		return
	}
	format, _ := report.Properties.Get("format")
	for _, name := range plan.Formats {
		format.Enum = append(format.Enum, name)
	}
}

// encoded returns a schema as it stands in a file.
func encoded(t *testing.T, schema any) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(schema); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// comments returns the comments of the types that documents consist of, by the name of the type or field.
func comments(t *testing.T) map[string]string {
	t.Helper()
	t.Chdir(filepath.Join("..", "..", ".."))
	r := &jsonschema.Reflector{}
	for _, dir := range []string{"cmd/internal", "conventions", "internal", "plugins", "runner"} {
		if err := r.AddGoComments("github.com/davit-dev/davit", "./"+dir); err != nil {
			t.Fatal(err)
		}
	}
	return r.CommentMap
}

// TestSchemaOfProjectAcceptsWhatDavitAccepts validates the project.toml of each example, and some that are wrong.
func TestSchemaOfProjectAcceptsWhatDavitAccepts(t *testing.T) {
	schema, err := validator.NewCompiler().Compile(filepath.Join("schema", "project.json"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "examples", "*", project.File))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	texts := []string{"[targets.a]\nrun = [\"true\"]\n[_]\nname = \"x\"\n", "on = \"nowhere\"", "tragets = 1", "[targets.a]\nrun = 1",
		"[targets.a]\nefect = \"reads\""}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	for _, text := range texts {
		_, wanted := project.Parse([]byte(text))
		if err := schema.Validate(asJSON(t, text)); (err == nil) != (wanted == nil) {
			t.Errorf("%v, davit says %v, for\n%s", err, wanted, text)
		}
	}
}

// asJSON returns TOML as a JSON value.
func asJSON(t *testing.T, text string) (value any) {
	t.Helper()
	var table map[string]any
	if err := toml.Unmarshal([]byte(text), &table); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(table)
	if err == nil {
		value, err = validator.UnmarshalJSON(bytes.NewReader(data))
	}
	if err != nil {
		t.Fatal(err)
	}
	return value
}
