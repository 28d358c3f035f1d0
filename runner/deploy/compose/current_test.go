package compose

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// TestCurrentSecrets: only secrets that are declared, and that have a value, replace those of a release.
func TestCurrentSecrets(t *testing.T) {
	const files = `-- compose.yaml --
services:
  a:
    image: x
    environment: {T: "a ${TOKEN} $${TOKEN}", OTHER_TOKEN: "${TOKEN}", API_KEY: "${API_KEY}"}
    secrets: [by-file, by-variable]
secrets: {by-file: {file: f}, by-variable: {environment: ANY}}
-- f --
of the file
-- .env --
API_KEY=undeclared
ANY=of .env
`
	e := project(t, files)
	values := &Values{}
	with := func(token string) Renderer {
		return Renderer{Environment: e, Keys: key, Secrets: map[string]string{"TOKEN": token}, Values: values}
	}
	m, err := with("first one").Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	m.images = map[string]release.Image{"a": {}}
	text, err := m.Compose()
	if err != nil {
		t.Fatal(err)
	}
	of := release.Release{Number: 1, Environment: "dev", Compose: text, Images: m.images, Model: m.Canonical()}
	for name, content := range map[string]string{"f": "another file\n", ".env": "API_KEY=changed\nANY=another\n"} {
		if err := os.WriteFile(filepath.Join(e.Dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for token, want := range map[string][]string{"": {"ANY", "by_file"}, "first one": {"ANY", "by_file"},
		"second one": {"ANY", "TOKEN", "by_file"}} {
		got, notes, err := with(token).WithCurrentSecrets(t.Context(), of)
		if said := strings.Join(notes, ""); err != nil || len(notes) != len(want) ||
			slices.ContainsFunc(want, func(name string) bool { return !strings.Contains(said, "the secret "+name+" changes") }) {
			t.Fatalf("%q: %q, %v", token, notes, err)
		}
		back, err := with("").Parse(t.Context(), got)
		if err != nil {
			t.Fatal(err)
		}
		environment := back.real.Services["a"].Environment
		if token == "" {
			token = "first one"
		}
		if *environment["T"] != "a "+token+" ${TOKEN}" || *environment["API_KEY"] != "undeclared" ||
			*environment["OTHER_TOKEN"] != token || back.contents["secrets/by-file"].real != "another file\n" {
			t.Errorf("%q: %s", token, got.Compose)
		}
		if path := release.Disagreement(got.Model, back.Canonical()); path != "" || strings.Contains(string(got.Compose), "another") {
			t.Errorf("%q: %s: %s", token, path, got.Compose)
		}
	}
}
