package ui

import (
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

// terminal shows one live line for each running step, and one that stays for each that ended. What failed is followed by
// all that it printed. A step that runs alone, or that is interactive, is shown as if davit was not there.
type terminal struct {
	mu      sync.Mutex // events come through a gate; ticks do not
	streams *Streams
	style   Style
	verbose bool
	screen  *screen
	ticks   *ticks
	logs    *logs
	tally   *tally
	steps   int // how many the run has
	notes   int // what was skipped before the first of them, and is none of them: parts that are not offered
	running []*running
}

// running is a step between its start and its end.
type running struct {
	Event
	since time.Time
	alone bool // its output passes as it is
	open  bool // what passed last did not end its line
}

func newTerminal(s *Streams, verbose bool, tick ticker) *terminal {
	t := &terminal{streams: s, style: s.OutStyle(), verbose: verbose, screen: &screen{out: s.Out}, logs: newLogs(), tally: newTally()}
	t.ticks = &ticks{source: tick, do: t.redraw}
	return t
}

func (t *terminal) Event(e Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e.Type {
	case EventRun:
		t.steps = e.Steps
	case EventStep:
		t.step(e)
	case EventOutput:
		t.output(e)
	case EventProgress:
		t.wait(e)
	case EventWarning, EventError:
		t.screen.clear()
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
	r := &running{Event: e, since: t.streams.Now(), alone: e.Interactive || t.last()}
	t.running = append(t.running, r)
	if r.alone {
		t.draw(start(e, t.style) + "\n")
		return
	}
	t.draw("")
}

// last tells whether the step that starts now is the only one of the run that does anything.
func (t *terminal) last() bool {
	idle := t.tally.count(StatusCached) + t.tally.count(StatusSkipped)
	return len(t.running) == 0 && len(t.tally.order) == idle && idle-t.notes == t.steps-1
}

func (t *terminal) finish(e Event) {
	if e.Status == StatusSkipped && len(t.running) == 0 && len(t.tally.order) == t.notes {
		t.notes++
	}
	t.tally.add(e)
	i := t.find(e.Step)
	log, line := t.logs.drop(e.Step), mark(e, t.style)
	switch {
	case i >= 0 && t.running[i].alone:
		line = strings.Repeat("\n", count(t.running[i].open)) + line
	case t.verbose:
		line = prefixed(t.prefix(e.Step), log) + line
	case e.Status == StatusFailed:
		line += t.settle(log)
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
		t.pass(t.running[i], e)
	case t.verbose:
		t.draw(prefixed(t.prefix(e.Step), t.logs.outputs.take(e)))
	default:
		t.logs.keep(e)
	}
}

// pass is for output of a step that runs alone: each stream to where it belongs.
func (t *terminal) pass(r *running, e Event) {
	w := t.streams.Out
	if e.Stream == "stderr" {
		w = t.streams.Err
	}
	io.WriteString(w, e.Text)
	r.open = r.open && e.Text == "" || e.Text != "" && !strings.HasSuffix(e.Text, "\n")
}

// settle ends the colours that raw output may have left switched on.
func (t *terminal) settle(text string) string {
	if strings.Contains(text, "\x1b") {
		text += "\x1b[0m"
	}
	return text
}

// end prints the summary, save for a run of one step, of which everything has been said.
func (t *terminal) end(e Event) {
	if only := t.tally.order; t.steps == 1 && len(only) == 1 && mark(t.tally.last[only[0]], t.style) != "" {
		return
	}
	t.draw(t.tally.summary(e, t.style, t.verbose))
}

func (t *terminal) find(step string) int {
	return slices.IndexFunc(t.running, func(r *running) bool { return r.Step == step })
}

func (t *terminal) prefix(step string) string { return t.style.Dim(clean(step) + " |") }

// Close takes the live lines away and gives the cursor back.
func (t *terminal) Close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.running = nil
	t.draw("")
}

// mark is the line that a step leaves: "✓ go:build 1.2s". What was never begun leaves none; the summary has it.
func mark(e Event, style Style) string {
	name := clean(e.Step)
	switch e.Status {
	case StatusOK:
		return style.Green("✓") + " " + name + " " + style.Dim(seconds(e.Seconds)+remark(e)) + "\n"
	case StatusCached:
		return style.Dim("✓ "+name+" cached") + "\n"
	case StatusFailed:
		return style.Red("✗ "+name+" failed in "+seconds(e.Seconds)+": "+e.why()) + "\n"
	case StatusCancelled:
		return style.Dim(strings.TrimSuffix("- "+name+" cancelled: "+oneLine(e.Reason), ": ")) + "\n"
	}
	return ""
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}
