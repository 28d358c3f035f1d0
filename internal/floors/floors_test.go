// Package floors keeps the layout: imports point down only, and each external library has one door.
package floors

import (
	"fmt"
	"iter"
	"maps"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/davit-dev/davit/"

// floors are the folders of the layout, from the roof to the ground. A package stands on the floor of the
// deepest folder here that it is in, and imports only what stands lower.
var floors = map[string]int{
	"cmd":                    4,
	"cmd/internal/cli":       3,
	"cmd/internal/timeline":  3,
	"cmd/internal/app":       2,
	"cmd/internal/deploy":    2,
	"cmd/internal/generator": 2,
	"cmd/internal/plugindev": 2,
	"cmd/internal/pluginreg": 2,
	"cmd/internal/upgrade":   2,
	"conventions":            1,
	"plugins":                1,
	"runner":                 1,
	"templates":              1,
	"internal":               0,
	"internal/fault":         -1, // what any package may need to say
	"internal/suggest":       -1,
	"internal/environ":       -1,
	"internal/secret":        -1,
	"internal/text":          -1,
	"internal/atomicfile":    -1,
	"internal/regular":       -1,
	"plugins/plan":           0,
	"plugins/scan":           0,
	"plugins/sdk":            0,
	"plugins/builtin/build":  4, // a command
}

// order is the order of imports on the floor of runner: a folder imports those in lines above its own, and
// the folders that it is in.
var order = [][]string{
	{"runner/trace"},
	{"runner"},
	{"runner/deploy/release"},
	{"runner/deploy"},
	{"runner/signature"},
	{"runner/registry", "runner/engine", "runner/buildkit/llb", "runner/deploy/docker/label"},
	{"runner/deploy/compose", "runner/deploy/history", "runner/deploy/docker/images",
		"runner/deploy/docker/containers", "runner/deploy/docker/networks"},
	{"runner/deploy/docker/lock", "runner/deploy/docker/logs", "runner/deploy/docker/records",
		"runner/deploy/deploytest"},
	{"runner/host", "runner/buildkit", "runner/deploy/docker"},
}

// exceptions are the other imports on one floor, each with its reason.
var exceptions = map[[2]string]string{
	{"cmd/davit", "cmd/internal/process"}:             "both mains are that one",
	{"cmd/davit-engine", "cmd/internal/process"}:      "both mains are that one",
	{"plugins", "plugins/builtin"}:                    "the host has them embedded",
	{"plugins/sdk", "plugins/plan"}:                   "the SDK makes plans",
	{"plugins/sdk/pins", "plugins/sdk/toml"}:          "the configuration of mise is TOML",
	{"plugins/sdk/sdktest", "plugins/plan"}:           "the SDK makes plans",
	{"plugins/sdk/precommit", "plugins/sdk/yaml"}:     "the hooks of pre-commit are configured in YAML",
	{"plugins/sdk/pipelines", "plugins/sdk/yaml"}:     "pipelines are configured in YAML",
	{"plugins/sdk/stack", "plugins/sdk/taskname"}:     "tasks of a project are targets by their names",
	{"plugins/sdk/pipelines", "plugins/sdk/toml"}:     "Cargo has its aliases in TOML",
	{"plugins/sdk/pipelines", "plugins/sdk/ini"}:      "tox is configured in INI",
	{"plugins/sdk/pipelines", "plugins/sdk/tox"}:      "pipelines run environments of tox",
	{"plugins/sdk/pipelines", "plugins/sdk/recipes"}:  "pipelines run commands",
	{"plugins/sdk/stack", "plugins/plan"}:             "the SDK makes plans",
	{"plugins/sdk/pipelines", "plugins/plan"}:         "what pipelines say about tests is in plans",
	{"plugins/sdk/stack", "plugins/sdk/pins"}:         "projects of small stacks pin versions",
	{"plugins/sdk/stack", "plugins/sdk/pipelines"}:    "pipelines enter projects of small stacks",
	{"plugins/sdk/stack", "plugins/sdk/recipes"}:      "its tests have commands of pipelines",
	{"plugins/sdk/recipes", "plugins/plan"}:           "the SDK makes plans",
	{"plugins/sdk/taskfile", "plugins/plan"}:          "the SDK makes plans",
	{"plugins/sdk/taskfile", "plugins/sdk/recipes"}:   "tasks run commands, which use environments",
	{"plugins/sdk/taskfile", "plugins/sdk/pipelines"}: "pipelines call tasks",
	{"plugins/sdk/taskfile", "plugins/sdk/taskname"}:  "tasks check by their names",
	{"plugins/sdk/recipes", "plugins/sdk/toml"}:       "manifests of Python are TOML",
	{"internal/registrytest", "internal/enginetest"}:  "a registry for tests runs in an engine",
	{"internal/blobs", "internal/trust"}:              "a store keeps the signatures of what it has",
	{"internal/managertest", "internal/cache"}:        "one process at a time installs a manager",
	{"internal/regular", "internal/fault"}:            "a file that is not read is a fault of the project",
	{"internal/project", "internal/strict"}:           "project.toml is strict TOML",
	{"internal/project", "plugins/plan"}:              "a target of project.toml is a step of a plan",
	{"internal/report", "plugins/plan"}:               "a plan says which format a report has",
}

// doors says in which folders an external library may be imported. Tests may import what they like.
var doors = map[string][]string{
	"github.com/tetratelabs/wazero":        {"plugins"},
	"github.com/alecthomas/kong":           {"cmd/internal/cli"},
	"github.com/alecthomas/mango-kong":     {"cmd/internal/manpage"},
	"github.com/muesli/roff":               {"cmd/internal/manpage"},
	"github.com/pelletier/go-toml":         {"internal/strict", "runner/host"},
	"github.com/bmatcuk/doublestar":        {"internal/tree"},
	"github.com/agnivade/levenshtein":      {"internal/suggest"},
	"github.com/jstemmer/go-junit-report":  {"internal/report"},
	"mvdan.cc/sh":                          {"runner/host"}, // the utilities of moreinterp too
	"deps.dev/util/semver":                 {"runner/host"},
	"github.com/klauspost/compress":        {"internal/compressed"},
	"github.com/valyala/fasttemplate":      {"templates/scaffold"},
	"github.com/rogpeppe/go-internal/diff": {"internal/ui"},
	"golang.org/x/term":                    {"internal/ui", "runner/host"},
	"golang.org/x/sys": {"internal/ui", "plugins", "internal/tree", "runner/host", "runner/trace", "internal/cache",
		"internal/self", "internal/disk"},
	"github.com/mattn/go-runewidth": {"internal/ui"},
	"github.com/pkg/browser":        {"internal/ui"},
	"github.com/moby/buildkit":      {"runner/buildkit", "runner/engine"},
	"github.com/moby/moby": {"runner/buildkit", "runner/engine", "runner/deploy/docker",
		"cmd/internal/bench/composeup", "internal/enginetest"},
	"github.com/containerd/errdefs": {"runner/deploy/docker", "runner/buildkit"},
	"github.com/docker/cli": {"runner/engine", "runner/deploy/docker", "runner/deploy/compose",
		"cmd/internal/bench/composeup"},
	"github.com/docker/compose":       {"runner/deploy/docker", "cmd/internal/bench/composeup"},
	"github.com/compose-spec":         {"runner/deploy/compose", "runner/deploy/docker", "internal/dotenv"},
	"go.yaml.in/yaml":                 {"runner/deploy/compose"},
	"github.com/containerd/platforms": {"runner/buildkit", "runner/engine"},
	"github.com/distribution/reference": {"runner/buildkit", "runner/engine", "runner/deploy/docker",
		"runner/deploy/history", "runner/registry"},
	"golang.org/x/sync":                          {"runner/buildkit", "runner/engine", "cmd/internal/plugindev"},
	"google.golang.org/grpc":                     {"runner/buildkit", "runner/engine"},
	"github.com/rogpeppe/go-internal/testscript": {"internal/packagetest"},
	"github.com/testcontainers":                  {"internal/registrytest"},
	"oras.land/oras-go":                          {"runner/registry"},
	"github.com/sigstore/sigstore":               {"runner/signature"},
	"github.com/sigstore/sigstore-go":            {"runner/signature"},
	"github.com/hiddeco/sshsig":                  {"runner/signature"},
	"golang.org/x/crypto":                        {"runner/signature"},
	"github.com/santhosh-tekuri/jsonschema":      {"internal/schematest"},
	"github.com/opencontainers":                  {"runner/buildkit", "runner/registry"},
	"github.com/containerd/log":                  {"runner/buildkit", "runner/deploy/compose"},
	"github.com/moby/docker-image-spec":          {"runner/buildkit"},
	"github.com/tonistiigi/fsutil":               {"runner/buildkit"},
	"github.com/moby/patternmatcher":             {"runner/buildkit"},
}

// testExceptions are the imports on one floor that single tests have besides, each with its reason.
var testExceptions = map[[2]string]string{
	{"internal/tree/descriptors_test.go", "internal/limittest"}: "the limit of open files is for tests only",
	{"plugins/scan/scan_test.go", "internal/moduletest"}:        "the attacks are for tests only",
	{"plugins/scan/fuzz_test.go", "internal/moduletest"}:        "the attacks are for tests only",
	{"runner/project_test.go", "runner/host"}:                   "its steps are processes of the host",
	{"plugins/sdk/stack/gleam_test.go", "plugins/sdk/sdktest"}:  "its plans are golden",
}

func TestImportsPointDown(t *testing.T) {
	for _, fault := range importFaults(sources(t)) {
		t.Error(fault)
	}
}

// importFaults returns the imports that point up, and those that a plugin may not have.
func importFaults(all []source) (faults []string) {
	for _, s := range all {
		if deepest(s.folder(), maps.Keys(floors)) == "" {
			faults = append(faults, s.path+" is on no floor")
		}
		for _, imported := range s.imports() {
			if fault := importFault(s, imported); fault != "" {
				faults = append(faults, s.path+fault)
			}
		}
	}
	return faults
}

// importFault returns what is wrong with an import of a file, or "".
func importFault(s source, imported string) string {
	from := s.folder()
	to, ours := strings.CutPrefix(imported, module)
	_, known := testExceptions[[2]string{s.path, to}]
	switch {
	case isGuest(from):
		if !guestMayImport(s, imported) {
			return " imports " + imported + "; a plugin imports the SDK and the standard library only"
		}
	case ours && !known && !mayImport(from, to):
		return fmt.Sprintf(" (floor %d) imports %s (floor %d)", floorOf(from), to, floorOf(to))
	}
	return ""
}

// TestAnImportUpwardsIsFound keeps the rules from being empty: each of these imports would be a fault.
func TestAnImportUpwardsIsFound(t *testing.T) {
	for _, bad := range [][2]string{
		{"internal/ui", "runner"}, {"internal/tree", "plugins"}, {"internal/new", "internal/ui"},
		{"internal/new", "cmd/internal/app"},
		{"runner", "cmd/internal/app"}, {"runner", "plugins"}, {"runner", "runner/host"},
		{"runner/deploy", "runner/deploy/docker"},
		{"runner/deploy/history", "runner/deploy/docker"}, {"runner/deploy/release", "runner/deploy"},
		{"runner/host", "runner/buildkit"},
		{"cmd/internal/app", "cmd/internal/deploy"}, {"cmd/internal/deploy", "cmd/internal/app"},
		{"cmd/internal/app", "cmd/internal/cli"},
		{"runner/new", "runner/other"}, {"plugins/plan", "plugins/sdk"},
	} {
		if mayImport(bad[0], bad[1]) {
			t.Errorf("%s may import %s", bad[0], bad[1])
		}
	}
}

// TestAnImportUpwardsIsFoundInEachFile checks that no build constraint hides one, and no name of a test.
func TestAnImportUpwardsIsFoundInEachFile(t *testing.T) {
	up := "package text\n\nimport _ \"" + module + "cmd/internal/app\""
	guest := "package x\n\nimport _ \"" + module + "internal/text\""
	for name, text := range map[string]string{
		"internal/text/x.go": up, "internal/text/x_windows.go": "//go:build windows\n\n" + up,
		"internal/text/x_test.go": up, "internal/text/tagged.go": "//go:build ignore\n\n" + up,
		"runner/x_test.go": up, "plugins/builtin/x/x_plan9.go": guest, "plugins/builtin/x/x_test.go": guest,
		"new/x.go": "package new",
	} {
		if faults := importFaults(sourcesOf(t, map[string]string{name: text})); len(faults) != 1 {
			t.Errorf("%s: the faults found are %q", name, faults)
		}
	}
}

// TestImportExceptionsAreNeeded keeps the exceptions from outliving their reasons.
func TestImportExceptionsAreNeeded(t *testing.T) {
	found := map[[2]string]bool{}
	for _, s := range sources(t) {
		for _, imported := range s.imports() {
			to := strings.TrimPrefix(imported, module)
			found[[2]string{s.path, to}], found[[2]string{s.folder(), to}] = true, true
		}
	}
	for _, list := range []map[[2]string]string{exceptions, testExceptions} {
		for pair := range list {
			if !found[pair] {
				t.Errorf("%s does not import %s, so this needs no exception", pair[0], pair[1])
			}
		}
	}
}

// mayImport reports whether one package of the module may import another.
func mayImport(from, to string) bool {
	if _, known := exceptions[[2]string{from, to}]; known || floorOf(to) < floorOf(from) {
		return true
	}
	if floorOf(to) > floorOf(from) || !in(from, "runner") || !in(to, "runner") {
		return floorOf(to) == floorOf(from) && in(from, to)
	}
	return placeOf(to) < placeOf(from) || placeOf(to) == placeOf(from) && in(from, to)
}

// floorOf returns the floor of the deepest known folder that a package is in.
func floorOf(pkg string) int { return floors[deepest(pkg, maps.Keys(floors))] }

// placeOf returns the line of order that a package is in.
func placeOf(pkg string) int {
	folder := deepest(pkg, slices.Values(slices.Concat(order...)))
	return slices.IndexFunc(order, func(line []string) bool { return slices.Contains(line, folder) })
}

func deepest(pkg string, folders iter.Seq[string]) (found string) {
	for folder := range folders {
		if in(pkg, folder) && len(folder) > len(found) {
			found = folder
		}
	}
	return found
}

// in reports whether a package is a folder, or is in it.
func in(pkg, folder string) bool { return pkg == folder || strings.HasPrefix(pkg, folder+"/") }

// isGuest reports whether a folder is of a plugin that is built in.
func isGuest(folder string) bool {
	return in(folder, "plugins/builtin") && folder != "plugins/builtin" && folder != "plugins/builtin/build"
}

// guestMayImport reports whether a plugin that is built in may import something: the SDK and the standard
// library, as anyone's could. Its tests may use libraries. A module imports its plugins.
func guestMayImport(s source, imported string) bool {
	if to, ours := strings.CutPrefix(imported, module); ours {
		return in(to, "plugins/sdk") || to == "plugins/plan" || in(s.folder(), "plugins/builtin/modules") && isGuest(to)
	}
	return s.isTest() || !external(imported)
}

func TestEachLibraryHasOneDoor(t *testing.T) {
	for _, s := range sources(t) {
		for _, imported := range s.imports() {
			library := !strings.HasPrefix(imported, module) && external(imported)
			if library && !s.isTest() && !hasDoor(s.folder(), imported) {
				t.Errorf("%s imports %s, which has another door, or none in this test", s.path, imported)
			}
		}
	}
}

// TestDavitLinksNoEngine keeps davit fast: linking an engine, or a library of registries, costs it at every start.
func TestDavitLinksNoEngine(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", module+"cmd/davit").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range []string{module + "runner/buildkit", module + "runner/engine",
		module + "runner/deploy/docker", module + "runner/deploy/compose", "github.com/moby/",
		"github.com/docker/", "github.com/compose-spec/compose-go/v2/types", "github.com/compose-spec/compose-go/v2/loader", "google.golang.org/grpc", "github.com/distribution/",
		"github.com/opencontainers/", "github.com/sigstore/", "github.com/hiddeco/", "golang.org/x/crypto/"} {
		for dep := range strings.Lines(string(out)) {
			if strings.HasPrefix(dep, engine) {
				t.Errorf("davit links %s", strings.TrimSpace(dep))
			}
		}
	}
}

// TestDavitLinksNoUnusedMethods keeps davit small: where a linked function looks for a method by a name that the linker does
// not know, every exported method of every type is a part of davit, a megabyte more. text/template has such a function, and
// so have Parse and Run of kong.
func TestDavitLinksNoUnusedMethods(t *testing.T) {
	cmd := exec.Command("go", "build", "-ldflags=-dumpdep", "-o", filepath.Join(t.TempDir(), "davit"), module+"cmd/davit")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	found := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		caller, callee, _ := strings.Cut(line, " -> ")
		name, is := strings.CutSuffix(strings.TrimSpace(callee), " <ReflectMethod>")
		if is && !found[name] {
			found[name] = true
			t.Errorf("%s calls %s, which looks for methods by name", caller, name)
		}
	}
}

// hasDoor reports whether an external library may be imported in a package.
func hasDoor(from, imported string) bool {
	for library, folders := range doors {
		if in(imported, library) && slices.ContainsFunc(folders,
			func(folder string) bool { return in(from, folder) }) {
			return true
		}
	}
	return false
}

// external tells whether an import is neither ours nor of the standard library.
func external(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return strings.Contains(path.Base(first), ".")
}
