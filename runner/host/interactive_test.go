//go:build unix

package host

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// This test binary is also a small davit, which runs one interactive step on the terminal that it is started
// on.
func TestMain(m *testing.M) {
	switch op := os.Getenv("HOST_TEST_OP"); op {
	case "":
		os.Exit(m.Run())
	case "jobs":
		jobs()
	default:
		small(plan.Op(op), os.Getenv("HOST_TEST_SCRIPT"))
	}
}

func small(op plan.Op, text string) {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	r := New(Options{Root: ".", Env: os.Environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Grace: time.Minute})
	r.o.Root, _ = os.Getwd()
	s := runner.Step{Plan: plan.Step{Op: op, Interactive: true, Script: text}}
	if op == plan.OpExec {
		s.Plan.Script, s.Plan.Argv = "", []string{"sh", "-c", text}
	}
	result := r.Run(ctx, s, func(e ui.Event) {
		if e.Type == ui.EventStep {
			fmt.Printf("running interactive=%v\n", e.Interactive)
		}
	})
	fmt.Printf("end %s %d foreground=%v\n", result.Status, result.Exit, inForeground(os.Stdin))
}

// screen is what a program on a terminal of its own has written.
type screen struct {
	t    *testing.T
	file *os.File
	seen string
}

func onTerminal(t *testing.T, cmd *exec.Cmd) *screen {
	t.Helper()
	file, err := pty.Start(cmd)
	if err != nil {
		t.Skip(err)
	}
	// so that wait fails, and says for what
	tired := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
	t.Cleanup(func() { tired.Stop(); file.Close(); _ = cmd.Wait() })
	return &screen{t: t, file: file}
}

func smallDavit(t *testing.T, op plan.Op, text string) *screen {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "HOST_TEST_OP="+string(op), "HOST_TEST_SCRIPT="+text)
	return onTerminal(t, cmd)
}

// wait reads until there is a text behind all that was waited for before.
func (s *screen) wait(text string) {
	s.t.Helper()
	buffer := make([]byte, 1024)
	for !strings.Contains(s.seen, text) {
		n, err := s.file.Read(buffer)
		s.seen += string(buffer[:n])
		if err != nil {
			s.t.Fatalf("wanted %q, the terminal closed after %q", text, s.seen)
		}
	}
	_, s.seen, _ = strings.Cut(s.seen, text)
}

func (s *screen) key(text string) {
	s.t.Helper()
	if _, err := io.WriteString(s.file, text); err != nil {
		s.t.Fatal(err)
	}
}

// asking numbers the lines that it reads, so that they can be told from their echo. A terminal drops what is
// on its way to the screen when a signal is typed, unless it is told not to.
const asking = `stty noflsh; trap 'echo heard; exit 130' INT; cat -n`

func TestAnInteractiveStepOwnsTheTerminal(t *testing.T) {
	s := smallDavit(t, plan.OpExec, asking)
	s.wait("running interactive=true")
	s.key("hello\n")
	s.wait("1\thello")
	s.key("\x03")
	s.wait("heard")
	s.wait("end cancelled 130 foreground=true")
}

func TestAnInteractiveScriptReadsFromTheTerminal(t *testing.T) {
	s := smallDavit(t, plan.OpShell, "read x; echo got $x; sh -c 'read y; echo and $y'")
	s.wait("running interactive=true")
	s.key("hello\n")
	s.wait("got hello")
	s.key("you\n")
	s.wait("and you")
	s.wait("end ok 0 foreground=true")
}

// The program waits before it says that it is ready: dash drops a Ctrl-C while it starts a program.
func TestCtrlCEndsAnInteractiveScript(t *testing.T) {
	s := smallDavit(t, plan.OpShell, "stty noflsh; sh -c 'sleep 1000 & echo ready; wait'")
	s.wait("ready")
	s.key("\x03")
	s.wait("end cancelled")
}

func TestWhereOutputIsNoTerminalItBecomesEvents(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	defer write.Close()
	r := newRunner(t, func(o *Options) { o.Stdin, o.Stdout = read, write })
	s := sh("read x; echo got $x")
	s.Plan.Interactive = true
	if _, err := io.WriteString(write, "hello\n"); err != nil {
		t.Fatal(err)
	}
	result, l := do(t, r, s)
	if result.Status != ui.StatusOK || l.text("stdout") != "got hello\n" || l.events[0].Interactive {
		t.Errorf("got %+v, %v", result, l.events)
	}
}
