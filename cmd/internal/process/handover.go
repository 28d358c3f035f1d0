package process

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/davit-dev/davit/cmd/internal/cli"
	"github.com/davit-dev/davit/internal/fault"
)

// handed is the variable by which davit tells davit-engine its release. Steps do not see it.
const handed = "DAVIT_HANDED_OVER_BY"

// Handover replaces this process by davit-engine with the same arguments. It returns only if that is not possible.
func Handover() error {
	path, err := findEngine()
	if err != nil {
		return err
	}
	env := append(os.Environ(), handed+"="+cli.Release())
	err = replace(path, append([]string{path}, os.Args[1:]...), env)
	return &fault.Error{Reason: fmt.Sprintf("%q cannot be started: %v", path, err), Next: getEngine, Code: fault.FailedPrecondition}
}

// getEngine is the hint where davit-engine is missing or another one.
const getEngine = "put the davit-engine of the same release beside davit; in the sources of davit, make build makes both"

// findEngine finds davit-engine: beside davit itself, then in PATH.
func findEngine() (string, error) {
	name := "davit-engine"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	self, err := os.Executable()
	if err == nil {
		self, err = filepath.EvalSymlinks(self)
	}
	beside := filepath.Join(filepath.Dir(self), name)
	if _, missing := os.Stat(beside); err == nil && missing == nil {
		return beside, nil
	}
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	return "", &fault.Error{
		Reason: fmt.Sprintf("this needs a container engine, for which davit calls %s, and that is neither in %q nor in PATH", name, filepath.Dir(self)),
		Next:   getEngine, Code: fault.FailedPrecondition,
	}
}

// sameRelease refuses to go on for a davit of another release: the two might not mean the same.
func sameRelease(own string) error {
	other, is := os.LookupEnv(handed)
	if !is {
		return nil
	}
	os.Unsetenv(handed)
	if other == own {
		return nil
	}
	return &fault.Error{
		Reason: fmt.Sprintf("davit is %s and the davit-engine that it called is %s: they have to be of one release", other, own),
		Next:   getEngine, Code: fault.FailedPrecondition,
	}
}
