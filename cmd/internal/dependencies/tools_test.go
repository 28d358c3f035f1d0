package dependencies

import (
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// needProgram returns the path of a program. Without it the test is skipped, or fails with CI=true.
func needProgram(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatal(err)
	case err != nil:
		t.Skip("left out: ", err)
	}
	return path
}

// output returns what a command prints, without spaces around it, or "" if it fails.
func output(argv ...string) string {
	out, err := exec.Command(argv[0], argv[1:]...).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// minimum returns the minor version of the python3 on PATH, such as 3.13, which projects require.
var minimum = sync.OnceValue(func() string {
	return output("python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])")
})

// oldPython returns an interpreter that is older than the one on PATH.
var oldPython = sync.OnceValue(func() string {
	return output("python3", "-c", `import glob, os, sys
root = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
for minor in range(sys.version_info[1] - 1, 7, -1):
    for name in glob.glob(root + "/versions/3.%d.*/bin/python3" % minor) + ["/usr/bin/python3.%d" % minor]:
        if os.path.exists(name):
            print(name)
            sys.exit()
`)
})

var goCache = sync.OnceValue(func() string { return output("go", "env", "GOCACHE") })
