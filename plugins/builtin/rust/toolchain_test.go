package rust

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

func TestToolchains(t *testing.T) {
	const package1 = "[package]\nname = 'x'\nversion = '1.0.0'\nedition = '2021'\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  string // the pin, by what, the image
	}{
		"nothing":   {nil, "||rust:1"},
		"a version": {map[string]string{"rust-toolchain": "1.90\n"}, "1.90|rust-toolchain|rust:1.90"},
		"with a target": {map[string]string{"rust-toolchain": "1.90.0-x86_64-unknown-linux-gnu\n"},
			"1.90.0|rust-toolchain|rust:1.90.0"},
		"as TOML": {map[string]string{"rust-toolchain.toml": "[toolchain]\nchannel = '1.90'\n"},
			"1.90|rust-toolchain.toml|rust:1.90"},
		"nightly": {map[string]string{"rust-toolchain": "nightly\n"},
			"nightly|rust-toolchain|rustlang/rust:nightly"},
		"nightly of one day": {map[string]string{"rust-toolchain": "nightly-2025-01-01\n"},
			"nightly-2025-01-01|rust-toolchain|rust:1"},
		"stable":            {map[string]string{"rust-toolchain": "stable\n"}, "stable|rust-toolchain|rust:1"},
		"beta":              {map[string]string{"rust-toolchain": "beta\n"}, "beta|rust-toolchain|rust:1"},
		"one of the user's": {map[string]string{"rust-toolchain": "esp\n"}, "||rust:1"},
		"components alone": {map[string]string{"rust-toolchain.toml": "[toolchain]\ncomponents = ['clippy']\n"},
			"||rust:1"},
		"a path":        {map[string]string{"rust-toolchain.toml": "[toolchain]\npath = '/opt/rust'\n"}, "||rust:1"},
		"asdf":          {map[string]string{".tool-versions": "rust 1.90.0\n"}, "1.90.0|.tool-versions|rust:1.90.0"},
		"mise":          {map[string]string{"mise.toml": "[tools]\nrust = '1.90'\n"}, "1.90|mise.toml|rust:1.90"},
		"mise's latest": {map[string]string{"mise.toml": "[tools]\nrust = 'latest'\n"}, "||rust:1"},
	} {
		fsys := fstest.MapFS{"Cargo.toml": {Data: []byte(package1)}, "src/lib.rs": {}}
		for file, text := range c.files {
			fsys[file] = &fstest.MapFile{Data: []byte(text)}
		}
		p, err := Read(&sdk.Project{Project: plan.Project{Name: "x", Dir: "."}, FS: fsys})
		if err != nil {
			t.Fatal(err)
		}
		for _, tool := range []string{"cargo", "cargo-clippy"} {
			tool := p.Tools[tool]
			got := strings.Join([]string{tool.Pin, tool.PinnedBy, tool.Image}, "|")
			if got != c.want || tool.Runtime != plan.RuntimeRust {
				t.Errorf("%s: got %s of %q, wanted %s", name, got, tool.Runtime, c.want)
			}
		}
	}
}

// The plan says what brings a toolchain that no image has, with its components.
func TestAToolchainThatNoImageHas(t *testing.T) {
	p, err := Read(&sdk.Project{Project: plan.Project{Name: "x", Dir: "."}, FS: fstest.MapFS{
		"Cargo.toml": {Data: []byte("[package]\nname = 'x'\nversion = '1.0.0'\n")}, "src/lib.rs": {},
		"rust-toolchain.toml": {Data: []byte(
			"[toolchain]\nchannel = 'nightly-2025-01-01'\ncomponents = ['rustfmt', 'miri']\n")}}})
	const want = "rustup toolchain install nightly-2025-01-01 --component rustfmt,miri"
	if err != nil || !strings.Contains(strings.Join(p.Decisions, "\n"), want) {
		t.Errorf("got %v, %v", p.Decisions, err)
	}
}
