package compose

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/google/go-cmp/cmp"

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
	if diff := cmp.Diff(m.Canonical(key), back.Canonical(key)); diff != "" {
		t.Fatalf("%s\n%s", diff, kept)
	}
	if strings.Contains(string(kept), given["SECRET"]) {
		t.Fatalf("a secret is kept:\n%s", kept)
	}
}
