package plan_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/invopop/jsonschema"

	"github.com/davit-dev/davit/plugins/plan"
)

var update = flag.Bool("update", false, "write docs/plan.schema.json anew")

// The schema for authors of plugins is generated from the types and their comments.
func TestSchemaIsThatOfTheTypes(t *testing.T) {
	const file = "../../docs/plan.schema.json"
	r := &jsonschema.Reflector{}
	if err := r.AddGoComments("github.com/davit-dev/davit/plugins/plan", "./"); err != nil {
		t.Fatal(err)
	}
	s := r.Reflect(&plan.Plan{})
	format := s.Definitions["Report"].Properties.Value("format")
	for _, name := range plan.Formats {
		format.Enum = append(format.Enum, name)
	}
	s.ID, s.Title = "", "The answer of a davit plugin, API 1"
	var got bytes.Buffer
	e := json.NewEncoder(&got)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(s); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("%s differs from the types; go test ./plugins/plan -update writes it", file)
	}
}
