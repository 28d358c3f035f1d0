package python

import (
	"slices"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// countsTests is a program of Python that runs unittest, or Django's manage.py, as the words behind it say, and fails
// if no test ran, as unittest itself does since Python 3.12.
const countsTests = `import runpy, sys, unittest
run = unittest.TextTestRunner.run
def counted(self, *args):
    result = run(self, *args)
    if result.testsRun == 0:
        sys.exit("no tests ran")
    return result
unittest.TextTestRunner.run = counted
sys.argv = sys.argv[1:]
sys.path.insert(0, "")
if sys.argv[0] == "unittest":
    runpy.run_module("unittest", run_name="__main__", alter_sys=True)
else:
    runpy.run_path(sys.argv[0], run_name="__main__")`

// failingWithoutTests returns a step of unittest or Django that fails if it runs no test, although there are files
// with tests.
func failingWithoutTests(s plan.Step) plan.Step {
	words := s.Argv[1:]
	if words[0] == "-m" {
		words = words[1:]
	}
	call := slices.Concat([]string{s.Argv[0], "-c", countsTests}, words)
	s.Op, s.Script = plan.OpShell, "# "+sdk.Quote(s.Argv...)+"\n"+sdk.Quote(call...)+" \"$@\"\n"
	s.Argv = nil
	return s
}
