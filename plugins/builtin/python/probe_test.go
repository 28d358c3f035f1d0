package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// site is a folder in which Python finds "thing" 1.5, with an extra that needs "other", and a project with
// tests.
var site = map[string]string{
	"site/thing-1.5.dist-info/METADATA": "Metadata-Version: 2.1\nName: thing\nVersion: 1.5\nProvides-Extra: more\nRequires-Dist: other; extra == 'more'\n",
	"site/thing/__init__.py":            "",
	"site/loose_module.py":              "",
	"mine/__init__.py":                  "import thing\nprint('noise')\n",
	"broken/__init__.py":                "import not_there\n",
	"wrong/__init__.py":                 "1/0\n",
	"good/conftest.py":                  "",
	"good/helper.py":                    "",
	"good/test_one.py":                  "import os, sys\nimport thing.sub\nfrom helper import x\nfrom . import y\ntry:\n    import not_there\nexcept ImportError:\n    pass\nTEXT = '''\nimport not_there_either\n'''\n",
	"good/data/test_two.py":             "import not_there\n",
	"bad/test_one.py":                   "import not_there\n",
	"fixture/test_one.py":               "def test_it(mocker):\n    pass\n",
}

func TestProbe(t *testing.T) {
	// python3 may be a script that looks for the interpreter on each call.
	found, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output()
	if err != nil {
		t.Skip("there is no python3 here")
	}
	python := strings.TrimSpace(string(found))
	dir := t.TempDir()
	for name, text := range site {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for words, want := range map[string]string{
		"dist:thing":                          "already has thing 1.5",
		"dist:Thing>=1,<2":                    "already has Thing 1.5",
		"dist:thing~=1.4 dist:loose-module":   "already has thing 1.5, loose-module",
		"dist:thing>=2":                       "lacks thing>=2 (has 1.5)",
		"dist:absent":                         "lacks absent",
		"dist:absent;python_version<'3'":      "already has all that is needed",
		"module:thing":                        "already has thing 1.5",
		"module:absent":                       "lacks absent",
		"program:python3":                     "already has python3",
		"program:no-such-program":             "lacks no-such-program",
		"python:>=3.6":                        "already has all that is needed",
		"python:<3":                           "lacks version <3",
		"own:mine":                            "already has all that is needed",
		"own:broken":                          "lacks what broken imports: No module named 'not_there'",
		"own:wrong":                           "already has all that is needed",
		"tests:good":                          "already has all that is needed",
		"tests:good/test_one.py":              "already has all that is needed",
		"tests:bad":                           "lacks not_there",
		"tests:fixture":                       "already has all that is needed",
		"either:pytest tests:good":            "already has all that is needed",
		"fixture:mocker=absent tests:fixture": "lacks absent",
		"fixture:mocked=absent tests:fixture": "already has all that is needed",
		"dist:absent own:broken tests:bad":    "lacks absent",
	} {
		argv := append(probe("path:site"), strings.Fields(words)...)
		cmd := exec.Command(python, argv[1:]...)
		cmd.Dir = dir
		out, err := cmd.Output()
		if _, failed := err.(*exec.ExitError); failed != strings.HasPrefix(want, "lacks") {
			t.Errorf("%s: %v", words, err)
		}
		if line := strings.TrimSpace(string(out)); !strings.HasPrefix(line, "python3 ") ||
			!strings.HasSuffix(line, " "+want) {
			t.Errorf("%s: got %q, wanted … %s", words, line, want)
		}
	}
}
