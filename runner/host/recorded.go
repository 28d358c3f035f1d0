package host

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/plugins/plan"
)

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
