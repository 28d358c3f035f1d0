package python

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

func TestThePinOfPython(t *testing.T) {
	const test = "import unittest\nclass T(unittest.TestCase):\n    pass\n"
	for name, c := range map[string]struct {
		files map[string]string
		tool  string
		want  string // the pin, by what, the constraint, the image
	}{
		"nothing": {nil, "python", "|||python:3"},
		"pyenv": {map[string]string{".python-version": "3.12.4\n"},
			"python", "3.12.4|.python-version||python:3.12.4"},
		"of several": {map[string]string{".python-version": "3.12\n3.11\n"},
			"python", "3.12|.python-version||python:3.12"},
		"uv's form": {map[string]string{".python-version": "cpython-3.12\n"},
			"python", "3.12|.python-version||python:3.12"},
		"PyPy":   {map[string]string{".python-version": "pypy3.10-7.3.12\n"}, "python", "|||python:3"},
		"a name": {map[string]string{".python-version": "myenv\n"}, "python", "|||python:3"},
		"no GIL": {map[string]string{".python-version": "3.14t\n"}, "python", "|||python:3"},
		"asdf": {map[string]string{".tool-versions": "python 3.12.4 3.11.1\n"},
			"python", "3.12.4|.tool-versions||python:3.12.4"},
		"mise": {map[string]string{"mise.toml": "[tools]\npython = '3.12'\n"},
			"python", "3.12|mise.toml||python:3.12"},
		"requires": {map[string]string{"pyproject.toml": "[project]\nname = 'x'\nrequires-python = '~=3.11'\n"},
			"python", "||>=3.11, <4|python:3"},
		"both": {map[string]string{".python-version": "3.12",
			"pyproject.toml": "[project]\nname = 'x'\nrequires-python = '>=3.11'\n"},
			"python", "3.12|.python-version|>=3.11|python:3.12"},
		"Pipfile": {map[string]string{"Pipfile": "[packages]\nsix = '*'\n[requires]\npython_version = '3.12'\n"},
			"pipenv",
			"3.12|Pipfile||python:3.12"},
		"poetry": {map[string]string{"poetry.lock": "", "pyproject.toml": "[tool.poetry]\nname = 'x'\n" +
			"[tool.poetry.dependencies]\npython = '^3.11'\nsix = '*'\n"},
			"poetry", ">=3.11, <4|pyproject.toml||python:3"},
		"uv, which gets it": {map[string]string{"uv.lock": "", ".python-version": "3.12",
			"pyproject.toml": "[project]\nname = 'x'\nversion = '1'\ndependencies = ['six']\nrequires-python = '>=3.11'\n"},
			"uv", "|||ghcr.io/astral-sh/uv:python3.12-bookworm"},
	} {
		fsys := fstest.MapFS{"tests/test_x.py": {Data: []byte(test)}}
		for file, text := range c.files {
			fsys[file] = &fstest.MapFile{Data: []byte(text)}
		}
		p, err := Read(&sdk.Project{Project: plan.Project{Name: "x", Dir: "."}, FS: fsys})
		if err != nil {
			t.Fatal(err)
		}
		tool, found := p.Tools[c.tool]
		got := strings.Join([]string{tool.Pin, tool.PinnedBy, tool.Version, tool.Image}, "|")
		if !found || got != c.want || tool.Runtime != plan.RuntimePython {
			t.Errorf("%s: got %s of %q, wanted %s", name, got, tool.Runtime, c.want)
		}
	}
}

// Projects that pin different versions have an interpreter each.
func TestProjectsOfDifferentVersions(t *testing.T) {
	test := &fstest.MapFile{Data: []byte("import unittest\nclass T(unittest.TestCase):\n    pass\n")}
	text := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	p, err := Read(&sdk.Project{Project: plan.Project{Name: "x", Dir: "."}, FS: fstest.MapFS{
		".python-version": text("3.12"), "a/setup.py": text("setup()"), "a/tests/test_a.py": test,
		"b/setup.py": text("setup()"), "b/tests/test_b.py": test, "b/.python-version": text("3.11"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{"a/test": "3.12 python:3.12", "b/test": "3.11 python:3.11"} {
		tool := p.Tools[p.Steps[id].Tool]
		if got := tool.Pin + " " + tool.Image; got != want {
			t.Errorf("%s: got %s, wanted %s", id, got, want)
		}
	}
}
