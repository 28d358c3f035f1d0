package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/davit-dev/davit/internal/managertest"
	"github.com/davit-dev/davit/internal/packagetest"
)

// miniPytest is a pytest with two kinds of tests: functions in test_*.py and, if it is asked for them, the examples in
// the documentation of modules. As the real one, it ends with 5 if there are none.
const miniPytest = `import doctest, glob, importlib, os, sys


def main():
    print("the mini pytest", *sys.argv[1:])
    sys.path[0:0] = [""]
    failed = ran = 0
    for name in glob.glob("*.py") + glob.glob("tests/*.py"):
        folder, base = os.path.split(name)
        sys.path[0:0] = [folder]
        module = importlib.import_module(base[:-3])
        for key, test in vars(module).items() if base.startswith("test_") else ():
            if key.startswith("test_"):
                test()
                ran += 1
        if "--doctest-modules" in sys.argv:
            result = doctest.testmod(module)
            failed, ran = failed + result.failed, ran + result.attempted
    print("ran", ran)
    sys.exit(1 if failed else 0 if ran else 5)


if __name__ == "__main__":
    main()
`

// pythonIndex returns an index with the mini pytest, in a version that no machine has, and a package with it.
func pythonIndex(t *testing.T) *packagetest.Server {
	return packagetest.Python(t, packagetest.Options{}, command("pytest", "0.0.1", miniPytest),
		packagetest.PythonModule("mast", "1.11.0"))
}

// TestPython runs testdata/python, with an index that has a pytest of its own.
func TestPython(t *testing.T) { runWithIndex(t, "testdata/python", pythonIndex(t)) }

// TestUV runs testdata/uv, in the same way, with uv.
func TestUV(t *testing.T) {
	dir := t.TempDir()
	managertest.UV.Link(t, dir)
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	runWithIndex(t, "testdata/uv", pythonIndex(t))
}
