package app

import (
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/runner"
)

func TestACommandOfCargoCompilesTheSameFeaturesOrOthers(t *testing.T) {
	for _, c := range []struct {
		manifest, ran, asked string
		want                 bool
	}{
		{"[features]\nx = []\n", "cargo test --features x", "cargo test", false},
		{"[features]\nx = []\n", "cargo test", "cargo test --all-features", false},
		{"[features]\nx = []\n", "cargo test --features x --workspace", "cargo +stable test -F x", true},
		{"[features]\nx = []\n", "cargo test --features x", "cargo test $FLAGS", false},
		{"[features]\nx = []\n", "cargo test", "cargo check", true},
		{"[features]\nx = []\n", "cargo test", "cargo check --no-default-features", false},
		{"[features]\nx = []\n", "cargo test && cargo clippy --no-default-features", "cargo build --no-default-features", true},
		{"[dependencies]\nx = { version = '1', optional = true }\n", "cargo test", "cargo test --all-features", false},
		{"[package]\n", "cargo test", "cargo test --all-features", true},
	} {
		project := &sdk.Project{FS: fstest.MapFS{"sub/Cargo.toml": &fstest.MapFile{Data: []byte(c.manifest)}}}
		d := newDone(project, []runner.Step{{Plan: plan.Step{Op: plan.OpShell, Script: c.ran}}})
		if _, got := d.step(pipelines.Follow(project, ".", c.asked)[0]); got != c.want {
			t.Errorf("%q after %q with %q: got %t", c.asked, c.ran, c.manifest, got)
		}
	}
}

func TestASentenceNamesACommand(t *testing.T) {
	for _, c := range []struct {
		said, text string
		want       bool
	}{
		{"test leaves out what ci.yml also runs: make e2e-all, make x; davit explain", "make e2e-all", true},
		{"test leaves out what ci.yml also runs: make e2e-all", "make e2e", false},
		{"test leaves out what ci.yml also runs: cargo test --all-features and make x in y", "cargo test", false},
		{"python leaves out twine check (ci.yml)", "twine check", true},
		{"ci.yml calls make x, make xmake y and z", "make y", false},
	} {
		if got := isSaid([]string{c.said}, c.text); got != c.want {
			t.Errorf("%q in %q: got %t", c.text, c.said, got)
		}
	}
}
