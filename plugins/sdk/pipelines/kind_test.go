package pipelines

import (
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

func call(text string) Call {
	c := recipes.Commands(".", text)[0]
	return Call{Command: c}
}

func TestDoes(t *testing.T) {
	for text, want := range map[string]string{
		"go test -race ./...": "go test", "gotestsum -- ./...": "go test", "xargs -n1 go test": "go test",
		"cargo nextest run --all": "cargo test", "cargo test -- --include-ignored": "cargo test --ignored",
		"uv run --frozen --group dev pytest -q": "pytest", "poetry run make lint test": "make lint, make test",
		"python3 -m coverage run -m pytest tests": "pytest", "coverage run --source x test.py": "python test.py", "coverage report": "",
		"npm test": "script test", "npm run lint -- --x": "script lint", "pnpm -r --filter x test": "script test",
		"yarn eslint .": "eslint", "yarn workspace a run lint": "script lint", "npx playwright test": "playwright",
		"node .yarn/releases/yarn-4.1.0.cjs run test": "script test", "npm exec --yes --package=pnpm@9 -- pnpm run test": "script test",
		"npx turbo run lint test": "script lint, script test", "cargo clippy --no-default-features --features derive -- -D x": "cargo clippy", "cargo build -F a": "cargo check", "cargo build": "cargo build",
		"cargo +nightly miri test": "cargo miri", "$(go env GOPATH)/bin/golint ./...": "golint", "~/go/bin/errcheck ./...": "errcheck", "./lint/errcheck": "errcheck",
		"uv run scripts/x.py": "python scripts/x.py", "hatch test": "pytest", "hatch run test": "hatch test", "hatch fmt --check": "hatch fmt",
		"coverage report --fail-under=90": "coverage report", "node_modules/.bin/eslint .": "eslint",
		"${PREFIX}ruff check .": "ruff check", "vitest -c e2e.config.ts": "vitest -c=e2e.config.ts",
		"mvn -B verify": "mvn verify", "npx --yes prettier@3 --check .": "prettier", "go run honnef.co/go/tools/cmd/staticcheck@latest ./...": "staticcheck",
		"go tool staticcheck ./...": "staticcheck", "uv tool run mypy src": "mypy", "python -m sphinx -W a b": "sphinx-build", "sudo -E npx eslint .": "eslint", "mise exec -- eslint .": "eslint",
		"uvx ruff@0.8.6 check .": "ruff check", "go run ./cmd/x test": "go run ./cmd/x", "nyc npm run unit": "script unit", "make -C sub -j4 test X=1": "make test",
		"node --test e2e/": "node --test", "c8 node --import tsx --test": "node --test", "node test.js --x": "node test.js",
		"python scripts/lint.py": "python scripts/lint.py", "{{.PYTHON}} -m pytest": "pytest", "${PYTHON} -m pytest": "pytest", "ruff": "ruff check",
	} {
		got := strings.Join(call(text).Does(), ", ")
		if got != want {
			t.Errorf("%s: got %q, wanted %q", text, got, want)
		}
	}
}

func TestChecks(t *testing.T) {
	for text, want := range map[string]string{
		"go test ./...": Test, "npm run test:e2e": Test, "npx playwright test": Test, "make e2e": Test, "./scripts/test-integration.sh": Test,
		"python -m pytest": Test, "docker compose run --rm app pytest": Test, "bash ci/smoke.sh": Test, "bats test": Test, "node --test lib": Test,
		"./run_tests": Test, "npm run lint -w web": Style, "ctest -V": Test, "gofmt -w .": "", "make docs-check": Style, "python scripts/lint.py": Style, "shellcheck -x a.sh": Style, "go mod tidy -diff": Style, "go mod tidy": "", "go mod verify": Security,
		"sphinx-build -W a b": Style, "sphinx-build a b": "", "sphinx-build -b linkcheck a b": Style, "mkdocs build --strict": Style, "mkdocs build": "", "make check-tools": "",
		"prettier --check .": Style, "prettier --write .": "", "cargo fmt": "", "cargo fmt --check": Style, "tsc": "", "tsc --noEmit": Style,
		"RUSTDOCFLAGS='-D warnings' cargo doc": Style, "cargo doc": "", "golangci-lint": Style, "govulncheck ./...": Security,
		"cargo deny check": Security, "npm audit": Security, "make test-deps": "", "make build": "", "npm run build": "", "npm ci": "", "./target/debug/lint x": "",
		"python -c 'import test'": "", "pytest --version": "", "make install": "", "make setup-e2e": "", "docker build -t test .": "", "docker build --target test .": Test,
		"hatch fmt --check": Style, "hatch fmt": "", "mix test": Test, "helm lint chart": Style, "createdb test": "", "twine check dist/*": Style, "python -m twine check dist/*": Style, "twine upload dist/*": "", "cargo check": Test,
		"coverage report --fail-under=90": Test, "cargo build --no-default-features": Test, "cargo build": "", "/usr/local/bin/shellcheck a.sh": Style,
		"docker run -v a:b hadolint/hadolint x": Style, "docker compose up --exit-code-from tests": Test, "docker run -d tests": "", "docker compose run app sh -c 'npx eslint .'": Style,
	} {
		got := ""
		for _, kind := range []string{Test, Style, Security} {
			if len(call(text).Checks(kind)) > 0 {
				got += kind
			}
		}
		if got != want {
			t.Errorf("%s: got %q, wanted %q", text, got, want)
		}
	}
}

func TestFeatures(t *testing.T) {
	for text, want := range map[string]string{
		"cargo test": "", "cargo test --all-features -F a": "--all-features", "cargo test -F b,a": "a b", "cargo test --features=a -- --features b": "a",
		"cargo check --no-default-features --features 'b a'": "--no-default-features a b",
	} {
		if got := call(text).Features(); got != want {
			t.Errorf("%s: got %q, wanted %q", text, got, want)
		}
	}
}

func TestInnerCalls(t *testing.T) {
	p := project{".gitlab-ci.yml": "a:\n  script: [make ci, make lint]\n", "Makefile": "ci: lint\n\tgo test ./...\nlint:\n\tgo vet ./...\n"}
	var got []string
	for _, c := range Read(p).Calls {
		got = append(got, strings.Repeat("+", c.Inner)+strings.Join(c.Words, " "))
		if c.Words[0] == "make" && !c.Opened {
			t.Errorf("%q was not opened", c.Words)
		}
	}
	if want := []string{"++make ci", "go vet ./...", "go test ./...", "make lint"}; !slices.Equal(got, want) {
		t.Errorf("got %q, wanted %q", got, want)
	}
}

func TestComparedWithGit(t *testing.T) {
	p := project{".gitlab-ci.yml": "a:\n  script: |\n    cd api\n    go generate ./... && git diff --exit-code\n    go build ./...\n"}
	var got []string
	for _, c := range Read(p).Calls {
		got = append(got, c.Checks(Style)...)
	}
	if want := []string{"go generate ./... and git diff"}; !slices.Equal(got, want) {
		t.Errorf("got %q, wanted %q", got, want)
	}
}

func TestUnread(t *testing.T) {
	p := project{"Jenkinsfile": "", ".gitlab-ci.yml": "a:\n  script: make ci\n", "Makefile": "include mk/all.mk\nci: e2e\n"}
	if got, want := Read(p).Unread, []Unread{
		{"Jenkinsfile", "Jenkinsfile", "has a form that davit does not read"}, {"make e2e", ".gitlab-ci.yml", isMissing}}; !slices.Equal(got, want) {
		t.Errorf("got %q, wanted %q", got, want)
	}
}

func TestWhyUnread(t *testing.T) {
	for script, want := range map[string]string{
		"./x.py": "./x.py " + isOther, "python ci/all.py": "python ci/all.py " + isMissing, "bash ci/$X.sh": "bash ci/$X.sh " + isComputed,
		"./all.sh": "", "bash all.sh": "", "./bin/made": "./bin/made " + isMissing, "./target/debug/x": "", "python -m x": "", "node -e x": "",
		"docker run --rm a/b:1 frob": "docker run --rm a/b:1 frob " + isContained, "docker run -d db": "", "docker run a npm test": "",
		"docker compose run --rm app ./x": "docker compose run --rm app ./x " + isContained, "docker compose up -d": "", "python scripts/lint.py": "",
	} {
		p := project{".gitlab-ci.yml": "a:\n  script: " + script + "\n", "x.py": "import os\n", "all.sh": "ls\n"}
		got := ""
		for _, u := range Read(p).Unread {
			got = u.What + " " + u.Why
		}
		if got != want {
			t.Errorf("%s: got %q, wanted %q", script, got, want)
		}
	}
}

func TestUnreadFiles(t *testing.T) {
	p := project{"azure-pipelines.yml": "steps:\n- template: a.yml@other\n- template: b.yml\n",
		".gitlab-ci.yml":           "include:\n- template: Security/SAST.gitlab-ci.yml\n- local: c.yml\na:\n  trigger:\n    project: x/y\n",
		".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    steps:\n    - uses: ./d\n    - uses: ./e\n    - uses: x/run-tests@v1\n", "e/action.yml": "runs:\n  using: node20\n"}
	want := []string{"uses: ./d " + isMissing, "uses: ./e " + runsOthers, "uses: x/run-tests@v1 " + isElsewhere, "include: Security/SAST.gitlab-ci.yml " + isElsewhere,
		"include: c.yml " + isMissing, "trigger: x/y " + isElsewhere, "template: a.yml@other " + isElsewhere, "template: b.yml " + isMissing}
	var got []string
	for _, u := range Read(p).Unread {
		got = append(got, u.What+" "+u.Why)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwanted\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestReadTimed(t *testing.T) {
	p := project{".gitlab-ci.yml": "a:\n  when: manual\n  script: make x\nb:\n  script: make y\n",
		".github/workflows/ci.yml": "on: [push, workflow_dispatch]\njobs:\n  a:\n    steps:\n    - run: make z\n  b:\n    if: github.event_name == 'schedule'\n    steps:\n    - run: make n\n"}
	got := ""
	for _, c := range ReadTimed(p).Calls {
		got += c.Plain() + " on " + c.When + "; "
	}
	if want := "make n on schedule; make x on manual; "; got != want {
		t.Errorf("got %q, wanted %q", got, want)
	}
}

func TestTags(t *testing.T) {
	for text, want := range map[string]string{"go test -tags a,b ./...": "a b", "go vet --tags=a": "a", "GOFLAGS=-tags=a go test": "a", "go test": "",
		"golangci-lint run --build-tags a": "a"} {
		if got := strings.Join(call(text).Tags(), " "); got != want {
			t.Errorf("%s: got %q, wanted %q", text, got, want)
		}
	}
}
