package ui

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func step(id, status string) Event { return Event{Type: EventStep, Step: id, Status: status} }

func begun(id, command string) Event {
	return Event{Type: EventStep, Step: id, Status: StatusRunning, Command: command}
}

// live returns a terminal display whose clock ticks when the test says so.
func live(t *testing.T, width, height int, verbose bool) (Display, *vt, *clock, chan time.Time) {
	screen := newVT(t, width, height)
	s, c := streamsTo(screen, width, height, nil)
	strikes := make(chan time.Time)
	d := newGate(newTerminal(s, verbose, func() (<-chan time.Time, func()) { return strikes, func() {} }))
	t.Cleanup(d.Close)
	return d, screen, c, strikes
}

// strike waits until the display has handled a tick: it receives the second one when it is done with the
// first.
func strike(strikes chan time.Time) {
	strikes <- time.Time{}
	strikes <- time.Time{}
}

func wantScreen(t *testing.T, screen *vt, hidden bool, want string) {
	t.Helper()
	if diff := cmp.Diff(strings.TrimPrefix(want, "\n"), screen.String()); diff != "" {
		t.Errorf("on the screen (-want +got):\n%s", diff)
	}
	if screen.cursorHidden() != hidden {
		t.Errorf("the cursor is hidden: %v, wanted %v", !hidden, hidden)
	}
}

func TestALiveLineForEachRunningStep(t *testing.T) {
	d, screen, c, strikes := live(t, 40, 10, false)
	d.Event(Event{Type: EventRun, Steps: 3})
	d.Event(begun("go:build", "go build ./..."))
	c.advance(9900 * time.Millisecond)
	d.Event(begun("node:test", "npm test -- --a-long-option --and-another"))
	wantScreen(t, screen, true, `
  go:build   9.9s  go build ./...
  node:test  0.0s  npm test -- --a-lon…
  0 of 3 done, 1 waiting, 9.9s
`)
	c.advance(time.Second)
	strike(strikes)
	wantScreen(t, screen, true, `
  go:build   10.9s  go build ./...
  node:test   1.0s  npm test -- --a-lo…
  0 of 3 done, 1 waiting, 10.9s
`)
	d.Event(Event{Type: EventStep, Step: "go:build", Status: StatusOK, Seconds: 10.94})
	d.Event(Event{Type: EventOutput, Step: "node:test", Text: "not yet shown\n"})
	wantScreen(t, screen, true, `
✓ go:build 10.9s
  node:test  1.0s  npm test -- --a-lon…
  1 of 3 done, 1 waiting, 10.9s
`)
	d.Event(Event{Type: EventWarning, Text: "mind the gap"})
	d.Event(Event{Type: EventStep, Step: "node:test", Status: StatusFailed, Exit: 3, Seconds: 1})
	wantScreen(t, screen, false, `
✓ go:build 10.9s
warning: mind the gap
✗ node:test failed in 1.0s: exit status 
3
not yet shown
`)
}

// A terminal that becomes narrower breaks the lines that are there: all their rows are replaced.
func TestANarrowerTerminalKeepsNoOldLine(t *testing.T) {
	var out bytes.Buffer
	s := &screen{out: &out}
	s.show("", []string{strings.Repeat("a", 35), "\x1b[2m" + strings.Repeat("✅", 11) + "\x1b[0m", "c"}, 40)
	out.Reset()
	s.show("", []string{"a", "b", "c"}, 20)
	if got, want := out.String(), "\r\x1b[5A\x1b[Ja\x1b[K\nb\x1b[K\nc\x1b[K\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A terminal shows ^C at the cursor when it is typed.
func TestCtrlCLeavesNoLiveLine(t *testing.T) {
	d, screen, _, strikes := live(t, 30, 10, false)
	d.Event(begun("go:build", "go build ./... with more words than fit"))
	screen.Write([]byte("^C"))
	strike(strikes)
	d.Event(step("go:build", StatusCancelled))
	wantScreen(t, screen, false, `
- go:build cancelled
`)
}

func TestRowsOfWideRunes(t *testing.T) {
	for line, want := range map[string]int{
		"": 1, strings.Repeat("✅", 5): 1, strings.Repeat("⭐", 6): 2, "a" + strings.Repeat("🚀", 5): 2, strings.Repeat("日", 10): 2,
		strings.Repeat("a", 10): 1, strings.Repeat("a", 21): 3, "a" + strings.Repeat("日", 10): 3, strings.Repeat("e\u0301", 10): 1,
	} {
		if got := rowsOf([]string{line}, 10); got != want {
			t.Errorf("%q takes %d rows of 10 columns, wanted %d", line, got, want)
		}
	}
	if got := rowsOf([]string{strings.Repeat("日", 9)}, 9); got != 3 {
		t.Errorf("nine wide runes take %d rows of nine columns, wanted 3", got)
	}
}

func TestLiveLinesFitTheScreen(t *testing.T) {
	d, screen, _, strikes := live(t, 20, 4, false)
	for n := range 6 {
		d.Event(begun(fmt.Sprintf("step%d", n), "make"))
	}
	want := `
  step0  0.0s  make
  step1  0.0s  make
  … and 4 more
`
	wantScreen(t, screen, true, want)
	strike(strikes)
	wantScreen(t, screen, true, want)
	for n := range 6 {
		d.Event(step(fmt.Sprintf("step%d", n), StatusCached))
	}
	wantScreen(t, screen, false, `
✓ step0 cached
✓ step1 cached
✓ step2 cached
✓ step3 cached
✓ step4 cached
✓ step5 cached
`)
}

func TestVerboseOutputScrollsAboveTheLiveLines(t *testing.T) {
	d, screen, _, _ := live(t, 30, 5, true)
	d.Event(begun("a", "make"))
	d.Event(begun("b", "make"))
	for _, text := range []string{"1\n2\n3", "\n4\n", "5\nhalf"} {
		d.Event(Event{Type: EventOutput, Step: "a", Text: text})
	}
	wantScreen(t, screen, true, `
a | 1
a | 2
a | 3
a | 4
a | 5
  a  0.0s  make
  b  0.0s  make
`)
	d.Close()
	if screen.cursorHidden() {
		t.Error("the cursor stays hidden after Close")
	}
}

func TestAStepThatRunsAlonePassesThrough(t *testing.T) {
	out, diag := &bytes.Buffer{}, &bytes.Buffer{}
	s, c := streamsTo(out, 80, 24, nil)
	s.err = diag
	play(s, c, Options{}, []Event{
		{Type: EventRun, Steps: 2},
		step("test-functional", StatusSkipped), // a part that is not offered is no step
		step("go:deps", StatusCached),
		begun("go:run", "go run ."),
		{Type: EventOutput, Step: "go:run", Stream: "stdout", Text: "name: "},
		{Type: EventOutput, Step: "go:run", Stream: "stderr", Text: "oops\n"},
		{Type: EventOutput, Step: "go:run", Stream: "stdout", Text: "\x1b[1mJo"},
		{Type: EventStep, Step: "go:run", Status: StatusOK, Seconds: 2},
		{Type: EventEnd, Status: StatusOK, Seconds: 2},
	})
	want := "✓ go:deps cached\ngo:run $ go run .\nname: \x1b[1mJo\n✓ go:run 2.0s\n\nskipped  test-functional\n\nok in 2.0s: 1 skipped, 1 cached, 1 ran\n"
	s.Color = "never"
	if diff := cmp.Diff(want, uncoloured(out.String())); diff != "" {
		t.Error(diff)
	}
	if diag.String() != "oops\n" {
		t.Errorf("on standard error there is %q", diag)
	}
}

// uncoloured removes what Style adds, and keeps the bold text of the step.
func uncoloured(s string) string {
	return strings.NewReplacer("\x1b[2m", "", "\x1b[32m", "", "\x1b[1m\x1b[32m", "", "\x1b[0m", "").Replace(s)
}

func TestARunOfOneStepNeedsNoSummary(t *testing.T) {
	d, screen, _, _ := live(t, 40, 10, false)
	d.Event(Event{Type: EventRun, Steps: 1})
	d.Event(begun("run", "./serve"))
	d.Event(Event{Type: EventOutput, Step: "run", Text: "listening\n"})
	d.Event(Event{Type: EventStep, Step: "run", Status: StatusFailed, Reason: "signal: killed", Exit: 137,
		Seconds: 0.26})
	d.Event(Event{Type: EventEnd, Status: StatusFailed, Seconds: 0.3})
	wantScreen(t, screen, false, `
run $ ./serve
listening
✗ run failed in 0.3s: signal: killed (ex
it status 137)
`)
}

func TestNothingTicksWhileNothingRuns(t *testing.T) {
	started, stopped := 0, make(chan bool, 9)
	s, _ := streamsTo(io.Discard, 80, 24, nil)
	d := newTerminal(s, false, func() (<-chan time.Time, func()) {
		started++
		return nil, func() { stopped <- true }
	})
	d.Event(step("a", StatusCached))
	if started != 0 {
		t.Error("a clock runs before the first step")
	}
	for range 2 {
		d.Event(begun("b", ""))
		d.Event(step("b", StatusOK))
		<-stopped
	}
	if started != 2 {
		t.Errorf("the clock was started %d times, wanted 2", started)
	}
}

func TestStepsThatRunTogetherDoNotPassThrough(t *testing.T) {
	d, screen, _, _ := live(t, 40, 10, false)
	d.Event(Event{Type: EventRun, Steps: 2})
	d.Event(step("test-functional", StatusSkipped))
	d.Event(begun("a", "make a"))
	d.Event(Event{Type: EventOutput, Step: "a", Text: "kept\n"})
	d.Event(begun("b", "make b"))
	wantScreen(t, screen, true, `
  a  0.0s  make a
  b  0.0s  make b
`)
}

// TestReplayedOutputDoesNotControlTheTerminal: of what a failed step has printed, colours stay.
func TestReplayedOutputDoesNotControlTheTerminal(t *testing.T) {
	for _, verbose := range []bool{false, true} {
		var out strings.Builder
		s, _ := streamsTo(&out, 60, 10, nil)
		d := newGate(newTerminal(s, verbose, func() (<-chan time.Time, func()) { return nil, func() {} }))
		d.Event(Event{Type: EventRun, Steps: 2})
		d.Event(begun("a", "make a"))
		d.Event(begun("b", "make b"))
		d.Event(Event{Type: EventOutput, Step: "a", Text: "\x1b[2Jcleared \x1b[H\x1b[31mhome\n\x1b[?25l\x1b]0;title\ahidden\n"})
		d.Event(step("a", StatusFailed))
		d.Close()
		for _, dropped := range []string{"\x1b[2J", "\x1b[H", "\x1b]0;", "title"} {
			if strings.Contains(out.String(), dropped) {
				t.Errorf("verbose %v: %q is passed on: %q", verbose, dropped, out.String())
			}
		}
		if !strings.Contains(out.String(), "cleared \x1b[31mhome") || !strings.Contains(out.String(), "hidden") {
			t.Errorf("verbose %v: %q", verbose, out.String())
		}
	}
}
