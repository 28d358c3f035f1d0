package python

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins/sdk"
)

// TestLinters tells which linters style runs, with their arguments, and which of them it does not.
func TestLinters(t *testing.T) {
	workflow := func(script string) map[string]string {
		return map[string]string{".github/workflows/ci.yml": "on: [push]\njobs:\n  lint:\n    steps:\n    - run: |\n        " +
			strings.ReplaceAll(script, "\n", "\n        ") + "\n"}
	}
	pyproject := func(text string) map[string]string { return map[string]string{"pyproject.toml": text} }
	black := pyproject("[tool.black]\n[tool.mypy]\nstrict = true\n")
	for _, c := range []struct {
		files, more map[string]string
		want        string
	}{
		{workflow("mypy --strict src tests"), black, "mypy --strict src tests"},
		{workflow("tox -e typing"), map[string]string{"tox.ini": "[testenv:typing]\ncommands = mypy --pretty {posargs:src}\n"}, "mypy --pretty src"},
		{workflow("uvx ruff@0.9 check --output-format=github ."), black, "ruff check --no-fix --no-fix-only ."},
		{workflow("ruff --fix src"), nil, "ruff check --no-fix --no-fix-only src"},
		{workflow("ruff format --check --diff"), pyproject("[project]\noptional-dependencies = {dev = [\"black\"]}"), "ruff format --check"},
		{workflow("flake8 . --exit-zero\nflake8 . --count --select=E9"), black, "flake8 one.py src tests --count --select=E9"},
		{workflow("flake8"), nil, "flake8 one.py src tests"},
		{workflow("black --check . && isort --check --diff src/*.py"), nil, "isort --check-only --diff src/a.py src/b.py; black --check ."},
		{workflow("mypy --python-version ${{ matrix.py }} src"), nil, "mypy src"},
		{workflow("make lint"), map[string]string{"Makefile": "VENV=x\nlint: types\n\t$(VENV)/bin/black src\n\t-pylint src\ntypes:\n\t@pyright -p .\n"}, "black --check src; pyright -p ."},
		{workflow("export SRC=\"src tests\" P=venv/bin/\n${P}mypy $SRC"), nil, "mypy src tests"},
		{workflow("make lint"), map[string]string{"Makefile": "SRC := src\nALL = $(SRC) tests # all\nlint:\n\tmypy $(ALL)\n"}, "mypy src tests"},
		{workflow("ruff check"), map[string]string{".pre-commit-config.yaml": "repos: [{repo: https://x/ruff-pre-commit, rev: v1.2.3, hooks: [{id: ruff}]}]"},
			"ruff check --no-fix --no-fix-only"},
		{workflow("pytest"), black, "black --check one.py src tests"},
		{workflow("pip install black"), pyproject("[tool.mypy]\nfiles = ['src']"), "mypy"},
		{nil, black, "black --check one.py src tests"},
		{nil, pyproject("[project]\noptional-dependencies = {dev = [\"black\", \"mypy\"]}\n[tool.hatch.envs.lint.scripts]\nfmt = \"ruff format src\""), "ruff format --check src"},
		{nil, pyproject("[project]\noptional-dependencies = {dev = [\"black\"]}"), "black --check one.py src tests"},
		{nil, map[string]string{"tox.ini": "[tox]\nenvlist = lint\n[testenv:lint]\ncommands =\n    autoflake -i -r src\n    docformatter --in-place src\n    autopep8 -i -a src\n    yapf -i -r src\n"},
			"autoflake --check -r src; docformatter --check src; autopep8 --diff --exit-code -a src; yapf --diff -r src"},
		{nil, map[string]string{"noxfile.py": "@nox.session\ndef lint(session):\n    session.run('mypy', 'src', *session.posargs)\n    session.run('codespell', '-w', 'src')\n"}, "mypy src; codespell src"},
		{workflow("mypy src"), map[string]string{".pre-commit-config.yaml": "repos: [{repo: https://x/mirrors-mypy, rev: v1.2.3, hooks: [{id: mypy}]}]"}, "mypy src"},
		{nil, map[string]string{"tox.ini": "[testenv:t]\ncommands = mypy src\n", ".pre-commit-config.yaml": "repos: [{repo: https://x/mirrors-mypy, rev: v1.2.3, hooks: [{id: mypy}]}]"},
			"mypy --ignore-missing-imports --scripts-are-modules"},
	} {
		files := map[string]string{"one.py": "", "src/a.py": "", "src/b.py": "", "tests/x.py": ""}
		maps.Copy(files, c.files)
		maps.Copy(files, c.more)
		var got []string
		for _, k := range (&env{project: loaded(t, files), config: &config{}, tests: &tests{}}).linters() {
			got = append(got, strings.Join(k.argv, " "))
		}
		if line := strings.Join(got, "; "); line != c.want {
			t.Errorf("%s:\ngot    %s\nwanted %s", fmt.Sprint(c.files, c.more), line, c.want)
		}
	}
}

// TestTypeCheckersThatAsk are not among the packages that the tests see, in the version of the lock file.
func TestTypeCheckersThatAsk(t *testing.T) {
	answer, err := Read(&sdk.Project{FS: filesOf(map[string]string{
		"pyproject.toml": "[project]\nname = 'oar'\nversion = '1'\n[dependency-groups]\ndev = ['pytest']\ntypes = ['pyright']",
		"uv.lock":        "[[package]]\nname = \"pyright\"\nversion = \"1.1.400\"\n",
		"tox.ini":        "[testenv:types]\ndependency_groups = types\ncommands = pyright -p .\n",
		"oar.py":         "", "test_oar.py": ""})})
	if err != nil {
		t.Fatal(err)
	}
	if s := answer.Steps["deps"].Script; strings.Contains(s, "types") {
		t.Errorf("the environment of the tests has the group of pyright: %s", s)
	}
	if s := answer.Steps["style-deps"].Script; !strings.Contains(s, "pyright==1.1.400") {
		t.Errorf("pyright is not that of the lock file: %s", s)
	}
	want := "# pyright -p .\nPATH=\"$PATH:$PWD/.nox/davit-style/bin:$PWD/.nox/davit-style/Scripts\" pyright -p . \"$@\"\n"
	if s := answer.Steps["style-pyright"]; s.Script != want || !slices.Contains(s.Needs, "deps") {
		t.Errorf("got %q, needs %v", s.Script, s.Needs)
	}
}
