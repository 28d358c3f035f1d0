package app

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
	"github.com/davit-dev/davit/runner"
)

// TestACommandTestsTheSameOrSomethingElse is about options and variables by which a command tests something else than a step.
func TestACommandTestsTheSameOrSomethingElse(t *testing.T) {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"Cargo.toml":       "[package]\nname = 'a'\n[workspace]\nmembers = ['b']\n",
		"b/Cargo.toml":     "[package]\nname = 'b'\n",
		"other/Cargo.toml": "[package]\nname = 'o'\n[workspace]\n",
		"Makefile":         "test:\n\tgo test ./...\ncargo:\n\tcargo test\n",
		"package.json":     `{"workspaces": ["p/a", "p/b"], "scripts": {"test": "ava"}}`,
		"p/a/package.json": `{"name": "a", "scripts": {"test": "jest"}}`, "p/b/package.json": `{"name": "b"}`,
		"tests/test_a.py":    "",
		"slow/test_b.py":     "",
		"other/test_c.py":    "",
		"packed/__init__.py": "", "packed/test_d.py": "", "packed/verify.py": "",
		"pytest.ini": "[pytest]\nnorecursedirs = slow build\n",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for _, c := range []struct {
		ran, asked string
		want       bool
	}{
		{"cargo test", `RUSTFLAGS="--cfg loom" cargo test`, false},
		{"cargo test", `RUSTFLAGS="-D warnings -C debuginfo=0" cargo test`, true},
		{`RUSTFLAGS="--cfg loom" cargo test`, "cargo test", false},
		{`RUSTFLAGS="--cfg=loom" cargo test`, "RUSTFLAGS='--cfg loom' cargo test --locked", true},
		{"cargo test", "cargo test --target wasm32-wasip1", false},
		{"cargo test", "cargo test --release", false},
		{"cargo test", "cargo check --release", true},
		{"cargo test", "cargo test --profile ci", false},
		{"cargo test", "cargo nextest run --profile ci", true},
		{"cargo test", "cargo test --manifest-path other/Cargo.toml", false},
		{"cargo test --workspace", "cargo test --manifest-path b/Cargo.toml", true},
		{"cargo test", "cargo test -p b", false},
		{"cargo test", "cargo test -p a", true},
		{"cargo test --workspace", "cargo test -p b", true},
		{"cargo test", "cargo test --workspace", false},
		{"cargo test --workspace --exclude b", "cargo test -p b", false},
		{"cargo test -p a && cargo test -p b", "cargo test -p b", true},
		{"cargo test", "cargo test --doc", true},
		{"cargo nextest run", "cargo test --doc", false},
		{"cargo nextest run && cargo test --doc", "cargo test", true},
		{"cargo test --lib", "cargo test", false},
		{"cargo test", "cargo test --test it", true},
		{"cargo test", "cargo bench", false},
		{"jest", "jest --testRegex '.*[.]spec[.]ts$'", false},
		{"jest", "jest --testPathPatterns unit", true},
		{"cargo clippy --all-targets", "cargo clippy -- -D warnings", false},
		{"cargo clippy --all-targets -- -D warnings", "cargo clippy -- --deny warnings", true},
		{"cargo clippy -- -Dwarnings", "cargo clippy -- --deny=warnings", true},
		{"cargo clippy -F x -- -Dwarnings", "cargo clippy -F x", true},
		{"make cargo", `RUSTFLAGS="--cfg loom" make cargo`, false},
		{"go test ./...", "GOOS=js go test ./...", false},
		{"go test ./...", "GOEXPERIMENT=rangefunc go test ./...", false},
		{"go test ./...", "CGO_ENABLED=0 go test ./...", false},
		{"go test ./...", "CGO_ENABLED=1 go test -v -count=1 ./...", true},
		{"pytest", "pytest --cov-fail-under=90", false},
		{"npm test", "npx turbo run test", false},
		{"npx turbo run test", "turbo run test", true},
		{"cd p/a && npm test", "npx lerna run test", true},
		{"cargo test", "cargo +nightly test", false},
		{"cargo test", "cargo +stable test", true},
		{"cargo +nightly test", "cargo +nightly test --locked", true},
		{"RUSTUP_TOOLCHAIN=nightly cargo test", "cargo +nightly test", true},
		{"cargo fmt --check", "cargo +nightly fmt --check", false},
		{"go test ./...", "GOWORK=off go test ./...", true},
		{"go test ./...", "go test -race ./...", false},
		{"go test ./...", "go test -count 2 ./...", false},
		{"go test -count=2 ./...", "go test -count 2 ./...", true},
		{"go test ./...", "go test -cpu 1,4 ./...", false},
		{"go test ./...", "go test -cpu 2 ./...", true},
		{"go test -race ./...", "go test ./...", true},
		{"go test ./...", "GOFLAGS=-race go test ./...", false},
		{"go test ./...", "GOFLAGS=-mod=mod go test ./...", true},
		{"go test ./...", "TZ=Asia/Tokyo go test ./...", false},
		{"go test ./...", "export TZ=Asia/Tokyo; go test ./...", false},
		{"go test ./...", "GOPROXY=direct RUST_BACKTRACE=1 CI=true API_TOKEN=x go test ./...", true},
		{"go test ./...", "DATABASE_URL=postgres://x go test ./...", false},
		{"go test ./...", "SUITE=$SUITE go test ./...", true},
		{"go test -run TestA ./...", "go test ./...", false},
		{"go test -short ./...", "go test ./...", false},
		{"go test ./a/...", "go test ./...", false},
		{"go test ./...", "go test ./a", true},
		{"go test ./...", "go test ./_e2e/", false},
		{"go test ./...", "go test ./... ./_e2e/", false},
		{"go test ./... ./_e2e", "go test ./_e2e/", true},
		{"go test ./...", "go test ./testdata/e2e", false},
		{"go test ./testdata/...", "go test ./testdata/e2e", true},
		{"go test ./...", "go test ./a -args -slow ./b", false},
		{"go test ./... -args -slow", "go test ./a -args -slow", true},
		{"go test ./...", "go test ./a -slow", false},
		{"go test ./...", "go test -ldflags '-X a=b' -coverprofile c.out -test.v -p 1 -timeout=5m ./a", true},
		{"go test ./...", "go test --update ./a", false},
		{"go test ./...", "go test -test.gocoverdir=$D -o=x ./a", true},
		{"go test ./...", "go test ./... -args -test.gocoverdir=$D", true},
		{"go test -exec 'sudo -E -n' ./...", "go test -exec 'sudo -E -n' ./...", true},
		{"go test ./a ./b/...", "go test ./b/c/...", true},
		{"go test", "go test ./...", false},
		{"go test $(go list ./...)", "go test ./...", true},
		{"go test ./...", "go -C tests test -race ./...", false},
		{"go test ./...", "go -C tests test ./...", true},
		{"make test", "make test RACE=1", false},
		{"make test", "make test V=1", true},
		{"make test", "SUITE=e2e make test", false},
		{"pytest", "pytest -c other.ini", false},
		{"pytest", "pytest --rootdir=sub", false},
		{"pytest", "pytest --runslow", false},
		{"pytest", "pytest -W error", false},
		{"pytest", "pytest -W error::DeprecationWarning", false},
		{"pytest", "pytest -W ignore -W default::UserWarning", true},
		{"pytest", "python -W error -m pytest", false},
		{"pytest", "python -X dev -W default -m pytest", true},
		{"python -m unittest", "python -W error -m unittest", false},
		{"python3 -Werror -m unittest", "python -Werror -m unittest", true},
		{"python -m unittest", "python -O -m unittest", false},
		{"python -m unittest", "PYTHONWARNINGS=error python -m unittest", false},
		{"python -m unittest", "python -m unittest -v", true},
		{"python -m unittest discover -s tests", "python -m unittest", true},
		{"python -m unittest", "python -m unittest discover -s other", false},
		{"python -m unittest", "python -m unittest discover other", false},
		{"python -m unittest", "cd other && python -m unittest", false},
		{"python -m unittest", "python -m unittest other/test_c.py", false},
		{"python -m unittest", "python -m unittest discover -s packed", true},
		{"python -m unittest", "python -m unittest packed/verify.py", false},
		{"python -m unittest", "python -m unittest discover -p '*_spec.py'", false},
		{"python -m unittest && python -m unittest discover -s other", "python -m unittest discover other", true},
		{"pytest", "python -m unittest discover -s other", true},
		{"pytest tests", "cd other && pytest", false},
		{"pytest", "cd other && pytest", true},
		{"cd other && pytest", "cd other && pytest -q", true},
		{"pytest", "pytest -qq -n auto --cov=src --cov-report xml -ra --maxfail=3 -p no:cacheprovider tests", true},
		{"pytest", "SUITE=slow pytest", false},
		{"pytest", "pytest tests", true},
		{"pytest", "pytest slow", false},
		{"pytest . slow", "pytest slow", true},
		{"pytest --ignore=other", "pytest other/test_c.py", false},
		{"pytest --ignore=other", "pytest tests", true},
		{"pytest -k fast", "pytest", false},
		{"pytest -m 'not slow'", "pytest", false},
		{"pytest -m 'not slow' && pytest -m slow", "pytest", true},
		{"node --test", "NODE_OPTIONS=--conditions=x node --test", false},
		{"node --test", "node --test --experimental-vm-modules", false},
		{"node --test", "node --throw-deprecation --test", false},
		{"node --test", "node --test --experimental-test-coverage", true},
		{"node --test", "node --test --experimental-test-coverage --test-coverage-lines=90", false},
		{"node --test", "node --test --test-coverage-exclude=x", true},
		{"vitest run", "vitest run --coverage --coverage.thresholds.lines=90", false},
		{"jest", "jest --config other.js", false},
		{"jest", "NODE_ENV=production jest", false},
		{"jest", "NODE_ENV=test jest --coverage", true},
		{"vitest run", "vitest run --project browser", false},
		{"vitest run", "vitest run --mode staging", false},
		{"ruff check", "RUFF_X=1 ruff check", true},
	} {
		project := &sdk.Project{FS: files}
		d := newDone(project, []runner.Step{{Plan: plan.Step{Op: plan.OpShell, Script: c.ran}}})
		all := pipelines.Follow(project, ".", c.asked)
		at := len(all) - 1
		for ; at > 0 && all[at-1].Inner > 0; at-- {
		}
		if _, got := d.step(all[at]); got != c.want {
			t.Errorf("%q after %q: got %t", c.asked, c.ran, got)
		}
	}
}

// TestSettingsOfGo is about flags of "go test" that are values, or words of another command.
func TestSettingsOfGo(t *testing.T) {
	for asked, want := range map[string]string{
		"go test $(go list ./... | grep -vE '/vendor/') -slow":       "-slow",
		"go test -exec 'sudo -E -n' -ldflags '-X a=b' -run x -v ./a": "-exec=sudo -E -n",
		"go test ./a -args -test.v -slow $MORE":                      "-args -slow",
		"go build -slow":                                             "",
	} {
		call := pipelines.Call{Command: recipes.Commands(".", asked)[0]}
		if got := strings.Join(settings(call), ", "); got != want {
			t.Errorf("%s: got %q", asked, got)
		}
	}
}
