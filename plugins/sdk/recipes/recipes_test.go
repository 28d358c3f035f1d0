package recipes

import (
	"path"
	"slices"
	"strings"
	"testing"
)

// project is the files of a project, by name.
type project map[string]string

func (p project) Read(name string) (string, bool) {
	text, ok := p[name]
	return text, ok
}

func (p project) List(dir string) (names []string) {
	for name := range p {
		if path.Dir(name) == dir {
			names = append(names, path.Base(name))
		}
	}
	slices.Sort(names)
	return names
}

var files = project{
	"package.json": `{"scripts": {"build": "tsc"}, "devDependencies": {"typescript": "5", "@acme/semver": "7",
		"sh": "1"}}`,
	"web/package.json": `{"dependencies": {"vite": "5"}}`,
	"web/package-lock.json": `{"packages": {"node_modules/vite": {"bin": {"vite": "bin/vite.js"}},
		"node_modules/esbuild": {"bin": {"esbuild": "x"}}, "node_modules/a/node_modules/b": {"bin": {"b": "x"}}}}`,
	"docs/package.json":     `{"scripts": {"build": "echo"}}`,
	"old/package.json":      `{"dependencies": {"less": "1"}}`,
	"old/package-lock.json": `{"dependencies": {"less": {"bin": {"lessc": "x"}}}, "bins": "lessc"}`,
	"api/requirements.txt":  "pytest>=8 # tests\n-r more.txt\nDjango==5.0\nzope.interface\ndocker\n",
	"lib/pyproject.toml": "[project]\ndependencies = [\"ruff\"]\n" +
		"[project.scripts]\nlib = \"lib:main\"\n" +
		"[project.optional-dependencies]\nserver = [\"uvicorn\"]\nLint = [\"tox\"]\n" +
		"[dependency-groups]\ntest = [\"mypy>1\", {include-group = \"x\"}]\n",
	"poetry/pyproject.toml": "[tool.poetry.group.dev.dependencies]\nblack = \"*\"\n" +
		"[tool.poetry.scripts]\nship = \"a:b\"\n",
	"pipenv/Pipfile":         "[dev-packages]\nflake8 = \"*\"\n",
	"linted/pyproject.toml":  "[tool.ruff]\nline-length = 100\n",
	"setup/setup.py":         "",
	"lib/examples/README.md": "",
	"scripts/back.sh":        "#!/bin/bash\nset -e\ncd back\ngo test ./...\n",
	"scripts/any.sh":         "#!/bin/sh\ncd \"$(dirname \"$0\")\"/..\n./all\n",
	"scripts/itself.sh":      "cd back && ../scripts/itself.sh\n./scripts/itself.sh\n",
	"scripts/run.py":         "#!/usr/bin/env python3\nimport os\n",
}

func TestUses(t *testing.T) {
	for _, c := range []struct {
		dir, script, want string // of want, what is in parentheses is in the reason
	}{
		{".", "tsc -p .", "node:. (tsc is a program of the dependencies in package.json)"},
		{".", "@NODE_ENV=test exec semver 1.2.3", "node:. (semver)"},
		{".", "npx --no-install semver", "node:. (semver)"},
		{".", "npx cowsay hi", ""},
		{".", "npm run build", "node:. (npm run needs)"},
		{".", "yarn build", "node:. (yarn build needs)"},
		{".", "npm build", ""},
		{".", "npm publish", ""},
		{".", "npm ci && tsc", ""},
		{".", "yarn; tsc", ""},
		{".", "npm install -g n && tsc", "node:. (tsc)"},
		{".", "node build.mjs", "node:. (node runs code)"},
		{".", "node -e 'tsc()'", ""},
		{".", "node --version", ""},
		{".", "node_modules/.bin/semver 1", "node:. (semver)"},
		{".", "sh build.sh", ""},
		{".", "go build ./... # tsc", ""},
		{".", "echo tsc; printf 'a; tsc'", ""},
		{".", "if [ -n \"$X\" ]; then tsc; fi", "node:. (tsc)"},
		{".", "X=$(tsc --version)", "node:. (tsc)"},
		{".", "cd web && vite build", "node:web (vite is a program of the dependencies in web/package.json)"},
		{".", "(cd web && esbuild a.js); semver 1", "node:web (esbuild) node:. (semver)"},
		{".", "cd web && tsc", ""},
		{".", "cd web && b", ""},
		{".", "cd $(DIR) && vite", ""},
		{".", "cd .. && tsc", ""},
		{".", "npm --prefix web run x", "node:web (npm run)"},
		{".", "npm --prefix web ci && cd web && vite", ""},
		{"docs", "npm run build", ""},
		{"old", "lessc a.less", "node:old (lessc)"},
		{"api", "pytest -q", "python:api (pytest is a program of the dependencies in api/requirements.txt)"},
		{"api", "django-admin check", "python:api (django-admin)"},
		{"api", "docker build .", ""},
		{"api", "python manage.py test", "python:api (python runs code)"},
		{"api", "python3.12 -m unittest", "python:api (python3.12 -m unittest runs)"},
		{"api", "python3 -m http.server", ""},
		{"api", "python3 -c 'import x'", ""},
		{"api", "python3 --version", ""},
		{"api", "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/pytest", ""},
		{"api", "pip install -r requirements.txt\npytest", ""},
		{"api", ".venv/bin/anything", "python:api (anything)"},
		{"lib", "lib --help", "python:lib (lib is a program of the dependencies in lib/pyproject.toml)"},
		{"lib", "ruff check && mypy .", "python:lib (ruff)"},
		{"lib", "uvicorn app", ""},
		{"lib", "tox -e py", "python:lib (tox is a program of the dependencies in lib/pyproject.toml)"},
		{"lib", "uv run pytest", "python:lib (uv run)"},
		{"lib", "uv sync && uv run pytest", ""},
		{"lib/examples", "ruff check", "python:lib (ruff)"},
		{"poetry", "poetry run ship", "python:poetry (poetry run)"},
		{"poetry", "poetry install\npoetry run ship", ""},
		{"poetry", "black .; ship", "python:poetry (black)"},
		{"pipenv", "flake8", "python:pipenv (flake8 is a program of the dependencies in pipenv/Pipfile)"},
		{"linted", "python x.py", ""},
		{"setup", "python setup.py test",
			"python:setup (python runs code of the project, with the dependencies in setup/setup.py)"},
	} {
		r := NewReader(files)
		r.Read(c.dir, c.script)
		if got, ok := same(r.Uses(), c.want); !ok {
			t.Errorf("%s: %s: got %q, wanted %q", c.dir, c.script, got, c.want)
		}
	}
}

// same compares uses with the text of a table.
func same(uses []Use, want string) (got string, ok bool) {
	ok = true
	for i, u := range uses {
		got += u.Stack + ":" + u.Dir + " (" + u.Why + ") "
		fields := strings.SplitAfter(want, ")")
		name, why, _ := strings.Cut(fields[min(i, len(fields)-1)], "(")
		ok = ok && strings.TrimSpace(name) == u.Stack+":"+u.Dir && strings.Contains(u.Why, strings.TrimSuffix(why, ")"))
	}
	return got, ok && len(uses) == strings.Count(want, "(")
}

func TestReaderBeginsAnotherTask(t *testing.T) {
	r := NewReader(files)
	r.Read(".", "npm ci")
	r.Read(".", "tsc")
	if got := r.Uses(); len(got) != 0 {
		t.Errorf("got %+v of a task that installs", got)
	}
	r.Read(".", "tsc")
	if got := r.Uses(); len(got) != 1 {
		t.Errorf("got %+v of the next one", got)
	}
}

func TestPiped(t *testing.T) {
	for script, want := range map[string]string{
		"go test ./... | tee log":                    "go test",
		"go test ./... 2>&1 | tee log; go vet ./...": "go test",
		"go test ./... |& cat":                       "go test",
		"go test ./... |\n  tail -n 5":               "go test",
		"a | go test | /usr/bin/tee log":             "go test",
		"set -o pipefail; go test ./... | tee log":   "",
		"go test -json ./... | gotestfmt":            "",
		"go test ./... || cat log":                   "",
		"go test ./...\ncat log":                     "",
		"go test ./... > log; cat log | grep x":      "cat log",
	} {
		var got []string
		for _, c := range Commands(".", script) {
			if c.HiddenByPipe() {
				got = append(got, strings.Join(c.Words[:min(2, len(c.Words))], " "))
			}
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%q: got %q, wanted %q", script, got, want)
		}
	}
}

func TestVariablesInFrontOfACommand(t *testing.T) {
	for script, want := range map[string]string{"@A=b go test": "A=b", "-@A=b C=d go test": "A=b C=d", "env A=b go test": "A=b", "go test": ""} {
		if got := strings.Join(Commands(".", script)[0].Env, " "); got != want {
			t.Errorf("%s: got %q", script, got)
		}
	}
}
