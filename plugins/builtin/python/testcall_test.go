package python

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/sdk"
)

// loaded returns the project of a few files.
func loaded(t *testing.T, files map[string]string) *project {
	t.Helper()
	pr, err := load(newTree(&sdk.Project{FS: filesOf(files)}), ".")
	if err != nil {
		t.Fatal(err)
	}
	return pr
}

func filesOf(files map[string]string) fstest.MapFS {
	fs := fstest.MapFS{}
	for name, text := range files {
		fs[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fs
}

// TestTestCall finds the call of the tests in each kind of automation.
func TestTestCall(t *testing.T) {
	workflow := func(script string) map[string]string {
		return map[string]string{".github/workflows/ci.yml": "on: push\njobs:\n  test:\n    steps:\n      - run: |\n          " +
			script + "\n"}
	}
	tox := func(text string) map[string]string { return map[string]string{"tox.ini": text} }
	pyproject := func(text string) map[string]string { return map[string]string{"pyproject.toml": text} }
	for _, c := range []struct {
		files map[string]string
		want  string // the runner, its arguments, where they are, and what is left out
	}{
		{tox("[testenv]\ncommands = pytest --doctest-modules {posargs}"), "pytest [[--doctest-modules]] tox.ini []"},
		{tox("[testenv]\ncommands =\n    python -m pytest {posargs:tests -n auto}"), "pytest [[tests -n auto]] tox.ini []"},
		{tox("[testenv]\ncommands = pytest --pyargs rope --basetemp={envtmpdir} --junitxml x.xml"), "pytest [[--pyargs rope]] tox.ini []"},
		{tox("[testenv]\ncommands = coverage run --source src -m pytest -x\n  coverage report --fail-under=90"),
			"pytest [[-x]] tox.ini [coverage report --fail-under=90]"},
		{tox("[tox]\nenvlist = lint, py{38,312}-{tests,mypy}, py313-old\n[testenv]\ncommands =\n    tests: pytest -n 2\n    mypy: mypy src\n    old: pytest -k old"),
			"pytest [[-n 2]] the environment py312-tests of tox.ini []"},
		{tox("[tox]\nenvlist = py3, docs\n[testenv]\ncommands = {envbindir}/coverage run -m unittest -v tests\n[testenv:docs]\ncommands = sphinx-build x y"),
			"unittest [[-v tests]] the environment py3 of tox.ini []"},
		{tox("[base]\nt = pytest -q\n[testenv]\ncommands = {[base]t}\n    python -m doctest README.md"),
			"pytest [[-q]] tox.ini [doctest README.md]"},
		{tox("[testenv]\ncommands =\n    pytest a\n    pytest b \\\n      -x"), "pytest [[a] [b -x]] tox.ini []"},
		{tox("[testenv]\ncommands = - pytest\n[testenv:lint]\ncommands = flake8"), "none"},
		{pyproject("[tool.tox]\nenv_list = ['3.13', 'style']\n[tool.tox.env_run_base]\ncommands = [['pytest', '-v', '--basetemp={env_tmp_dir}', {replace = 'posargs', default = ['tests'], extend = true}]]"),
			"pytest [[-v tests]] the environment 3.13 of pyproject.toml []"},
		{map[string]string{"noxfile.py": "import nox\n@nox.session(python=['3.8', '3.12'])\ndef tests(session):\n    session.install('.[test]', 'x')\n    args = session.posargs or ['tests', '-x']\n    session.run('coverage', 'run', '-m', 'pytest', *args, env={'A': 'b'})\n\n@nox.session\ndef lint(session):\n    session.run('mypy', 'src')\n"},
			"pytest [[tests -x]] the session tests of noxfile.py []"},
		{map[string]string{"noxfile.py": "@nox.session\ndef tests(session):\n    if x:\n        session.run('pytest')\n    else:\n        session.run('pytest', '--capture=no', *session.posargs)\n"},
			"pytest [[]] the session tests of noxfile.py []"},
		{pyproject("[tool.hatch.envs.default.scripts]\ntest = 'pytest {args:tests}'\ncov = ['test']"), "pytest [[tests]] the script default:test of pyproject.toml []"},
		{pyproject("[tool.hatch.envs.default.scripts]\nrun = 'pytest -x'\ntest = ['run']"), "pytest [[-x]] the script default:test of pyproject.toml []"},
		{pyproject("[tool.pdm.scripts]\ntest = {cmd = ['pytest', '-m', 'not slow']}"), "pytest [[-m not slow]] the script test of pyproject.toml []"},
		{pyproject("[tool.poe.tasks]\nunit = 'pytest -q'\ntest = ['unit']"), "pytest [[-q]] the script test of pyproject.toml []"},
		{workflow("uv run --group test pytest --doctest-modules src tests"), "pytest [[--doctest-modules src tests]] .github/workflows/ci.yml []"},
		{workflow("pytest -m slow\n          pytest -v ${{ matrix.args }}"), "pytest [[-v]] .github/workflows/ci.yml [pytest -m slow (.github/workflows/ci.yml)]"},
		{workflow("pytest\n          coverage run -m pytest -x tests/"), "pytest [[]] .github/workflows/ci.yml []"},
		{workflow("coverage run -m pytest tests/unit\n          pytest -v ./tests"), "pytest [[-v ./tests]] .github/workflows/ci.yml []"},
		{workflow("coverage run -m pytest tests/unit\n          pytest tests/e2e"),
			"pytest [[tests/unit]] .github/workflows/ci.yml [pytest tests/e2e (.github/workflows/ci.yml)]"},
		{workflow("pytest\n          pytest --run-slow tests"), "pytest [[]] .github/workflows/ci.yml [pytest --run-slow tests (.github/workflows/ci.yml)]"},
		{workflow("coverage run $branch -m pytest $@\n          coverage report --fail-under=100"),
			"pytest [[]] .github/workflows/ci.yml [coverage report --fail-under=100 (.github/workflows/ci.yml)]"},
		{workflow("cd sub && pytest"), "none"},
		{workflow("pytest || true"), "none"},
		{map[string]string{".gitlab-ci.yml": "test:\n  script:\n    - pip install .\n    - pytest --cov=x --cov-report xml\n"}, "pytest [[--cov=x]] .gitlab-ci.yml []"},
		{map[string]string{".github/workflows/ci.yml": "on: [push]\njobs: {a: {steps: [{run: make check}]}}", "Makefile": "check: unit\nunit:\n\t@$(PYTHON) -m pytest -rs\n"},
			"pytest [[-rs]] the target unit of Makefile []"},
		{map[string]string{".github/workflows/ci.yml": "on: [push]\njobs: {a: {steps: [{run: scripts/test}]}}", "scripts/test": "#!/bin/sh\nexport PREFIX=x/\n${PREFIX}pytest $@ -p no:x\n"},
			"pytest [[-p no:x]] scripts/test []"},
		{map[string]string{".github/workflows/cron.yml": "on: {schedule: [{cron: x}]}\njobs: {a: {steps: [{run: pytest}]}}"}, "none"},
		{map[string]string{"tox.ini": "[testenv]\ncommands = python runtests.py -q", "runtests.py": ""}, "script [[runtests.py -q]] tox.ini []"},
		{map[string]string{"tox.ini": "[testenv]\ncommands = ./runtests.py -q", "runtests.py": ""}, "script [[runtests.py -q]] tox.ini []"},
	} {
		call, got := loaded(t, c.files).testCall(), "none"
		if call != nil {
			got = fmt.Sprint(call.runner, " ", call.args, " ", call.source, " ", call.others)
		}
		if got != c.want {
			t.Errorf("%v:\ngot    %s\nwanted %s", c.files, got, c.want)
		}
	}
}
