package pipelines

import (
	"strings"
	"testing"
)

// TestGivenVariables has the values of variables that commands give to tasks.
func TestGivenVariables(t *testing.T) {
	p := project{
		"Makefile":     "STRICT ?= 0\nFIXED = a\nMORE ?= m\ntest:\n\tcheck $(STRICT) $(FIXED) $(MORE)\nall:\n\t$(MAKE) test\n",
		"justfile":     "strict := \"0\"\ntest:\n  check {{strict}}\n",
		"Taskfile.yml": "version: '3'\nvars: {STRICT: '0'}\ntasks:\n  test:\n    env: {S: '{{.STRICT}}'}\n    vars: {LEVEL: '{{.LEVEL | default \"1\"}}', FIXED: a}\n    cmds: ['check {{.STRICT}} {{.FIXED}} {{.LEVEL}}']\n",
	}
	for run, want := range map[string]string{
		"make test": "check 0 a m", "make test STRICT=1": "check 1 a m", "STRICT=1 make test": "check 1 a m", "make FIXED=b MORE=n test": "check 0 b n",
		"FIXED=b make test": "check 0 a m", "make all STRICT=1": "check 1 a m",
		"just test": "check 0", "just strict=1 test": "check 1", "just --set strict 1 test": "check 1",
		"task test STRICT=1 FIXED=b LEVEL=2": "S=1 check 1 a 2",
	} {
		calls := Follow(p, ".", run)
		last := calls[len(calls)-1]
		got := strings.Join(last.Words, " ")
		for _, v := range last.Env {
			if strings.HasPrefix(v, "S=") {
				got = v + " " + got
			}
		}
		if got != want {
			t.Errorf("%s: got %q, wanted %q", run, got, want)
		}
	}
}
