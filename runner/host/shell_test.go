package host

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

func TestScripts(t *testing.T) {
	for name, c := range map[string]struct {
		script, out, err, reason string
		exit                     int
	}{
		"arguments": {script: `for a in "$@"; do echo "<$a>"; done`, out: "<a b>\n<c>\n"},
		"the first failure ends it": {script: "echo a\nfalse\necho b", out: "a\n", reason: "exit status 1",
			exit: 1},
		"a failure that is asked for": {script: "false || echo b\nif false; then :; fi\necho c",
			out: "b\nc\n"},
		"its own exit code":     {script: "exit 5", reason: "exit status 5", exit: 5},
		"a program's exit code": {script: "sh -c 'exit 6'", reason: "exit status 6", exit: 6},
		"a program that is not there": {script: "no-such-program", err: "no-such-program",
			reason: "exit status 127", exit: 127},
		"pipes and redirections": {script: "printf 'b\\na\\n' | sort > f; cat < f; echo e >&2",
			out: "a\nb\n", err: "e\n"},
		"variables reach programs": {script: "A=1 sh -c 'echo $A'; export B=2; sh -c 'echo $B'; C=3; sh -c 'echo $C'",
			out: "1\n2\n\n"},
		"declarations": {script: "A='x y'; export B=$A\nf() { local C=\"$1 z\" D; D=1; echo $C $D; }\nf 1; echo \"$B<$C>\"; readonly E=5\n" +
			"export F; F=6; sh -c 'echo $B $F'; N=G=7; export $N; sh -c 'echo $G'; export H=; echo \"<$H>\"",
			out: "1 z 1\nx y<>\nx y 6\n7\n<>\n"},
		"its own program":   {script: "./tool x", out: "tool x\n"},
		"what it waits for": {script: "sh -c 'echo bg' & wait; echo end", out: "bg\nend\n"},
		"what it leaves is stopped": {script: "sh -c 'echo started; sleep 1000' | { read x; echo $x; } & sleep 1000 & echo end",
			out: "end\n"},
		"a killed program": {script: "sh -c 'kill -9 $$'; :", err: "illed", reason: "exit status 137",
			exit: 137},
		"input is empty":               {script: "cat; echo end", out: "end\n"},
		"a pipe that is closed early":  {script: "yes | head -n 1", out: "y\n"},
		"command substitution, arith.": {script: `echo "$(echo a)$((1+2))"`, out: "a3\n"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRunner(t)
			put(t, r, "tool", "#!/bin/sh\necho tool $1\n", 0o755)
			result, l := do(t, r, posix(c.script, "a b", "c"))
			out := l.text("stdout")
			if name == "what it leaves is stopped" {
				out = strings.ReplaceAll(out, "started\n", "")
			}
			if result.Reason != c.reason || result.Exit != c.exit || out != c.out ||
				!strings.Contains(l.text("stderr"), c.err) || c.err == "" && l.text("stderr") != "" {
				t.Errorf("got %+v, %q, %q", result, out, l.text("stderr"))
			}
		})
	}
}

func TestAScriptThatIsNotPosixIsRefusedBeforeAnythingRuns(t *testing.T) {
	for script, want := range map[string]string{
		"echo a\nif": "step \"posix\": line 2, column 1 of its script: `if` must be followed by a statement list",
		"a=(1 2)":    `step "posix": line 1, column 3 of its script: arrays are not part of the POSIX shell`,
	} {
		_, err := newRunner(t).Prepare(context.Background(), []runner.Step{posix(script)})
		got, ok := errors.AsType[*ScriptError](err)
		if !ok || got.Error() != want || fault.Of(got) != fault.FailedPrecondition {
			t.Errorf("%q: got %v", script, err)
		}
	}
}

func TestCancellingAScriptLeavesNoProcess(t *testing.T) {
	result, l := cancelWhen(t, newRunner(t),
		posix("sh -c 'echo $$; sleep 1000' & sh -c 'echo $$; sleep 1000 & echo $!; wait'"), 3)
	if result.Status != ui.StatusCancelled {
		t.Errorf("got %+v", result)
	}
	mustBeGone(t, pids(l))
}

func TestATimeoutEndsAScript(t *testing.T) {
	s := posix("sh -c 'echo $$; sleep 1000'")
	s.Plan.Timeout = 1
	result, l := do(t, newRunner(t), s)
	if result.Reason != "timeout after 1s" {
		t.Errorf("got %+v", result)
	}
	mustBeGone(t, pids(l))
}

func TestAScriptHasItsFolder(t *testing.T) {
	r := newRunner(t)
	put(t, r, "sub/x", "", 0o644)
	s := posix("ls; echo made > y")
	s.Plan.Dir = "sub"
	if result, l := do(t, r, s); result.Status != ui.StatusOK || l.text("stdout") != "x\n" {
		t.Errorf("got %+v, %q", result, l.text("stdout"))
	}
	if _, err := os.Stat(filepath.Join(r.o.Root, "sub", "y")); err != nil {
		t.Error(err)
	}
}
