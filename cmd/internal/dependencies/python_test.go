package dependencies

import (
	"fmt"
	"strings"

	"github.com/davit-dev/davit/internal/managertest"
	"github.com/davit-dev/davit/internal/packagetest"
)

// pythonTest is the test of a project, for unittest.
const pythonTest = `import sys
import unittest

try:
    from mast import VERSION
except ImportError:
    VERSION = "none"
if sys.version_info < (MINIMUM):
    VERSION = "in an old Python"


class Test(unittest.TestCase):
    def test_version(self):
        print("saw mast", VERSION)
        self.assertEqual(VERSION, "1.11.0")
`

// asksTheIndex is of managers that ask the index for the address of what they have in a cache.
var asksTheIndex = map[string]verdict{offline: refused}

// linter is a linter with the name of a real one.
var linter = packagetest.Package{Name: "ruff", Version: good, Files: map[string]string{
	"ruff/__init__.py": "",
	"ruff/__main__.py": "def main():\n    print('the fake ruff')\n\n\nif __name__ == '__main__':\n    main()\n",
	"ruff-" + good + ".dist-info/entry_points.txt": "[console_scripts]\nruff = ruff.__main__:main\n",
}}

const unittest = "python -m unittest discover -s tests"

// python returns a manager of Python whose manifest has the packages in a list of its own.
func python(name string, program *managertest.Manager, manifest func(url string, packages []string) files,
	lock, lockFile, install, run string) manager {
	return manager{
		name: name, program: program, needs: []string{"python3"},
		registry: packagetest.Python, module: packagetest.PythonModule, more: []packagetest.Package{linter},
		files: func(url, _ string, packages []string) files {
			all := manifest(url, packages)
			all["tests/__init__.py"], all["tests/test_mast.py"] = "\n", testOf(minimum())
			all["ruff.toml"] = "line-length = 100\n"
			all[".gitignore"] = ".venv/\n__pycache__/\n"
			return all
		},
		lock: lock, lockFiles: []string{lockFile}, install: install, test: run + unittest,
		environment: ".venv", installed: "lib/python*/site-packages/mast", tarball: ".whl", ahead: both,
	}
}

func testOf(minimum string) string {
	return strings.ReplaceAll(pythonTest, "MINIMUM", strings.ReplaceAll(minimum, ".", ", "))
}

// quoted returns requirements as a list of TOML.
func quoted(packages []string) string {
	var list []string
	for _, p := range packages {
		list = append(list, fmt.Sprintf("%q", p+">=1,<2"))
	}
	return "[" + strings.Join(list, ", ") + "]"
}

// pyproject returns a manifest of a project that is no package.
func pyproject(packages []string, more string) string {
	return fmt.Sprintf("[project]\nname = \"app\"\nversion = \"1.0\"\nrequires-python = \">=%s\"\ndependencies = %s\n\n%s",
		minimum(), quoted(packages), more)
}

var pip = manager{
	name: "pip", needs: []string{"python3"}, registry: packagetest.Python, module: packagetest.PythonModule,
	more: []packagetest.Package{linter},
	files: func(_, version string, packages []string) files {
		var lines string
		for _, p := range packages {
			if p == mast {
				lines += p + "==" + version + "\n"
			} else {
				lines += p + "==" + good + "\n"
			}
		}
		return files{"requirements.txt": lines + "# pinned\n", "ruff.toml": "line-length = 100\n", "tests/__init__.py": "\n",
			"tests/test_mast.py": testOf("3.0"), ".gitignore": ".venv/\n__pycache__/\n"}
	},
	lock: "true", lockFiles: []string{"requirements.txt"},
	install:     "python3 -m venv .venv; .venv/bin/python -m pip install -q -r requirements.txt",
	test:        ".venv/bin/" + unittest,
	environment: ".venv", installed: "lib/python*/site-packages/mast", tarball: ".whl",
	differs:   asksTheIndex,
	variables: func(url string) []string { return []string{"PIP_INDEX_URL=" + url + "/simple/"} },
}

var pythonManagers = []manager{
	pip.slowly(),
	python("uv", &managertest.UV, func(url string, packages []string) files {
		return files{"pyproject.toml": pyproject(packages,
			"[tool.uv]\npackage = false\n\n[[tool.uv.index]]\nurl = \""+url+"/simple/\"\ndefault = true\n")}
	}, "uv lock -q", "uv.lock", "uv sync -q --locked", "uv run -q --no-sync "),
	python("poetry", &managertest.Poetry, func(url string, packages []string) files {
		return files{"pyproject.toml": pyproject(packages, "[tool.poetry]\npackage-mode = false\n\n"+
			"[[tool.poetry.source]]\nname = \"here\"\nurl = \""+url+"/simple/\"\npriority = \"primary\"\n")}
	}, "poetry lock -q -n", "poetry.lock", "poetry install -q -n", "poetry run ").
		with(map[string]verdict{offline: refused, "made by another Python": refused}).slowly(),
	python("pdm", &managertest.PDM, func(url string, packages []string) files {
		return files{"pyproject.toml": pyproject(packages, "[tool.pdm]\ndistribution = false\n\n"+
			"[[tool.pdm.source]]\nname = \"pypi\"\nurl = \""+url+"/simple/\"\n")}
	}, "pdm lock -q", "pdm.lock", "pdm lock -q --check; pdm sync -q", "pdm run ").with(asksTheIndex).slowly(),
	python("pipenv", &managertest.Pipenv, func(url string, packages []string) files {
		var lines string
		for _, p := range packages {
			lines += p + " = \">=1,<2\"\n"
		}
		return files{"Pipfile": "[[source]]\nurl = \"" + url + "/simple/\"\nverify_ssl = false\nname = \"here\"\n\n" +
			"[packages]\n" + lines + "\n[requires]\npython_version = \"" + minimum() + "\"\n"}
	}, "pipenv lock -q", "Pipfile.lock", "pipenv verify >/dev/null; pipenv sync -q", "pipenv run ").
		with(asksTheIndex).slowly(),
}
