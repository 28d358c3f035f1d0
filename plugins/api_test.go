package plugins

import (
	"os"
	"path/filepath"
	"testing"
)

// TestPluginsOfTheFirstAPI checks that plugins that were built once answer as they did then. Their bytes stay as they are for as
// long as davit knows API 1: what they need and what they answer is what published plugins do. The sources were those of
// examples/plugins.
func TestPluginsOfTheFirstAPI(t *testing.T) {
	for digest, name := range map[string]string{
		"sha256:9aa076ae03641d40d934f17a4f2f5297974f1e9b22827dc82f45b0cab4c617ed": "c.wasm", "sha256:8b65d9567b3ea225a407dc605714967c6890a888e4cdaf374c1ea07ae9a95ce1": "assemblyscript.wasm",
	} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", "api-1", name))
			if err != nil {
				t.Fatal(err)
			}
			m, err := Parse("", data)
			if err != nil || m.Manifest.API != 1 || m.Digest != digest {
				t.Fatalf("got %+v (%v), wanted the module of %s", m, err, digest)
			}
			a, err := ask(t, newHost(t, Options{}), m, filepath.Join("testdata", "api-1", "project"))
			if err != nil {
				t.Fatal(err)
			}
			got, err := a.Plan.Indented()
			want, missing := os.ReadFile(filepath.Join("testdata", "api-1", "plan.json"))
			if err != nil || missing != nil || string(got) != string(want) {
				t.Errorf("got %s (%v, %v)", got, err, missing)
			}
		})
	}
}
