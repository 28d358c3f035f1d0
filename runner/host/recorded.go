package host

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// basePython returns the program in the caller's PATH to which the interpreter of an environment in the project is a
// link.
func (r *Runner) basePython(s runner.Step, program string, check []string) (base string, ok bool) {
	file := resolved(program)
	if !slices.Equal(check, runtimes[plan.RuntimePython].check) || !pythonName().MatchString(filepath.Base(file)) || r.brings(file) {
		return "", false
	}
	env := r.caller(s)
	base, ok = r.lookPath(filepath.Base(file), environ.Join(env, "PATH="+joinPath(callersPath(env))))
	return base, ok && !r.brings(base) && resolved(base) == file
}

// pythonName matches the names of interpreters of Python.
var pythonName = lazyRegexp(`^python[0-9.]*(?:\.exe)?$`)

// baseStamp identifies the interpreter outside of the project to which one in it is a link, where that is not asked for
// its version: the record of the environment does not change with it.
func (r *Runner) baseStamp(s runner.Step, program string, check []string) string {
	file := resolved(program)
	if _, asked := r.basePython(s, program, check); asked || !r.brings(program) || r.brings(file) {
		return ""
	}
	var k probeKey
	k.stamp(file, os.Stat)
	return "base " + strings.Join(k.words, " ")
}

// maxRecord is more than the record of an environment has, in bytes.
const maxRecord = 64 << 10

// recorded returns the version of a program in the project, which is not run in order to know it: that of Python as
// the pyvenv.cfg of its virtual environment has it. Of any other it is not known before it runs: "".
func recorded(program string, check []string) string {
	if !slices.Equal(check, runtimes[plan.RuntimePython].check) {
		return ""
	}
	file := filepath.Join(filepath.Dir(filepath.Dir(program)), "pyvenv.cfg")
	data, _ := regular.Read(file, maxRecord)
	for line := range strings.Lines(string(data)) {
		name, value, _ := strings.Cut(line, "=")
		if name = strings.TrimSpace(name); name == "version" || name == "version_info" {
			return versionIn(value)
		}
	}
	return ""
}
