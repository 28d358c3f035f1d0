package compose

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/google/go-cmp/cmp"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// parts are what the generated paths are made of.
var parts = []string{".", "..", "~", "~root", ".env", ".b", "...", "..x", " ", "a b", " a", "a ", "x.y", ".x.", "-", "a$$b",
	"é", "link", "#", "'", "out"}

// generatedPath returns a path as people write it in a Compose file.
func generatedPath(r *rand.Rand, dir string) string {
	path := []string{"./", "../", "", "~/", "./", "../.", "/", dir + "/", dir + "x/"}[r.IntN(9)]
	for range 1 + r.IntN(3) {
		path += parts[r.IntN(len(parts))] + "/"
	}
	if r.IntN(4) > 0 {
		path = strings.TrimSuffix(path, "/")
	}
	return path
}

// pathsOf returns the Compose file in which everything that can name a file or a folder does, with one path each.
func pathsOf(next func() string) map[string]any {
	return map[string]any{
		"services": map[string]any{
			"a": map[string]any{
				"image": "x", "read_only": true,
				"volumes": []any{
					map[string]any{"type": "bind", "source": next(), "target": "/one"},
					map[string]any{"type": "volume", "source": "v", "target": "/two"},
					map[string]any{"type": "volume", "source": "w", "target": "/three"},
					"./" + strings.TrimLeft(next(), "/") + ":/four:ro",
				},
				"configs": []any{"c"}, "secrets": []any{"s"},
			},
			"b": map[string]any{"build": map[string]any{
				"context": next(), "dockerfile": next(), "additional_contexts": map[string]any{"other": next()},
			}},
		},
		"volumes": map[string]any{
			"v": map[string]any{"driver": "local", "driver_opts": map[string]any{"type": "none", "o": "bind", "device": next()}},
			"w": map[string]any{"driver_opts": map[string]any{"type": "none", "o": "bind", "device": next()}},
		},
		"configs": map[string]any{"c": map[string]any{"file": next()}},
		"secrets": map[string]any{"s": map[string]any{"file": next()}},
	}
}

// TestPaths: each path of a model, and of the release that keeps it, leads to where Compose itself takes it.
func TestPaths(t *testing.T) {
	for seed := range 200 {
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		e := generatedProject(t)
		file := pathsOf(func() string { return generatedPath(r, e.Dir) })
		text, err := json.MarshalIndent(file, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(e.Dir, "compose.yaml"), text, 0o644); err != nil {
			t.Fatal(err)
		}
		if !t.Run(fmt.Sprint(seed), func(t *testing.T) { samePaths(t, e, text) }) {
			return
		}
	}
}

// generatedProject returns an environment in a folder with a link out of it.
func generatedProject(t *testing.T) release.Environment {
	dir := filepath.Join(t.TempDir(), ".pro ject")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("..", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	return release.Environment{Project: "shop", Name: "dev", Dir: dir}
}

// composed returns what Compose says of the same files.
func composed(t *testing.T, e release.Environment) *types.Project {
	o, err := cli.NewProjectOptions(nil, cli.WithWorkingDirectory(e.Dir), cli.WithName(e.Instance()),
		cli.WithConfigFileEnv, cli.WithDefaultConfigPath)
	if err != nil {
		t.Fatal(err)
	}
	p, err := o.LoadProject(t.Context())
	if err != nil {
		t.Skip(err)
	}
	return p
}

func samePaths(t *testing.T, e release.Environment, text []byte) {
	theirs := composed(t, e)
	s, err := newSource(Renderer{Environment: e, Keys: key})
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.load(t.Context(), nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	m := &Model{env: e, source: s, real: p, masked: p, contents: map[string]content{}}
	b := m.Builds()["b"]
	want := theirs.Services["b"].Build
	for what, pair := range map[string][2]string{
		"context": {absolute(e.Dir, b.Context), want.Context}, "dockerfile": {b.Dockerfile, want.Dockerfile},
		"contexts": {absolute(e.Dir, b.Contexts["other"]), want.AdditionalContexts["other"]},
	} {
		if filepath.Clean(pair[0]) != filepath.Clean(pair[1]) {
			t.Errorf("%s: %q, not %q\n%s", what, pair[0], pair[1], text)
		}
	}
	if m, err = m.Pin(map[string]release.Image{"a": {Digest: "sha256:1"}, "b": {Digest: "sha256:2"}}); err != nil {
		t.Fatal(err)
	}
	kept, err := m.Compose()
	if err != nil {
		t.Fatal(err)
	}
	back, err := sourceOf(Renderer{Environment: e, Keys: key}, release.Release{Compose: kept})
	if err != nil {
		t.Fatal(err)
	}
	got, err := back.load(t.Context(), nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, kept)
	}
	if diff := cmp.Diff(applied(theirs), applied(got)); diff != "" {
		t.Errorf("what a release keeps leads elsewhere: %s\n%s\n%s", diff, text, kept)
	}
}

// applied returns the paths that the engine gets.
func applied(p *types.Project) map[string]string {
	all := map[string]string{}
	for _, v := range p.Services["a"].Volumes {
		if v.Type == types.VolumeTypeBind {
			all[v.Target] = filepath.Clean(v.Source)
		}
	}
	for name, v := range p.Volumes {
		all["volume "+name] = filepath.Clean(v.DriverOpts["device"])
	}
	all["config"] = filepath.Clean(p.Configs["c"].File)
	all["secret"] = filepath.Clean(p.Secrets["s"].File)
	return all
}
