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

// TestCommands is about the signs of the shell that a word has in it.
func TestCommands(t *testing.T) {
	for script, want := range map[string]string{
		`[[ "$a" =~ ^v[0-9]+(b|c)$ && $d < e ]] || go vet`: "[[ \"$a\" =~ ^v[0-9]+(b|c)$ && $d < e ]]; go vet",
		`if [[ -z "$(gofmt -l .)" ]]; then ls; fi`:         `[[ -z "$(gofmt -l .)" ]]; gofmt -l .; ls; fi`,
		"[[ a\ngo vet":                                        "[[ a; go vet",
		"diff <(go list ./...) <(sort a) -u":                  "diff <(go list ./...) <(sort a) -u; go list ./...; sort a",
		"go test $(go list ./... | grep -v x) -race":          "go test $(go list ./... | grep -v x) -race; go list ./...; grep -v x",
		"test -z \"$(gofmt -l \"a b\")\"":                     "test -z $(gofmt -l \"a b\"); gofmt -l a b",
		"i=$((i<<2))\ngo vet\n((i > 1)) && ls":                "go vet; ls",
		"echo '$(ls)'":                                        "echo $(ls)",
		"go test `go list ./...` -race":                       "go test `go list ./...` -race; go list ./...",
		"X=`date\ngo vet":                                     "date; go vet",
		"cat <<'END-OF' | tee x\n  go test\nEND-OF\ngo vet":   "cat <<END-OF; tee x; go vet",
		"sudo bash <<EOF\ngo test\nEOF\ngo vet":               "bash <<EOF; go test; go vet",
		"echo 'a << b'\ngo vet":                               "echo a << b; go vet",
		"python - <<PY >out && go vet\nimport os\nPY\ngo fix": "python - <<PY >out; go vet; go fix",
		"go vet $(":                 "go vet $(",
		"$(GO) test $(FLAGS) ./...": "$(GO) test $(FLAGS) ./...",
	} {
		var got []string
		for _, c := range Commands(".", script) {
			got = append(got, strings.Join(c.Words, " "))
		}
		if text := strings.Join(got, "; "); text != want {
			t.Errorf("%q: got %q, want %q", script, text, want)
		}
	}
}

func FuzzCommands(f *testing.F) {
	f.Add("x=$(a \"$(b)\") [[ -z \"$(c)\" ]] && d <(e `f`) <<EOF\ng\nEOF\n((h))")
	f.Fuzz(func(t *testing.T, script string) {
		for _, c := range Commands(".", script) {
			if len(c.Words) == 0 {
				t.Errorf("a command of %q has no words", script)
			}
		}
	})
}
