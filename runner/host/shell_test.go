package host

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

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

// withoutSh makes a runner for a system that has no sh.
func withoutSh(r *Runner) *Runner {
	r.sh = func() (string, bool) { return "", false }
	return r
}

func TestScriptsWithoutSh(t *testing.T) {
	r := withoutSh(newRunner(t))
	for script, want := range map[string]string{
		`for a in "$@"; do echo "<$a>"; done`:            "<a b>\n",
		"echo a\nfalse\necho b":                          "a\n",
		"A='x y'; export B=$A; printenv B":               "x y\n",
		"f() { local C=\"$1 z\"; echo $C; }; f 1; cat":   "1 z\n",
		"(sleep 1000 & echo end)":                        "end\n",
		"trap 'echo bye' EXIT; echo a > f 2>&1; cat < f": "a\nbye\n",
	} {
		s := posix(script, "a b")
		if _, err := r.Prepare(context.Background(), []runner.Step{s}); err != nil {
			t.Errorf("%s: %v", script, err)
		}
		if result, l := do(t, r, s); l.text("stdout") != want {
			t.Errorf("%s: got %+v, %q", script, result, l.text("stdout"))
		}
	}
}

func TestWithoutShAScriptThatNeedsItIsRefusedBeforeAnythingRuns(t *testing.T) {
	for script, want := range map[string]string{
		"echo a\numask 022":             "line 2, column 1 of its script: umask",
		"kill $$":                       "line 1, column 1 of its script: kill",
		"ulimit -n 5":                   "line 1, column 1 of its script: ulimit",
		"f() { jobs; }":                 "line 1, column 7 of its script: jobs",
		"trap 'echo x' EXIT INT":        "line 1, column 1 of its script: trap of INT",
		"trap '' TERM":                  "line 1, column 1 of its script: trap of TERM",
		"trap 'echo x' 0":               "line 1, column 1 of its script: trap of 0",
		"set -C":                        "line 1, column 1 of its script: set -C",
		"set -eu -o noclobber":          "line 1, column 1 of its script: set -o noclobber",
		"exec 3> f":                     "line 1, column 6 of its script: descriptor 3",
		"echo a >&3":                    "line 1, column 8 of its script: the redirection >&3",
		"cat <&4":                       "line 1, column 5 of its script: the redirection <&4",
		"cat <> f":                      "line 1, column 5 of its script: the redirection <>",
		"echo $(if true; then fg; fi)x": "line 1, column 22 of its script: fg",
	} {
		_, err := withoutSh(newRunner(t)).Prepare(context.Background(), []runner.Step{posix(script)})
		want = `step "posix": ` + want + " needs sh, which this system does not have"
		got, ok := errors.AsType[*ScriptError](err)
		if !ok || got.Error() != want || fault.Of(got) != fault.FailedPrecondition || got.Hint() == "" {
			t.Errorf("%q: got %v, wanted %s", script, err, want)
		}
	}
}

func TestAScriptThatShDoesNotAcceptIsRefusedBeforeAnythingRuns(t *testing.T) {
	for script, want := range map[string]string{
		"echo a\nif": "step \"posix\": line 2, column 1 of its script: `if` must be followed by a statement list",
		"cat <(":     "",
	} {
		_, err := newRunner(t).Prepare(context.Background(), []runner.Step{posix(script)})
		got, ok := errors.AsType[*ScriptError](err)
		if !ok || want != "" && got.Error() != want || fault.Of(got) != fault.FailedPrecondition {
			t.Errorf("%q: got %v", script, err)
		}
	}
}

// TestShDecidesWhatAScriptIs: what the parser refuses may be accepted by a sh that is more than POSIX, or may
// never be read.
func TestShDecidesWhatAScriptIs(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip(err)
	}
	more := newRunner(t)
	more.sh = func() (string, bool) { return bash, true }
	for script, r := range map[string]*Runner{
		"a=(1 2); echo ${a[1]}":                             more,
		"echo 2\nexit 0\nif (( then":                        newRunner(t),
		"alias then_if='if'\nthen_if true; then echo 2; fi": newRunner(t),
	} {
		s := posix(script)
		if _, err := r.Prepare(context.Background(), []runner.Step{s}); err != nil {
			t.Errorf("%s: %v", script, err)
		}
		if result, l := do(t, r, s); result.Status != ui.StatusOK || l.text("stdout") != "2\n" {
			t.Errorf("%s: got %+v, %q", script, result, l.text("stdout"))
		}
	}
}

func TestShIsTheCallersAndNotTheProjects(t *testing.T) {
	r := newRunner(t)
	put(t, r, "bin/sh", "#!/bin/sh\necho wrong\n", 0o755)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(filepath.Join(r.o.Root, "bin"), link); err != nil {
		t.Fatal(err)
	}
	r.o.Env = append(r.o.Env, "PATH=bin:"+filepath.Join(r.o.Root, "bin")+":"+link+":"+os.Getenv("PATH"))
	s := posix("echo right; command -v sh")
	s.Plan.Path = []string{"bin"}
	result, l := do(t, r, s)
	if want := "right\n" + filepath.Join(r.o.Root, "bin/sh") + "\n"; l.text("stdout") != want {
		t.Errorf("got %+v, %q", result, l.text("stdout"))
	}
}

func TestTheShOfGitForWindows(t *testing.T) {
	for _, folder := range []string{"cmd", "bin", "mingw64/bin"} {
		r, git := newRunner(t), t.TempDir()
		for _, name := range []string{folder + "/git.exe", "bin/sh.exe"} {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(git, name)), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(git, name), nil, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		r.o.Env = []string{"PATH=" + filepath.Join(git, filepath.FromSlash(folder))}
		if sh, ok := r.shOfGit([]string{".exe"}); !ok || sh != filepath.Join(git, "bin", "sh.exe") {
			t.Errorf("%s: got %q", folder, sh)
		}
	}
}

func TestALongScript(t *testing.T) {
	r := newRunner(t)
	for _, length := range []int{runner.MaxArgument - 1, runner.MaxArgument, 5*runner.MaxArgument + 1, 1 << 20} {
		script := strings.Repeat("# żó\n", length/7) + "echo \"$1 $# $0\"; exit 3"
		result, l := do(t, r, posix(script, "a b", "c"))
		if result.Exit != 3 || l.text("stdout") != "a b 2 sh\n" {
			t.Errorf("%d bytes: got %+v, %q, %q", length, result, l.text("stdout"), l.text("stderr"))
		}
	}
}

// What a script leaves in its group ends with it; a daemon that left the group lives on, as after a program.
func TestWhatAScriptLeaves(t *testing.T) {
	r := newRunner(t, func(o *Options) { o.Grace = time.Millisecond })
	result, l := do(t, r, posix("sleep 1000 & echo $!; sh -c 'sleep 1000 & echo $!'\n"+
		"sh -c 'trap \"\" TERM; echo $$; touch ready; sleep 1000' & until [ -e ready ]; do sleep 0.01; done"))
	if result.Status != ui.StatusOK || len(pids(l)) != 3 {
		t.Fatalf("got %+v, %q", result, pids(l))
	}
	mustBeGone(t, pids(l))
	if _, err := exec.LookPath("setsid"); err != nil {
		t.Skip(err)
	}
	_, l = do(t, r, posix("setsid sh -c 'echo $$; touch daemon; exec sleep 1000' &\n"+
		"until [ -e daemon ]; do sleep 0.01; done"))
	for _, pid := range pids(l) {
		if err := exec.Command("kill", "-KILL", pid).Run(); err != nil {
			t.Errorf("the daemon is gone: %v", err)
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
