package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/davit-dev/davit/internal/managertest"
	"github.com/davit-dev/davit/internal/packagetest"
)

// TestLinters runs testdata/linters, with an index that has two versions of ruff, of which the newest fails. Without the
// option that forbids it, they rewrite a file.
func TestLinters(t *testing.T) {
	ruff := func(version string, code int) packagetest.Package {
		return command("ruff", version, fmt.Sprintf(
			"import sys\n\ndef main():\n    print('ruff %s', *sys.argv[1:])\n"+
				"    if sys.argv[1:2] == ['check'] and '--no-fix' not in sys.argv:\n        open('sail.py', 'w').close()\n"+
				"    sys.exit(%d)\n", version, code))
	}
	mypy := command("mypy", "1.0", "import sys\n\ndef main():\n    print('mypy 1.0', *sys.argv[1:])\n")
	index := packagetest.Python(t, packagetest.Options{}, ruff("0.8.6", 0), ruff("0.9.0", 1), mypy)
	runWithIndex(t, "testdata/linters", index)
}

// TestPreCommit runs testdata/pre-commit, with an index whose only package calls the real pre-commit.
func TestPreCommit(t *testing.T) {
	dir := t.TempDir()
	managertest.PreCommit.Link(t, dir)
	t.Setenv("REAL_PRE_COMMIT", filepath.Join(dir, "pre-commit"))
	index := packagetest.Python(t, packagetest.Options{}, command("pre-commit", "4.6.0", "import os, sys\n\n"+
		"def main():\n    os.execv(os.environ['REAL_PRE_COMMIT'], ['pre-commit', *sys.argv[1:]])\n"))
	runWithIndex(t, "testdata/pre-commit", index)
}

// command returns a package of Python whose command of the same name runs the function main.
func command(name, version, program string) packagetest.Package {
	module := strings.ReplaceAll(name, "-", "_")
	return packagetest.Package{Name: name, Version: version, Files: map[string]string{
		module + ".py": program,
		module + "-" + version + ".dist-info/entry_points.txt": "[console_scripts]\n" + name + " = " + module + ":main\n",
	}}
}

// runWithIndex runs the scripts of a folder in which pip asks an index of the test alone.
func runWithIndex(t *testing.T, dir string, index *packagetest.Server) {
	testscript.Run(t, testscript.Params{
		Dir: dir, UpdateScripts: *update, RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"git-init": gitInit},
		Setup: func(e *testscript.Env) error {
			for name, value := range map[string]string{
				"GIT_CONFIG_GLOBAL": os.DevNull, "HOME": os.Getenv("HOME"),
				"PIP_CONFIG_FILE": os.DevNull, "PIP_NO_CACHE_DIR": "1", "PIP_INDEX_URL": index.URL + "/simple/",
				"UV_DEFAULT_INDEX": index.URL + "/simple/", "UV_CACHE_DIR": e.WorkDir + "/.uv", "UV_NO_CONFIG": "1",
				"PRE_COMMIT_HOME": e.WorkDir + "/.hooks", "REAL_PRE_COMMIT": os.Getenv("REAL_PRE_COMMIT"),
				"REPOSITORY": repository,
			} {
				e.Setenv(name, value)
			}
			return newCache(e)
		},
	})
}
