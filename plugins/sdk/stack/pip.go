package stack

import (
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// venv is where packages are installed. Sphinx reads documents in all folders but those of the name _sources.
const venv = ".davit/_sources/venv"

// PipEnvironment sets the tool of the commands that are added after it, for a program that pip installs. If the project has
// one of some files of requirements, these are installed into a folder of davit's; the steps then need its programs in
// their Path. Without one, the program must be there.
func (u *Unit) PipEnvironment(program plan.Tool, requirements ...string) (path []string) {
	file := ""
	for _, name := range requirements {
		if at := u.Path(name); file == "" && at != "" && sdk.ValidInPlan(at) && u.Exists(name) {
			file = name
		}
	}
	if file == "" {
		u.Use(program)
		return nil
	}
	u.Use(plan.Tool{Check: []string{"python3", "--version"}, Image: sdk.PythonImage, Runtime: plan.RuntimePython,
		Install: "see https://www.python.org/downloads"})
	install := Shell("# pip install -r "+file, sdk.IgnoreScript(".davit"), "python3 -m venv "+venv,
		venv+"/bin/python -m pip install --quiet -r "+sdk.Quote(file))
	install.Outputs, install.Caches = []string{venv + "/"}, []plan.Cache{sdk.PipCache}
	install.Settings = sdk.Settings("pip")
	install.Provides = &plan.Provides{Dir: venv + "/", Variables: []string{"PIP_*", "PYTHONPATH", "PYTHONHOME"}, Disposable: true}
	u.Prepare(install, "the packages of "+file)
	return []string{venv + "/bin"}
}
