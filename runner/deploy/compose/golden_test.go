package compose

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/davit-dev/davit/runner/deploy/release"
)

var update = flag.Bool("update", false, "write the golden models anew")

// golden is a project in the style of public ones, and how its environment is set up.
type golden struct {
	env     release.Environment
	environ []string
	secrets map[string]string
}

func opened(t *testing.T, archive string) (g golden) {
	g.env, g.secrets = project(t, archive), map[string]string{}
	text, _ := os.ReadFile(filepath.Join(g.env.Dir, "settings.toml")) // most have none
	for line := range strings.Lines(string(text)) {
		key, rest, _ := strings.Cut(strings.TrimSpace(line), " = ")
		words := strings.Fields(rest)
		switch key {
		case "compose":
			g.env.Compose = words
		case "profiles":
			g.env.Profiles = words
		case "env_files":
			g.env.EnvFiles = words
		case "environ":
			g.environ = words
		case "replicas":
			name, n, _ := strings.Cut(rest, "=")
			count, err := strconv.Atoi(n)
			if err != nil {
				t.Fatal(err)
			}
			g.env.Replicas = map[string]int{name: count}
		case "secrets":
			i := slices.IndexFunc(g.environ, func(s string) bool { return strings.HasPrefix(s, rest+"=") })
			g.secrets[rest] = strings.TrimPrefix(g.environ[i], rest+"=")
		}
	}
	return g
}

// TestGolden: the canonical form of each project, what is built and pulled, and what a release keeps. The
// model that comes back from a release is the same.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { compare(t, file) })
	}
}

func compare(t *testing.T, file string) {
	archive, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	g := opened(t, string(archive))
	m, err := loadFor(t, g.env, g.environ, g.secrets)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]any{"builds": m.Builds(), "pulls": m.Pulls(), "ignored": m.Ignored("1.41"),
		"shared": m.SharedResources(), "jobs": m.Jobs(), "model": m.Canonical()}
	images := map[string]release.Image{}
	for _, name := range m.Services() {
		images[name] = release.Image{Digest: "sha256:" + name}
	}
	if m, err = m.Pin(images); err != nil {
		t.Fatal(err)
	}
	kept := returns(t, g, m, images)
	checked(t, strings.TrimSuffix(file, ".txtar")+".json", pretty(t, got))
	checked(t, strings.TrimSuffix(file, ".txtar")+".kept.json", kept)
}

// returns gives what a release keeps, from which the same model is loaded and the same is kept again.
func returns(t *testing.T, g golden, m *Model, images map[string]release.Image) []byte {
	kept, err := m.Compose()
	if err != nil {
		t.Fatal(err)
	}
	back, err := parseFor(t, release.Release{Compose: kept, Images: images}, g.env, g.environ,
		g.secrets)
	if err != nil {
		t.Fatalf("%v\n%s", err, kept)
	}
	if diff := cmp.Diff(m.Canonical(), back.Canonical()); diff != "" {
		t.Errorf("a model is another when it comes back:\n%s", diff)
	}
	if again, err := back.Compose(); err != nil || !bytes.Equal(again, kept) {
		t.Errorf("what is kept of it is something else: %v\n%s", err, cmp.Diff(string(kept), string(again)))
	}
	r := release.Release{Format: release.Format, Number: 1, Environment: "dev", Compose: kept, Images: images,
		Model: m.Canonical()}
	derived, err := Renderer{Environment: g.env}.DeriveModel(t.Context(), r.Reduced())
	if diff := cmp.Diff(m.Canonical(), derived, cmpopts.EquateEmpty()); diff != "" || err != nil {
		t.Errorf("another model is derived from what is kept: %v\n%s", err, diff)
	}
	for _, secret := range []string{"hunter2", "t0ken", g.env.Dir, markStart} {
		if bytes.Contains(kept, []byte(secret)) ||
			bytes.Contains(pretty(t, m.Canonical()), []byte(secret)) {
			t.Errorf("%q is kept", secret)
		}
	}
	return append(kept, '\n')
}

func pretty(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return append(text, '\n')
}

func checked(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s: -want +got\n%s", file, diff)
	}
}
