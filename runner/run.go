package runner

import (
	"context"
	"time"

	"github.com/davit-dev/davit/internal/ui"
)

// Options are the options of Run.
type Options struct {
	// Jobs is the number of steps that run at once; below 1 is 1.
	Jobs int
	// FailFast stops everything at the first step that fails.
	FailFast bool
	// Events receives events, from several goroutines at once. Nil drops them.
	Events func(ui.Event)
	// Targets are named in the event that opens the run.
	Targets []string
	// Notes are sent after that event and counted: the parts of aggregates that are not offered.
	Notes []ui.Event
	// Caveats returns, when all steps have ended, in what the run differs from what the project asks for. Nil: in
	// nothing.
	Caveats func() []string
	// Selected says that the user gave arguments that may select tests. Then a run without a test is no failure.
	Selected bool
	// Now is the clock; nil is the system's.
	Now func() time.Time
}

// Run prepares for all steps of the graph, runs them and returns when the last one has ended. If Prepare
// fails nothing is run, no event is sent, and the Summary holds the error. Otherwise it sends EventRun, a
// final EventStep for each step, and EventEnd. A run in which every step of tests ran none fails, with an EventError.
//
// When ctx ends, the running steps are stopped and the others are not run.
func Run(ctx context.Context, g *Graph, r Runner, o Options) Summary {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Events == nil {
		o.Events = func(ui.Event) {}
	}
	begin := o.Now()
	if _, err := r.Prepare(ctx, g.Steps()); err != nil {
		return Summary{Err: err}
	}
	o.Events(ui.Event{Type: ui.EventRun, Targets: o.Targets, Steps: g.Len()})
	counts := map[string]int{}
	for _, note := range o.Notes {
		o.Events(note)
		if note.Type == ui.EventStep {
			counts[note.Status]++
		}
	}
	ended := newSchedule(ctx, g, r, o).run()
	s := summarise(ctx, ended, counts)
	s.Images, s.References = images(g, ended)
	s.Tests = sumTests(ended)
	var caveats []string
	if o.Caveats != nil {
		caveats = o.Caveats()
	}
	caveats = append(caveats, uncountedNote(ended)...)
	caveats = append(caveats, untestedNotes(g, ended)...)
	if ids := ranNoTest(g, ended); len(ids) > 0 && s.Status == ui.StatusOK {
		caveats = s.judgeNoTest(ids, caveats, o)
	}
	s.Seconds = o.Now().Sub(begin).Seconds()
	o.Events(ui.Event{Type: ui.EventEnd, Status: s.Status, Seconds: s.Seconds, Counts: s.Counts,
		Caveats: caveats, Images: s.Images, References: s.References, Tests: s.Tests})
	return s
}

// judgeNoTest fails a run in which steps of tests ran none, or adds a note if that is what the user selected.
func (s *Summary) judgeNoTest(ids, caveats []string, o Options) []string {
	if o.Selected {
		return append(caveats, "no test ran: the arguments behind -- select none")
	}
	s.Status = ui.StatusFailed
	o.Events(noTest(ids, o.Targets))
	return caveats
}
