package dependencies

import (
	"slices"
	"testing"

	"github.com/davit-dev/davit/internal/managertest"
	"github.com/davit-dev/davit/internal/packagetest"
)

// A manager is a package manager with a tiny project.
type manager struct {
	name string
	// program is the manager, if systems often lack it.
	program *managertest.Manager
	// needs are the other programs.
	needs []string
	// registry starts its registry, and module makes a package of it.
	registry func(testing.TB, packagetest.Options, ...packagetest.Package) *packagetest.Server
	module   func(name, version string) packagetest.Package
	// files returns the project without its lock file, with the packages that it depends on. The version is that
	// of mast, for projects whose manifest is the lock file.
	files func(url, version string, packages []string) files
	// lock is the script that writes the lock files, and lockFiles are these.
	lock      string
	lockFiles []string
	// environment is the folder that the packages are installed in, or the folder that depends on them, and
	// installed the path of mast in it, with wildcards; "" if they are only in the manager's own cache.
	environment, installed string
	// install and test are the scripts of a clean clone, which ends at the first command that fails.
	install, test string
	// ahead is the state of the manifest when it is out of step with the lock file.
	ahead state
	// more are more packages of the registry.
	more []packagetest.Package
	// variables are more variables of the caller.
	variables func(url string) []string
	// differs are the verdicts of a clean clone that are not those of most managers, by case.
	differs map[string]verdict
	// tarball is in the path of a request for the contents of mast.
	tarball string
	// slow leaves out the cases that are less likely to differ.
	slow bool
}

// files are texts by path. An empty text removes a file.
type files map[string]string

// mast and rope are the packages. A project depends on mast, and sometimes on rope too.
const (
	mast = "mast"
	rope = "rope"
)

// The versions of mast. Only good passes the test of a project; gone is no longer in the registry.
const (
	good = "1.11.0"
	bad  = "1.12.0"
	gone = "1.19.0"
)

var managers = slices.Concat(pythonManagers, nodeManagers, []manager{cargo, golang})

// isPython reports whether the environment has an interpreter.
func (m manager) isPython() bool { return m.environment == ".venv" }

// isNode reports whether the environment is node_modules.
func (m manager) isNode() bool { return m.environment == "node_modules" }

// with returns the manager with verdicts of a clean clone that are not the usual ones.
func (m manager) with(differs map[string]verdict) manager {
	m.differs = differs
	return m
}

// slowly returns the manager without its rare cases, unless the flag -slow is set.
func (m manager) slowly() manager {
	m.slow = true
	return m
}

// needTools skips the test if a program is missing; with CI=true all are there.
func (m manager) needTools(t *testing.T) {
	t.Helper()
	for _, program := range m.needs {
		needProgram(t, program)
	}
}
