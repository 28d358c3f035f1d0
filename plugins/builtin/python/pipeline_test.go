package python

import (
	"fmt"
	"strings"
	"testing"
)

func TestInstalledBy(t *testing.T) {
	for _, c := range []struct{ text, name, want string }{
		{"  - run: pip install ruff==0.4.1 black", "ruff", "[ruff==0.4.1]"},
		{"  - run: pip install ruff==0.4.1 black", "black", "[]"},
		{"pip install 'ruff~=0.4.1'", "ruff", "[ruff~=0.4.1]"},
		{"uvx ruff@0.8.6 check", "ruff", "[ruff==0.8.6]"},
		{"uvx ruff@latest check", "ruff", "[]"},
		{`session.install("black==24.1.0", "isort")`, "black", "[black==24.1.0]"},
		{"deps = flake8 == 6.0.0\n  flake8-bugbear==23.1, flake8-new", "flake8", "[flake8==6.0.0 flake8-bugbear==23.1]"},
		{"pip install 'bandit[toml]==1.7.10'", "bandit", "[bandit[toml]==1.7.10]"},
		{"# pip install ruff==0.1", "ruff", "[]"},
		{"pip install ruff==${{ env.RUFF }}", "ruff", "[]"},
		{"pip install ruff==$RUFF ruff-lsp==0.0.1", "ruff", "[]"},
		{"uses: astral-sh/ruff-action@v3", "ruff", "[]"},
		{"tox -e mypy-test", "mypy", "[]"},
	} {
		if got := fmt.Sprint(installedBy(c.text, c.name)); got != c.want {
			t.Errorf("%s in %q: got %s, wanted %s", c.name, c.text, got, c.want)
		}
	}
}

func TestActionVersion(t *testing.T) {
	for _, c := range []struct{ step, name, want string }{
		{"{uses: astral-sh/ruff-action@v3, with: {version: 0.8.6}}", "ruff", "ruff==0.8.6"},
		{"{uses: astral-sh/ruff-action@v3, with: {version: latest}}", "ruff", ""},
		{"{uses: astral-sh/ruff-action@v3}", "ruff", ""},
		{"{uses: psf/black@24.1.0}", "black", "black==24.1.0"},
		{"{uses: psf/black@stable, with: {version: '~= 22.0'}}", "black", "black~=22.0"},
		{"{uses: psf/black@v23.3.0}", "black", "black==23.3.0"},
		{"{uses: isort/isort-action@v1, with: {isort-version: 5.12.0}}", "isort", "isort==5.12.0"},
		{"{uses: actions/setup-python@v5, with: {version: 3.12.1}}", "ruff", ""},
	} {
		text := "jobs:\n  lint:\n    steps:\n      - " + c.step + "\n"
		if got := actionVersion(text, c.name); string(got) != c.want {
			t.Errorf("%s: got %q, wanted %q", c.step, got, c.want)
		}
	}
}

func TestHooksRunner(t *testing.T) {
	steps := func(yaml string) string { return "on: push\njobs:\n  a:\n    steps:\n" + yaml }
	run := func(script string) string {
		return steps("    - name: lint\n      run: |\n        " + strings.ReplaceAll(script, "\n", "\n        ") + "\n")
	}
	for _, c := range []struct{ text, want string }{
		{run("pre-commit run --all-files"), "pre-commit"},
		{run("uv run --group pre-commit pre-commit run --color=always -a"), "pre-commit"},
		{steps("    - run: \"python -m pre_commit run --show-diff-on-failure --color always --all-files\"\n"), "pre-commit"},
		{run("pip install prek && prek run -a"), "prek"},
		{run("pre-commit run \\\n  --all-files"), "pre-commit"},
		{run("pre-commit run --all-files | tee log"), "pre-commit"},
		{run("pre-commit run --all-files > log 2>&1"), "pre-commit"},
		{run("tox -e lint"), "pre-commit"},
		{run("tox -e py3"), ""},
		{run("pre-commit run --all-files || true"), ""},
		{run("# pre-commit run --all-files"), ""},
		{steps("    - name: pre-commit run --all-files\n"), ""},
		{run("pre-commit run ruff --all-files"), ""},
		{run("pre-commit run --all-files --hook-stage manual"), ""},
		{run("pre-commit run --from-ref a --to-ref b"), ""},
		{run("pre-commit run"), ""},
		{run("pre-commit autoupdate"), ""},
		{steps("    - uses: pre-commit/action@v3.0.1\n"), "pre-commit"},
		{steps("    - uses: pre-commit/action@v3\n      with:\n        extra_args: flake8 -a\n"), ""},
		{steps("    - uses: j178/prek-action@v1\n      with:\n        extra-args: --all-files\n"), "prek"},
		{steps("    - uses: pre-commit-ci/lite-action@v1\n"), ""},
	} {
		pr := loaded(t, map[string]string{".github/workflows/ci.yml": c.text,
			"tox.ini":                 "[tox]\nenvlist = lint,py3\n[testenv:lint]\ncommands = pre-commit run --all-files {posargs}\n",
			".pre-commit-config.yaml": "repos: [{repo: local, hooks: [{id: x, entry: x}]}]"})
		got, _ := (&env{project: pr}).preCommitCall()
		if got.runner != c.want {
			t.Errorf("%s: got %q, wanted %q", c.text, got.runner, c.want)
		}
	}
}

func TestSkipIn(t *testing.T) {
	for text, want := range map[string]string{
		"env:\n  SKIP: a,b":                      "a,b",
		"env:\n  SKIP: 'a' # why":                "a",
		"run: SKIP=a pre-commit run --all-files": "a",
		"export SKIP=\"a\"":                      "a",
		"run: pre-commit run -a":                 "",
	} {
		if got := skipIn(text); got != want {
			t.Errorf("%q: got %q, wanted %q", text, got, want)
		}
	}
}
