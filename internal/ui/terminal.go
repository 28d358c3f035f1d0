package ui

import (
	"io"
	"sync"
	"time"
)

// terminal shows one live line for each running step, and one that stays for each that ended. What failed is followed by
// all that it printed. A step that runs alone, or that is interactive, is shown as if davit was not there.
type terminal struct {
	mu      sync.Mutex // Event comes through a gate; the ticker does not
	streams *Streams
	style   Style
	verbose bool
	screen  *screen
	ticks   *ticks
	logs    *logs
	tally   *tally
	steps   int // how many the run has
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
	t := &terminal{streams: s, style: s.OutStyle(), verbose: verbose, screen: newScreen(s), logs: newLogs(), tally: newTally()}
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
	case EventWarning, EventError:
		t.screen.print("")
		t.streams.notice(e)
		t.draw("")
	case EventEnd:
		t.end(e)
	}
}

func (t *terminal) step(e Event) {
	if finished(e.Status) {
		t.tally.add(e)
		t.finish(e)
		return
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
	return len(t.running) == 0 && len(t.tally.order) == t.steps-1 && t.tally.count(StatusCached)+t.tally.count(StatusSkipped) == t.steps-1
}

func (t *terminal) output(e Event) {
	r := t.find(e.Step)
	switch {
	case r != nil && r.alone:
		t.pass(r, e)
	case t.verbose:
		if lines := t.logs.outputs.take(e); lines != "" {
			t.draw(prefixed(t.style.Dim(clean(e.Step)+" |"), lines))
		}
	default:
		t.logs.keep(e)
	}
}

// pass is for output of a step that runs alone: each stream to where it belongs.
func (t *terminal) pass(r *running, e Event) {
	if e.Text == "" {
		return
	}
	w := t.streams.Out
	if e.Stream == "stderr" {
		w = t.streams.Err
	}
	io.WriteString(w, e.Text)
	r.open = e.Text[len(e.Text)-1] != '\n'
}

func (t *terminal) finish(e Event) {
	text := t.leftover(e)
	if line := t.line(e); line != "" {
		text = text.before(line)
	}
	t.remove(e.Step)
	t.draw(string(text))
}

// block is text that ends with a whole line.
type block string

func (b block) before(line string) block { return block(line) + b }

// leftover is what a step printed and nobody has seen, when somebody should.
func (t *terminal) leftover(e Event) block {
	r := t.find(e.Step)
	text := t.logs.drop(e.Step)
	switch {
	case r != nil && r.alone && r.open:
		return "\n"
	case t.verbose:
		return block(prefixed(t.style.Dim(clean(e.Step)+" |"), text))
	case e.Status != StatusFailed || text == "":
		return ""
	}
	return block(text)
}

func (t *terminal) draw(text string)          {}
func (t *terminal) redraw()                   {}
func (t *terminal) line(e Event) string       { return "" }
func (t *terminal) find(step string) *running { return nil }
func (t *terminal) remove(step string)        {}
func (t *terminal) end(e Event)               {}
func (t *terminal) Close()                    {}

type screen struct{}

func newScreen(*Streams) *screen { return &screen{} }
func (*screen) print(string)     {}

type ticker func()
type ticks struct {
	source ticker
	do     func()
}

func everyTenth() {}
