package compose

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// FuzzLoad: a Compose file is refused in one sentence, or what a release keeps of it is the same model and
// holds no secret.
func FuzzLoad(f *testing.F) {
	files, _ := filepath.Glob("testdata/golden/*.txtar")
	for _, file := range files {
		if a, err := txtar.ParseFile(file); err == nil {
			for _, f1 := range a.Files {
				if strings.HasSuffix(f1.Name, ".yaml") {
					f.Add(f1.Data)
				}
			}
		}
	}
	f.Add([]byte("services: {a: {image: x, environment: {A: '${SECRET}', B: '$$x', ${SECRET}: c}, labels: [a=$SECRET]}}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		e := release.Environment{Project: "shop", Name: "dev", Dir: t.TempDir()}
		if err := os.WriteFile(filepath.Join(e.Dir, "compose.yaml"), text, 0o644); err != nil {
			t.Fatal(err)
		}
		given := map[string]string{"SECRET": "hunter2hunter2"}
		m, err := loadFor(t, e, nil, given)
		if err != nil {
			if told := (*FileError)(nil); !errors.As(err, &told) || strings.Contains(err.Error(), "\n") ||
				strings.Contains(err.Error(), given["SECRET"]) {
				t.Fatalf("%T %q", err, err)
			}
			return
		}
		same(t, e, m, given)
	})
}

func same(t *testing.T, e release.Environment, m *Model, given map[string]string) {
	images := map[string]release.Image{}
	for _, name := range m.Services() {
		images[name] = release.Image{Digest: "sha256:1"}
	}
	m, err := m.Pin(images)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := m.Compose()
	if err != nil {
		t.Fatal(err)
	}
	back, err := parseFor(t, release.Release{Compose: kept, Images: images}, e, nil, given)
	if err != nil {
		t.Fatalf("%v\n%s", err, kept)
	}
	if diff := cmp.Diff(m.Canonical(), back.Canonical()); diff != "" {
		t.Fatalf("%s\n%s", diff, kept)
	}
	of := release.Release{Format: release.Format, Number: 1, Environment: "dev", Compose: kept, Images: images,
		Model: m.Canonical()}
	derived, err := Renderer{Environment: e, Keys: key}.DeriveModel(t.Context(), of.Reduced())
	if diff := cmp.Diff(of.Model, derived, cmpopts.EquateEmpty()); err != nil || diff != "" {
		t.Fatalf("derived: %v\n%s\n%s", err, diff, kept)
	}
	if strings.Contains(string(kept), given["SECRET"]) {
		t.Fatalf("a secret is kept:\n%s", kept)
	}
}

// FuzzDerive: whatever the text of a release is, a model is derived from it without any variable of the caller, or
// it is refused in one sentence; the same model comes from what is reduced again.
func FuzzDerive(f *testing.F) {
	files, _ := filepath.Glob("testdata/golden/*.kept.json")
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil {
			f.Add(text)
		}
	}
	f.Add([]byte(`{"services": {"a": {"image": "x", "environment": {"A": "${CALLER}", "B": "${CALLER:-x}"}}}}`))
	f.Add([]byte(`{"services": {"a": {"image": "x", "env_file": "/etc/passwd"}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r := Renderer{Environment: release.Environment{Project: "shop", Name: "dev", Dir: t.TempDir()},
			Env: []string{"CALLER=hunter2hunter2"}, Secrets: map[string]string{"OTHER": "hunter2hunter2"}, Keys: key}
		of := release.Release{Format: release.Format, Number: 1, Environment: "dev", Compose: text}
		derived, err := r.derive(t.Context(), of)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Fatalf("%T %q", err, err)
			}
			return
		}
		if found := string(pretty(&testing.T{}, derived)); strings.Contains(found, "hunter2hunter2") {
			t.Fatalf("a variable of the caller counts: %s", found)
		}
		of.Model = derived
		of.Images = map[string]release.Image{}
		for name, s := range derived.Services {
			of.Images[name] = release.Image{Digest: s.Fields["image"]}
		}
		again, err := r.DeriveModel(t.Context(), of)
		if diff := cmp.Diff(derived, again, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Fatalf("%v\n%s", err, diff)
		}
	})
}
