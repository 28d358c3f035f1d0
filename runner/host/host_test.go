package host

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// log keeps the events of a step.
type log struct {
	mu     sync.Mutex
	events []ui.Event
	each   func(ui.Event)
}

func (l *log) emit(e ui.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, e)
	if l.each != nil {
		l.each(e)
	}
}

// text is what was printed to a stream.
func (l *log) text(stream string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var b strings.Builder
	for _, e := range l.events {
		if e.Type == ui.EventOutput && e.Stream == stream {
			b.WriteString(e.Text)
		}
	}
	return b.String()
}

func newRunner(t *testing.T, change ...func(*Options)) *Runner {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the commands are those of Unix")
	}
	o := Options{Root: t.TempDir(), Env: os.Environ(), Grace: 20 * time.Second}
	for _, f := range change {
		f(&o)
	}
	return New(o)
}

func sh(script string) runner.Step {
	return runner.Step{ID: "sh", Plan: plan.Step{Op: plan.OpExec, Argv: []string{"sh", "-c", script}}}
}

func posix(text string, args ...string) runner.Step {
	return runner.Step{ID: "posix", Plan: plan.Step{Op: plan.OpShell, Script: text}, Args: args}
}

func put(t *testing.T, r *Runner, name, text string, mode os.FileMode) {
	t.Helper()
	full := filepath.Join(r.o.Root, name)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

func do(t *testing.T, r *Runner, s runner.Step) (runner.Result, *log) {
	t.Helper()
	l := &log{}
	return r.Run(context.Background(), s, l.emit), l
}

func TestACommandPrintsToItsStreamsAndSaysHowItEnded(t *testing.T) {
	r := newRunner(t)
	result, l := do(t, r, sh("echo out; echo err >&2; exit 3"))
	want := runner.Result{Status: ui.StatusFailed, Reason: "exit status 3", Exit: 3}
	if !reflect.DeepEqual(result, want) || l.text("stdout") != "out\n" || l.text("stderr") != "err\n" {
		t.Errorf("got %+v, %q, %q", result, l.text("stdout"), l.text("stderr"))
	}
	if first := l.events[0]; first.Status != ui.StatusRunning ||
		first.Command != "sh -c 'echo out; echo err >&2; exit 3'" {
		t.Errorf("the first event is %+v", first)
	}
}

func TestASignalIsNamed(t *testing.T) {
	result, _ := do(t, newRunner(t), sh("kill -KILL $$"))
	if want := (runner.Result{Status: ui.StatusFailed, Reason: "killed by SIGKILL",
		Exit: 137}); !reflect.DeepEqual(result, want) {
		t.Errorf("got %+v", result)
	}
}

func TestInputIsEmpty(t *testing.T) {
	result, l := do(t, newRunner(t, func(o *Options) { o.Stdin = os.Stdin }), sh("cat; echo end"))
	if result.Status != ui.StatusOK || l.text("stdout") != "end\n" {
		t.Errorf("got %+v, %q", result, l.text("stdout"))
	}
}

func TestACommandHasItsFolderItsEnvironmentAndItsPath(t *testing.T) {
	r := newRunner(t, func(o *Options) { o.Env = append(o.Env, "CALLER=c", "BOTH=caller") })
	put(t, r, "tools/hello", "#!/bin/sh\necho \"$CALLER $BOTH $STEP $1 $(basename $PWD)\"\n", 0o755)
	put(t, r, "sub/x", "", 0o644)
	s := runner.Step{Args: []string{"a b"}, Plan: plan.Step{
		Op: plan.OpExec, Argv: []string{"hello"}, Dir: "sub", Path: []string{"none", "tools"},
		Env: map[string]string{"STEP": "s", "BOTH": "step"},
	}}
	if result, l := do(t, r, s); result.Status != ui.StatusOK || l.text("stdout") != "c step s a b sub\n" {
		t.Errorf("got %+v, %q", result, l.text("stdout"))
	}
	s.Plan.Argv = []string{"./tools/hello"}
	if result, _ := do(t, r, s); result.Status != ui.StatusOK {
		t.Errorf("by a path of the project: %+v", result)
	}
}

func TestAScriptWithoutAFirstLineIsOneForSh(t *testing.T) {
	r := newRunner(t)
	put(t, r, "run", "echo $1\n", 0o755)
	s := runner.Step{Plan: plan.Step{Op: plan.OpExec, Argv: []string{"./run", "x"}}}
	if result, l := do(t, r, s); result.Status != ui.StatusOK || l.text("stdout") != "x\n" {
		t.Errorf("got %+v, %q", result, l.text("stdout"))
	}
}

func TestAProgramThatIsNotThere(t *testing.T) {
	s := runner.Step{Tool: &plan.Tool{Install: "get it"},
		Plan: plan.Step{Op: plan.OpExec, Argv: []string{"no-such-program"}}}
	result, l := do(t, newRunner(t), s)
	want := runner.Result{Status: ui.StatusFailed, Exit: 127, Reason: `"no-such-program" is not found`,
		Hint: "get it"}
	if !reflect.DeepEqual(result, want) || len(l.events) > 0 {
		t.Errorf("got %+v, %v", result, l.events)
	}
}

func TestAFolderThatIsNotThere(t *testing.T) {
	s := sh("true")
	s.Plan.Dir = "none"
	if result, _ := do(t, newRunner(t), s); result.Reason != `there is no folder "none" to run in` {
		t.Errorf("got %+v", result)
	}
}

func TestACharacterIsNotCutInTwo(t *testing.T) {
	l := &log{}
	s := &stream{name: "stdout", emit: l.emit}
	for _, b := range []byte("aé€😀z") {
		s.Write([]byte{b})
	}
	s.Write([]byte("\xe2\x82"))
	s.flush()
	s.Write([]byte("late"))
	var pieces []string
	for _, e := range l.events {
		pieces = append(pieces, e.Text)
	}
	if got := strings.Join(pieces, "|"); got != "a|é|€|😀|z|\uFFFD" {
		t.Errorf("got %q", got)
	}
}

// A server that a step leaves behind holds the step's streams; the step has ended all the same.
func TestABackgroundProcessDoesNotHoldItsStep(t *testing.T) {
	r := newRunner(t)
	result, l := do(t, r, sh("sleep 1000 & echo $!"))
	pid := strings.TrimSpace(l.text("stdout"))
	if result.Status != ui.StatusOK || pid == "" {
		t.Fatalf("got %+v, %q", result, pid)
	}
	if err := exec.Command("kill", "-KILL", pid).Run(); err != nil {
		t.Errorf("what was left in the background by a step that succeeded is gone: %v", err)
	}
}

// What a check leaves behind could write behind its verdict, so it is terminated; what is only just ending is awaited.
func TestWhatACheckLeavesInTheBackgroundIsTerminatedAndNamed(t *testing.T) {
	for script, want := range map[string]string{
		"sleep 1000 & echo $!":                   "what it left running in the background was terminated, and no part of the verdict: sleep",
		"(sleep 0.05; echo late) & echo $!":      "",
		"sleep 1000 & echo $!; kill $!; wait $!": "",
	} {
		s := sh(script)
		s.Effect = runner.Reads
		result, l := do(t, newRunner(t), s)
		if pid := strings.Fields(l.text("stdout"))[0]; exec.Command("kill", "-0", pid).Run() == nil {
			t.Errorf("%q: process %s is alive", script, pid)
		}
		var got string
		for _, e := range l.events {
			if e.Type == ui.EventWarning {
				got += e.Text
			}
		}
		if runtime.GOOS != "linux" { // which alone says what is in a group
			want = strings.TrimSuffix(want, ": sleep")
		}
		if got != want {
			t.Errorf("%q: got %q, wanted %q, %+v", script, got, want, result)
		}
	}
}

func TestEverythingThatIsPrintedArrives(t *testing.T) {
	const lines = 200_000
	result, l := do(t, newRunner(t), sh("i=0; yes 0123456789 | head -n 200000"))
	if got := strings.Count(l.text("stdout"), "0123456789\n"); result.Status != ui.StatusOK || got != lines {
		t.Errorf("got %+v, %d lines", result, got)
	}
}

// cancelWhen runs a step and ends it when a line was printed for each of the processes that it starts.
func cancelWhen(t *testing.T, r *Runner, s runner.Step, lines int) (runner.Result, *log) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	l := &log{}
	seen := 0
	l.each = func(e ui.Event) {
		if seen += strings.Count(e.Text, "\n"); e.Type == ui.EventOutput && seen >= lines {
			cancel()
		}
	}
	return r.Run(ctx, s, l.emit), l
}

// pids are the process ids that a step printed.
func pids(l *log) []string {
	var all []string
	lines := bufio.NewScanner(strings.NewReader(l.text("stdout")))
	for lines.Scan() {
		all = append(all, strings.Fields(lines.Text())...)
	}
	return all
}

func mustBeGone(t *testing.T, pids []string) {
	t.Helper()
	for _, pid := range pids {
		if exec.Command("kill", "-0", pid).Run() == nil {
			t.Errorf("process %s is still there", pid)
			_ = exec.Command("kill", "-KILL", pid).Run()
		}
	}
}

func TestCancellingLeavesNoProcess(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		lines  int
		linux  bool // elsewhere what leaves the group escapes
	}{
		"a child in the foreground and one in the background": {script: "sleep 1000 & echo $$ $!; sleep 1000",
			lines: 1},
		"one that ignores the interrupt": {script: "sh -c 'trap \"\" INT; echo $$; sleep 1000' & echo $$; wait",
			lines: 2},
		"one that left the group": {script: "setsid sh -c 'echo $$; sleep 1000 & echo $!; wait' & echo $$; wait",
			lines: 3, linux: true},
		"one that left the group and its parent": {script: "(setsid sh -c 'echo $$; exec sleep 1000' &) ; echo $$; sleep 1000",
			lines: 2, linux: true},
		"one that was left by a parent in between": {script: "sh -c 'sleep 1000 & echo $!'; echo $$; sleep 1000",
			lines: 2},
	} {
		t.Run(name, func(t *testing.T) {
			if c.linux && runtime.GOOS != "linux" {
				t.Skip("only on Linux")
			}
			result, l := cancelWhen(t, newRunner(t), sh(c.script), c.lines)
			if want := (runner.Result{Status: ui.StatusCancelled, Reason: "interrupted"}); !reflect.DeepEqual(result, want) {
				t.Errorf("got %+v", result)
			}
			mustBeGone(t, pids(l))
		})
	}
}

func TestAProcessMayEndInItsOwnWay(t *testing.T) {
	_, l := cancelWhen(t, newRunner(t),
		sh("trap 'echo saved; exit 0' INT; echo ready; while :; do sleep 0.01; done"), 1)
	if got := l.text("stdout"); got != "ready\nsaved\n" {
		t.Errorf("got %q", got)
	}
}

// A signal reaches the group of a step as what it is.
func TestASignalIsPassedOn(t *testing.T) {
	for name, c := range map[string]struct {
		cause error
		want  string // the reason
	}{
		"INT":  {fault.NewStop(fault.Interrupted), "interrupted"},
		"TERM": {fault.NewStop(fault.Terminated), "terminated"},
		"HUP":  {fault.NewStop(fault.HungUp), "hung up"},
		"PIPE": {fault.NewStop(fault.OutputClosed), "output closed"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			l := &log{each: func(e ui.Event) {
				if e.Text == "ready\n" {
					cancel(c.cause)
				}
			}}
			result := newRunner(t).Run(ctx, posix("for s in INT TERM HUP; do trap \"echo $s\" $s; done\n"+
				"sh -c 'trap \"echo child\" INT TERM HUP; echo ready; i=0\n"+
				"while [ $((i+=1)) -lt 30 ]; do sleep 0.02; done'"), l.emit)
			want := map[bool]string{true: "INT", false: name}[name == "PIPE"]
			if result.Reason != c.want || result.Status != ui.StatusCancelled {
				t.Errorf("got %+v", result)
			}
			lines := strings.Fields(l.text("stdout"))
			slices.Sort(lines)
			if got := strings.Join(lines, " "); got != want+" child ready" {
				t.Errorf("got %q, wanted %q", got, want+" child ready")
			}
		})
	}
}

func TestAfterItsGraceAProcessIsKilled(t *testing.T) {
	r := newRunner(t, func(o *Options) { o.Grace = time.Millisecond })
	_, l := cancelWhen(t, r, sh("trap '' INT TERM; echo $$; while :; do sleep 0.01; done"), 1)
	mustBeGone(t, pids(l))
}

func TestTheSecondCtrlCKills(t *testing.T) {
	kill := make(chan struct{})
	r := newRunner(t, func(o *Options) { o.Kill, o.Grace = kill, time.Hour })
	ctx, cancel := context.WithCancel(context.Background())
	l := &log{each: func(e ui.Event) {
		switch e.Text {
		case "ready\n":
			cancel()
		case "no\n":
			close(kill)
		}
	}}
	result := r.Run(ctx, sh("trap 'echo no' INT; trap '' TERM; echo ready; while :; do sleep 0.01; done"),
		l.emit)
	if result.Status != ui.StatusCancelled {
		t.Errorf("got %+v", result)
	}
}

func TestATimeoutSaysSo(t *testing.T) {
	s := sh("sleep 1000 & echo $!; sleep 1000")
	s.Plan.Timeout = 1
	result, l := do(t, newRunner(t), s)
	if want := (runner.Result{Status: ui.StatusCancelled, Reason: "timeout after 1s",
		Exit: 124}); !reflect.DeepEqual(result, want) {
		t.Errorf("got %+v", result)
	}
	mustBeGone(t, pids(l))
}

// One step that is stopped must not take processes of another with it.
func TestStoppingOneStepLeavesTheOthers(t *testing.T) {
	r := newRunner(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	other := make(chan runner.Result)
	started := make(chan struct{})
	l := &log{each: func(e ui.Event) {
		if e.Text == "started\n" {
			close(started)
		}
	}}
	put(t, r, "wait", "", 0o644)
	go func() {
		other <- r.Run(ctx, sh("echo started; while [ -e wait ]; do sleep 0.01; done; exit 7"), l.emit)
	}()
	<-started
	_, stopped := cancelWhen(t, r, sh("echo $$; sleep 1000"), 1)
	mustBeGone(t, pids(stopped))
	if err := os.Remove(filepath.Join(r.o.Root, "wait")); err != nil {
		t.Fatal(err)
	}
	if result := <-other; result.Exit != 7 {
		t.Errorf("the other ended with %+v", result)
	}
}

// What a trap of a script does in the end is not interrupted. The script sleeps in short pieces: a shell that gets the signal
// just before it begins a long one runs the trap behind it.
func TestATrapCleansUp(t *testing.T) {
	r := newRunner(t)
	_, l := cancelWhen(t, r, posix("trap 'sleep 0.5; echo done >cleaned; exit 3' INT\necho $$; while :; do sleep 0.1; done"), 1)
	mustBeGone(t, pids(l))
	if _, err := os.Stat(filepath.Join(r.o.Root, "cleaned")); err != nil {
		t.Errorf("the commands of the trap were stopped: %v", err)
	}
}
