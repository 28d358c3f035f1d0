package app

import (
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/runner"
)

// after returns what steps of a command in a project have done, and the commands of its pipeline.
func after(files map[string]string, ran string) (*done, []pipelines.Call) {
	tree := fstest.MapFS{}
	var names []string
	for name, text := range files {
		tree[name], names = &fstest.MapFile{Data: []byte(text)}, append(names, name)
	}
	project := &sdk.Project{FS: tree}
	d := newDone(project, []runner.Step{{Plan: plan.Step{Op: plan.OpShell, Script: ran}}})
	d.names = names
	return d, pipelines.Read(project).Calls
}

// TestWarningsThatAreErrors is about warnings of compilers that are errors in a pipeline.
func TestWarningsThatAreErrors(t *testing.T) {
	for _, c := range []struct {
		ran, env, asked string
		want            bool
	}{
		{"cargo test", "RUSTFLAGS: -D warnings", "cargo test", true},
		{"cargo test", "RUSTFLAGS: -Dwarnings -C debuginfo=0", "cargo build --all", true},
		{"cargo test", "RUSTFLAGS: -C debuginfo=0", "cargo build", false},
		{"RUSTFLAGS=-Dwarnings cargo test", "RUSTFLAGS: -D warnings", "cargo test", false},
		{"cargo test; cargo clippy -- -D warnings", "RUSTFLAGS: -D warnings", "cargo test", false},
		{"cargo test; cargo clippy -- -D unused", "RUSTFLAGS: -D warnings", "cargo test", true},
		{"cargo test", "RUSTFLAGS: -D warnings", "cargo fmt --check", false},
		{"make", "CFLAGS: -Wall -Werror", "make", true},
		{"CFLAGS='-Wall -Werror' make", "CFLAGS: -Wall -Werror", "make", false},
		{"make", "CFLAGS: -Wall", "make", false},
		{"go test", "CFLAGS: -Werror", "go test", false},
	} {
		d, calls := after(map[string]string{".gitlab-ci.yml": "variables:\n  " + c.env + "\na:\n  script: " + c.asked + "\n", "Cargo.toml": "[package]\nname = 'a'\n"}, c.ran)
		if got := d.lenient(calls); len(got) > 0 != c.want {
			t.Errorf("%q with %s after %q: got %q", c.asked, c.env, c.ran, got)
		}
	}
}

// TestVariablesOfJobsThatSourcesRead is about variables that a pipeline sets for all commands.
func TestVariablesOfJobsThatSourcesRead(t *testing.T) {
	for _, c := range []struct {
		source, variable string
		want             bool
	}{
		{`os.Getenv("STRICT")`, "STRICT: 1", true},
		{`process.env.STRICT === "1"`, "STRICT: 1", true},
		{`process.env.STRICTNESS`, "STRICT: 1", false},
		{`// STRICT is a word`, "STRICT: 1", false},
		{`os.Getenv("API_TOKEN")`, "API_TOKEN: x", false},
		{`os.Getenv("CI")`, "CI: true", false},
		{`os.Getenv("STRICT")`, "STRICT: ''", false},
		{`os.Getenv("STRICT")`, "STRICT: $OTHER", false},
	} {
		d, calls := after(map[string]string{".gitlab-ci.yml": "variables:\n  " + c.variable + "\na:\n  script: go test ./...\n", "a.go": c.source}, "go test ./...")
		if _, missing := d.missing(d.withOwnVariables(calls), pipelines.Test); len(missing) > 0 != c.want {
			t.Errorf("%s and %s: got %v", c.source, c.variable, missing)
		}
	}
}

// TestBuildsOfSomethingElse is about builds that compile what tests do not.
func TestBuildsOfSomethingElse(t *testing.T) {
	files := map[string]string{"Cargo.toml": "[package]\nname = 'a'\n", "a.go": "//go:build !pro && (linux || cgo)\n\npackage a\n"}
	for _, c := range []struct {
		ran, asked string
		benches    bool
		want       bool
	}{
		{"go test ./...", "go build ./...", false, false},
		{"go test ./...", "GOOS=plan9 go build ./...", false, true},
		{"GOOS=plan9 go vet ./...", "GOOS=plan9 go build ./cmd", false, false},
		{"go test ./...", "CGO_ENABLED=0 go build -o x ./...", false, false},
		{"go test ./...", "go build -tags pro ./...", false, true},
		{"go test -tags pro ./...", "go build -tags=pro ./...", false, false},
		{"go test ./...", "go build -tags netgo ./...", false, false},
		{"go test ./...", "GOOS=plan9 go install example.com/x@latest", false, false},
		{"cargo test", "cargo build", true, false},
		{"cargo test", "cargo build --all-targets", false, false},
		{"cargo test", "cargo build --all-targets", true, true},
		{"cargo test", "cargo bench --no-run", true, true},
		{"cargo test", "cargo test --no-run", true, false},
		{"cargo test; cargo clippy --all-targets", "cargo bench --no-run", true, false},
		{"cargo test", "cargo build --target wasm32-wasip1", false, true},
		{"cargo test", "cargo check --all-targets", true, true},
	} {
		delete(files, "benches/b.rs")
		if c.benches {
			files["benches/b.rs"] = ""
		}
		files[".gitlab-ci.yml"] = "a:\n  script: " + c.asked + "\n"
		d, calls := after(files, c.ran)
		if _, missing := d.missing(calls, pipelines.Test); len(missing) > 0 != c.want {
			t.Errorf("%q after %q: got %v", c.asked, c.ran, missing)
		}
	}
}
