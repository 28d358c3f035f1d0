package main

import (
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/davit-dev/davit/internal/enginetest"
)

// secondEngine starts another Docker engine until the script ends. Its address is $SECOND, and ${SECOND} in
// files: second-engine FILE... writes it there.
func secondEngine(ts *testscript.TestScript, _ bool, files []string) {
	address, end, err := enginetest.SecondDocker()
	ts.Check(err)
	project := ts.Getenv("PROJECT")
	ts.Defer(func() { // it may be somebody's
		removeAll([]string{"-H", address, "rm", "-f", "-v"}, "-H", address, "ps", "-aq", "--filter",
			"label=dev.davit.project="+project)
		removeAll([]string{"-H", address, "rmi", "-f"}, "-H", address, "images", "-q", "--filter",
			"label=dev.davit.project="+project)
		removeAll([]string{"-H", address, "rmi", "-f"}, "-H", address, "images", "-q", "--filter",
			"reference=davit.local/"+project+"/*/*/*")
		end()
	})
	ts.Setenv("SECOND", address)
	for _, file := range files {
		ts.Check(os.WriteFile(ts.MkAbs(file), []byte(strings.ReplaceAll(ts.ReadFile(file), "${SECOND}",
			address)), 0o666))
	}
}
