package process

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/davit-dev/davit/cmd/internal/cli"
	"github.com/davit-dev/davit/internal/fault"
)

// releaseVariable is the variable in which davit passes its release to davit-engine. It is removed before
// steps run.
const releaseVariable = "DAVIT_HANDED_OVER_BY"

// Handover replaces this process by davit-engine with the same arguments. It returns only if that is not
// possible.
func Handover() error {
	path, err := findEngine()
	if err != nil {
		return err
	}
	env := append(os.Environ(), releaseVariable+"="+cli.Release())
	err = replace(path, append([]string{path}, os.Args[1:]...), env)
	return fault.Preconditionf(installHint(), "%q cannot be started: %v", path, err)
}

// installHint returns the hint if davit-engine is missing or of another release. A davit that go install built has the
// command that brings it.
func installHint() string {
	if version := cli.ModuleVersion(); version != "" {
		return "go install github.com/davit-dev/davit/cmd/davit-engine@" + version + " brings it"
	}
	return "install the davit-engine of the same release next to davit; in the source tree of davit, make build builds both"
}

// findEngine returns the path of davit-engine: next to davit itself, else in PATH.
func findEngine() (string, error) {
	name := "davit-engine"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	self, err := os.Executable()
	if err == nil {
		self, err = filepath.EvalSymlinks(self)
	}
	sibling := filepath.Join(filepath.Dir(self), name)
	if _, missing := os.Stat(sibling); err == nil && missing == nil {
		return sibling, nil
	}
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	return "", fault.Preconditionf(installHint(),
		"davit runs %s for this, and that is neither in %q nor in PATH", name, filepath.Dir(self))
}

// sameRelease returns an error if a davit of another release has started this one. The two might read a
// project differently.
func sameRelease(own string) error {
	other, ok := os.LookupEnv(releaseVariable)
	if !ok {
		return nil
	}
	os.Unsetenv(releaseVariable)
	if other == own {
		return nil
	}
	return fault.Preconditionf(installHint(),
		"davit is %s and the davit-engine that it runs is %s: they have to be of the same release", other,
		own)
}
