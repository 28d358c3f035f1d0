package packagetest

import (
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// setVariables sets variables of a script, and writes them into files.
func setVariables(ts *testscript.TestScript, files []string, pairs ...string) {
	var replaced []string
	for i := 0; i < len(pairs); i += 2 {
		ts.Setenv(pairs[i], pairs[i+1])
		replaced = append(replaced, "${"+pairs[i]+"}", pairs[i+1])
	}
	for _, file := range files {
		text := strings.NewReplacer(replaced...).Replace(ts.ReadFile(file))
		ts.Check(os.WriteFile(ts.MkAbs(file), []byte(text), 0o600))
	}
}
