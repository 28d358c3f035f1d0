package recipes

import (
	"strings"
	"testing"
)

func TestScope(t *testing.T) {
	for script, want := range map[string]string{
		"":                         "",
		"cd back && go test ./...": "back;",
		"cd back && ./test.sh":     "back;",
		"@(cd back && go test ./...)\ncd front && npm test": "back front;",
		"make -C back test":                                  "back;",
		"npm --prefix front test":                            "front;",
		"cargo test --manifest-path tool/Cargo.toml":         "tool;",
		"go -C back vet ./...":                               "back;",
		"go test ./...":                                      ";go",
		"go vet ./... && cargo clippy":                       ";go rust",
		"cd back && x; cd .. && go test ./...":               "back;go",
		"uv run pytest -q":                                   ";python",
		"python3 -m pytest":                                  ";python",
		"npx eslint .":                                       ";node",
		"mkdir -p out && echo done && go build -o out ./...": ";go",
		"python3 run.py":                                     "",
		"npm test":                                           "",
		"go generate && ./test.sh":                           "",
		"cd back && go test ./...; ./more.sh":                "back;", // it runs in back, as the shell reads it
		"docker compose run test":                            "",
		"cd $(DIR) && go test ./...":                         "",
		"cd /tmp && go test ./...":                           "",
		"make unit":                                          "",
		"go test ./...; make more":                           ";go", // what make more runs is read, too
		"pytest -q >out.txt 2>&1 || exit 1; tox &>log":       ";python",
		"echo nothing":                                       "",

		"pushd back; go test ./...; popd; pushd front; npm test; popd": "back front;",
		"pushd back && go test ./... && popd && go vet ./...":          "back;go",
		"env -C back go test ./...":                                    "back;",
		"env CI=1 --chdir=back go test ./...":                          "back;",
		"timeout 60 go test ./...":                                     ";go",
		"timeout -k 5 1m pytest":                                       ";python",
		"cd back; go test ./...; cd ../front; npm test":                "back front;",
		"for d in back front; do (cd $d && make test); done":           "back front;",
		"@for d in back front; do make -C $${d} test || exit 1; done":  "back front;",
		"for d in $(DIRS); do (cd $d && make test); done":              "",
		"for d in */; do (cd $d && make test); done":                   "",
		"sh scripts/back.sh":                                           "back;",
		"./scripts/back.sh":                                            "back;",
		"bash -euc 'cd back && go test ./...'":                         "back;",
		"sh scripts/any.sh":                                            "",
		"./scripts/itself.sh":                                          "back;",
		"./scripts/run.py":                                             "",
		"sh scripts/missing.sh":                                        "",
		"files=(\n  a.txt\n  ./b.sh\n)\ncd back && go test ./...":      "back;",
		"cat <<EOF >x\n./all.sh\nEOF\ncd back && go test ./...":        "back;",
		"cat <<-'END' | tee x\n\tgo test ./...\n\tEND\ncd back && x":   "back;",
		"bash <<EOF\ncd back && go test ./...\nEOF\n":                  "",
		"cat <<<word && cd back && go test ./...":                      "back;",
		"VERSION=$(git describe) && cd back && go test ./...":          "back;",
	} {
		r := NewReader(files)
		r.Read(".", script)
		got := ""
		if s := r.Scope(); s != nil {
			got = strings.Join(s.Folders, " ") + ";" + strings.Join(s.Stacks, " ")
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", script, got, want)
		}
	}
	r := NewReader(files)
	r.Read(".", "cd back && x")
	r.Uses()
	if s := r.Scope(); s != nil {
		t.Errorf("the next task begins with the scope %+v", s)
	}
}

// TestTool is about commands that mean the same.
func TestTool(t *testing.T) {
	for line, want := range map[string]string{
		"npm test": "npm run test", "npm t": "npm run test", "npm run test": "npm run test", "pnpm test": "pnpm run test",
		"npm ci": "npm ci", "go test -race ./...": "go test", "gotestsum -- ./...": "go test", "uv run ruff check .": "ruff check",
		"ruff check": "ruff check", "uv run pytest -q": "pytest", "python3 -m pytest": "pytest", "go run x.go": "go run x.go",
		"make lint": "make lint", "golangci-lint run": "golangci-lint", "cargo fmt --check": "cargo fmt",
	} {
		if got := Commands(".", line)[0].Tool(); got != want {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
}

func TestStack(t *testing.T) {
	for text, want := range map[string]string{
		"go test ./...": "go", "uv run pytest": "python", "npx eslint .": "node", "python3 -m mypy": "python", "cargo fmt": "rust",
		"make test": "", "npm test": "",
	} {
		if got := Commands(".", text)[0].Stack(); got != want {
			t.Errorf("%s: got %q, wanted %q", text, got, want)
		}
	}
}
