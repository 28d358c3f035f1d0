// Package floors keeps the layout: imports point down only, and each external library has one door.
package floors

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"strings"
	"testing"
)

const module = "github.com/davit-dev/davit/"

// floors says how high each package stands. A package imports only what stands lower, or a parent of its own.
var floors = map[string]int{
	"cmd/davit":                4,
	"cmd/davit-engine":         4,
	"internal/bench":           4,
	"internal/bench/composeup": 4,
	"plugins/pack":             4,
	"internal/process":         3,
	"internal/cli":             3,
	"internal/app":             2,
	"conventions":              1,
	"plugins":                  1,
	"runner":                   1,
	"runner/host":              1,
	"runner/buildkit":          1,
	"runner/registry":          1,
	"runner/buildkit/llb":      1,
	"runner/buildkit/connect":  1,
	"runner/compose":           1,
	"runner/compose/history":   1,
	"runner/compose/images":    1,
	"runner/compose/lock":      1,
	"runner/compose/logs":      1,
	"runner/compose/model":     1,
	"templates":                1,
	"plugins/builtin":          1,
	"plugins/builtin/build":    4,
	"runner/compose/label":     0,
	"internal/cache":           0,
	"internal/project":         0,
	"internal/release":         0,
	"internal/report":          0,
	"internal/self":            0,
	"internal/strict":          0,
	"internal/suggest":         0,
	"internal/tree":            0,
	"internal/ui":              0,
	"internal/enginetest":      0,
	"internal/registrytest":    1,
	"internal/floors":          0,
	"plugins/plan":             0,
	"plugins/sdk":              0,
	"plugins/sdk/sdktest":      0,
	"plugins/sdk/toml":         0,
}

// neighbours are the imports on one floor that are meant: what one idea of the floor is made of.
var neighbours = map[string][]string{
	"plugins":                {"plugins/builtin"},
	"plugins/sdk":            {"plugins/plan"},
	"plugins/sdk/sdktest":    {"plugins/plan"},
	"runner/buildkit":        {"runner/buildkit/connect", "runner/buildkit/llb", "runner/registry"},
	"runner/compose":         {"runner/compose/history", "runner/compose/images", "runner/compose/lock", "runner/compose/logs", "runner/compose/model"},
	"runner/compose/history": {"runner/compose/images", "runner/registry"},
	"runner/compose/lock":    {"runner/compose/images"},
	"internal/process":       {"internal/cli"},
	"internal/strict":        {"internal/suggest"},
	"internal/project":       {"internal/strict", "internal/suggest", "plugins/plan"},
}

// doors says which packages may import an external library. Tests may import what they like.
var doors = map[string][]string{
	"github.com/tetratelabs/wazero":        {"plugins"},
	"github.com/alecthomas/kong":           {"internal/cli"},
	"github.com/pelletier/go-toml":         {"internal/strict"},
	"github.com/bmatcuk/doublestar":        {"internal/tree"},
	"github.com/agnivade/levenshtein":      {"internal/suggest"},
	"github.com/jstemmer/go-junit-report":  {"internal/report"},
	"mvdan.cc/sh":                          {"runner/host"},
	"deps.dev/util/semver":                 {"runner/host"},
	"github.com/klauspost/compress":        {"plugins", "plugins/builtin/build"},
	"github.com/rogpeppe/go-internal/diff": {"internal/ui"},
	"golang.org/x/term":                    {"internal/ui", "runner/host"},
	"golang.org/x/sys":                     {"internal/ui", "internal/tree", "runner/host", "internal/cache", "internal/self"},
	"github.com/mattn/go-runewidth":        {"internal/ui"},
	"github.com/pkg/browser":               {"internal/ui"},
	"github.com/moby/buildkit":             {"runner/buildkit", "runner/buildkit/connect", "runner/buildkit/llb"},
	"github.com/moby/moby":                 {"runner/buildkit", "runner/buildkit/connect", "runner/compose", "runner/compose/history", "runner/compose/images", "runner/compose/lock", "runner/compose/logs", "internal/bench/composeup", "internal/enginetest"},
	"github.com/containerd/errdefs":        {"runner/compose", "runner/compose/history", "runner/compose/images", "runner/compose/lock", "runner/compose/logs"},
	"github.com/docker/cli":                {"runner/buildkit/connect", "runner/compose", "runner/compose/images", "internal/bench/composeup"},
	"github.com/docker/compose":            {"runner/compose", "runner/compose/logs", "internal/bench/composeup"},
	"github.com/compose-spec":              {"runner/compose", "runner/compose/model"},
	"go.yaml.in/yaml":                      {"runner/compose/model"},
	"github.com/containerd/platforms":      {"runner/buildkit", "runner/buildkit/connect"},
	"github.com/distribution/reference":    {"runner/buildkit", "runner/buildkit/connect", "runner/compose/history", "runner/compose/images"},
	"golang.org/x/sync":                    {"runner/buildkit", "runner/buildkit/connect"},
	"google.golang.org/grpc":               {"runner/buildkit", "runner/buildkit/connect"},
	"github.com/testcontainers":            {"internal/registrytest"},
	"oras.land/oras-go":                    {"runner/registry"},
	"github.com/opencontainers":            {"runner/buildkit", "runner/buildkit/llb", "runner/registry"},
	"github.com/containerd/log":            {"runner/buildkit", "runner/compose/model"},
	"github.com/moby/docker-image-spec":    {"runner/buildkit"},
	"github.com/tonistiigi/fsutil":         {"runner/buildkit"},
	"github.com/moby/patternmatcher":       {"runner/buildkit"},
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func TestImportsPointDown(t *testing.T) {
	for _, p := range packages(t) {
		from := strings.TrimPrefix(p.ImportPath, module)
		if strings.HasPrefix(from, "plugins/builtin/") && from != "plugins/builtin/build" {
			guest(t, p)
			continue
		}
		floor, known := floors[from]
		if !known {
			t.Errorf("%s stands on no floor; give it one here and in docs/architecture.md", from)
		}
		for _, imported := range p.Imports {
			if to, ours := strings.CutPrefix(imported, module); ours && !lower(from, to, floor) {
				t.Errorf("%s (floor %d) imports %s (floor %d)", from, floor, to, floors[to])
			}
		}
	}
}

func lower(from, to string, floor int) bool {
	if floors[to] < floor || strings.HasPrefix(from, to+"/") {
		return true
	}
	for _, n := range neighbours[from] {
		if n == to {
			return true
		}
	}
	return false
}

// guest: a plugin that is built in imports the SDK and the standard library, as anyone's could.
func guest(t *testing.T, p pkg) {
	for _, imported := range p.Imports {
		to, ours := strings.CutPrefix(imported, module)
		if ours && !strings.HasPrefix(to, "plugins/sdk") && to != "plugins/plan" || !ours && external(imported) {
			t.Errorf("%s imports %s; a plugin imports the SDK and the standard library only", p.ImportPath, imported)
		}
	}
}

func TestEachLibraryHasOneDoor(t *testing.T) {
	for _, p := range packages(t) {
		from := strings.TrimPrefix(p.ImportPath, module)
		for _, imported := range p.Imports {
			if !strings.HasPrefix(imported, module) && external(imported) && !mayImport(from, imported) {
				t.Errorf("%s imports %s, which has another door, or none in this test", from, imported)
			}
		}
	}
}

// TestDavitLinksNoEngine keeps davit fast: linking an engine costs it at every start.
func TestDavitLinksNoEngine(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", module+"cmd/davit").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range []string{module + "runner/buildkit", module + "runner/compose", "github.com/moby/", "github.com/docker/", "github.com/compose-spec/", "google.golang.org/grpc"} {
		for dep := range strings.Lines(string(out)) {
			if strings.HasPrefix(dep, engine) {
				t.Errorf("davit links %s", strings.TrimSpace(dep))
			}
		}
	}
}

func mayImport(from, imported string) bool {
	for library, doors := range doors {
		for _, door := range doors {
			if (imported == library || strings.HasPrefix(imported, library+"/")) && door == from {
				return true
			}
		}
	}
	return false
}

// external tells whether an import is neither ours nor of the standard library.
func external(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return strings.Contains(path.Base(first), ".")
}

func packages(t *testing.T) (all []pkg) {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}
