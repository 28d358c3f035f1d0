//go:build unix

package main_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins"
)

const manifestOfMake = `name = "make"
version = "1"
api = 1
summary = "a plugin of the project"
detect = ["Makefile"]
authority = "explicit"
`

// TestDavitEngineAloneHasPlugins: davit-engine compiles and runs what is not built in in a process of its own program, so
// no davit has to be next to it.
func TestDavitEngineAloneHasPlugins(t *testing.T) {
	bin, dir := t.TempDir(), t.TempDir()
	if err := errors.Join(os.Link(filepath.Join(programs(t), "one", "davit-engine"), filepath.Join(bin, "davit")),
		os.WriteFile(filepath.Join(dir, "acme.wasm"), acme(t), 0o644)); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "Makefile"), "test:\n\ttrue\n")
	write(t, filepath.Join(dir, "project.toml"), "[plugins.make]\nfrom = \"acme.wasm\"\n")
	out, code := callSoon(t, bin, t.TempDir(), dir, []string{"targets"})
	if code != 0 || strings.Contains(out, "warning:") || !regexp.MustCompile(`(?m)^  test +make `).MatchString(out) {
		t.Errorf("exit code %d: %s", code, out)
	}
}

// acme returns the built-in plugin of make as one of a project, which nobody trusts.
func acme(t *testing.T) []byte {
	t.Helper()
	all, err := plugins.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(m *plugins.Module) bool { return m.Manifest.Name == "make" })
	raw, err := all[i].Bytes()
	if err != nil {
		t.Fatal(err)
	}
	packed, err := plugins.Pack(raw, []byte(manifestOfMake))
	if err != nil {
		t.Fatal(err)
	}
	return packed
}
