package ui

import (
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/davit-dev/davit/internal/text"
)

// terminal is the display for terminals: one live line for each running step, and one that stays for each
// that has ended. The output of a failed step follows its line. A step that runs alone, or that is
// interactive, is shown as if davit was not there.
type terminal struct {
	mu      sync.Mutex // events come through a gate; ticks do not
	streams *Streams
	style   Style
	verbose bool
	screen  *screen
	ticks   *ticks
	logs    *logs
	tally   *tally
	steps   int       // how many steps the run has
	since   time.Time // when the run began
	absent  int       // steps skipped before the first one: absent parts, which do not count as steps
	running []*running
}

// A running is a step between its start and its end.
type running struct {
	Event
	since time.Time
	alone bool // its output is passed through
	open  bool // the last line that was passed through is unfinished
}

func newTerminal(s *Streams, verbose bool, tick ticker) *terminal {
	t := &terminal{streams: s, style: s.OutStyle(), verbose: verbose, screen: &screen{out: s.out},
		logs: newLogs(), tally: newTally()}
	t.ticks = &ticks{source: tick, do: t.redraw}
	return t
}

func (t *terminal) Event(e Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e.Type {
	case EventRun:
		t.steps, t.since = e.Steps, t.streams.Now()
	case EventStep:
		t.step(e)
	case EventOutput:
		t.output(e)
	case EventProgress:
		t.progress(e)
	case EventWarning, EventError:
		t.show("", nil) // so that others can write
		t.streams.notice(e)
		t.draw("")
	case EventEnd:
		t.end(e)
	}
}

func (t *terminal) step(e Event) {
	if finished(e.Status) {
		t.finish(e)
		return
	}
	if i := t.find(e.Step); i >= 0 { // it has waited until now
		t.running = slices.Delete(t.running, i, i+1)
	}
	r := &running{Event: e, since: t.streams.Now(), alone: e.Interactive || t.isOnlyStep()}
	t.running = append(t.running, r)
	if r.alone {
		t.draw(startLine(e, t.style) + "\n")
		return
	}
	t.draw("")
}

// isOnlyStep reports whether the step that starts now is the only one of the run that does anything.
func (t *terminal) isOnlyStep() bool {
	idle := t.tally.count(StatusCached) + t.tally.count(StatusSkipped)
	return len(t.running) == 0 && len(t.tally.order) == idle && idle-t.absent == t.steps-1
}

func (t *terminal) finish(e Event) {
	if e.Status == StatusSkipped && len(t.running) == 0 && len(t.tally.order) == t.absent {
		t.absent++
	}
	t.tally.add(e)
	i := t.find(e.Step)
	log, line := replayed(t.logs.take(e.Step)), mark(e, t.style)
	switch {
	case i >= 0 && t.running[i].alone:
		line = strings.Repeat("\n", boolToInt(t.running[i].open)) + line
	case t.verbose:
		line = prefixed(t.prefix(e.Step), log) + line
	case e.Status == StatusFailed:
		line += log
	}
	if i >= 0 {
		t.running = slices.Delete(t.running, i, i+1)
	}
	t.draw(line)
}

func (t *terminal) output(e Event) {
	i := t.find(e.Step)
	switch {
	case i >= 0 && t.running[i].alone:
		t.passThrough(t.running[i], e)
	case t.verbose:
		t.draw(prefixed(t.prefix(e.Step), replayed(t.logs.outputs.add(e))))
	default:
		t.logs.keep(e)
	}
}

// passThrough writes the output of a step that runs alone to the stream that it was printed on.
func (t *terminal) passThrough(r *running, e Event) {
	w := t.streams.out
	if e.Stream == "stderr" {
		w = t.streams.err
	}
	io.WriteString(w, e.Text)
	r.open = r.open && e.Text == "" || e.Text != "" && !strings.HasSuffix(e.Text, "\n")
}

// replayed returns whole lines of output without what controls a terminal but colours, which end with them: davit draws
// there too.
func replayed(output string) string {
	var b strings.Builder
	_, _ = (&text.Filter{W: &b}).Write([]byte(output)) // a Builder takes everything
	shown := b.String()
	if strings.Contains(shown, "\x1b") {
		shown = strings.TrimSuffix(shown, "\n") + "\x1b[0m\n"
	}
	return shown
}

// end prints the summary, except for a run of one step, whose line says it all.
func (t *terminal) end(e Event) {
	if only := t.tally.order; t.steps == 1 && len(only) == 1 && mark(t.tally.last[only[0]], t.style) != "" {
		return
	}
	t.draw(t.tally.summary(e, t.style, t.verbose))
}

func (t *terminal) find(step string) int {
	return slices.IndexFunc(t.running, func(r *running) bool { return r.Step == step })
}

func (t *terminal) prefix(step string) string { return t.style.dim(clean(step) + " |") }

// Close removes the live lines and shows the cursor.
func (t *terminal) Close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.running = nil
	t.draw("")
}

// mark returns the line that a step leaves: "✓ go:build 1.2s". A step that never started leaves none; it is
// in the summary.
func mark(e Event, style Style) string {
	name := clean(e.Step)
	switch e.Status {
	case StatusOK:
		return style.green("✓") + " " + name + " " + style.dim(e.Tests.after(seconds(e.Seconds), ", ")+note(e)) + "\n"
	case StatusCached:
		return style.dim(e.Tests.after("✓ "+name+" cached", ", ")) + "\n"
	case StatusFailed:
		return style.red(e.Tests.after("✗ "+name+" failed in "+seconds(e.Seconds)+e.becauseOf(), "; ")) + "\n"
	case StatusCancelled:
		return style.dim(strings.TrimSuffix("- "+name+" cancelled: "+oneLine(e.Reason), ": ")) + "\n"
	}
	return ""
}

func boolToInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
