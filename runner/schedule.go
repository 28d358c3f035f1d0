package runner

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
)

// A state is the state of a step in a run.
type state int

const (
	pending state = iota
	running
	over
)

// A schedule is a run in progress. One goroutine decides; each running step has another.
type schedule struct {
	ctx         context.Context // the caller's
	inner       context.Context // for the steps; FailFast ends it too
	cancel      context.CancelFunc
	g           *Graph
	r           Runner
	o           Options
	servers     int // number of steps of effect "runs"
	state       []state
	ended       []Ended
	begun       []time.Time
	running     int
	alone       bool   // the running step must run alone
	failedFirst string // the step that ended a run with FailFast
	done        chan end
}

type end struct {
	i      int
	result Result
}

func newSchedule(ctx context.Context, g *Graph, r Runner, o Options) *schedule {
	n := g.Len()
	s := &schedule{
		ctx: ctx, g: g, r: r, o: o,
		state: make([]state, n), ended: make([]Ended, n), begun: make([]time.Time, n), done: make(chan end),
	}
	s.inner, s.cancel = context.WithCancel(ctx)
	for i, step := range g.steps {
		s.ended[i].ID = step.ID
		if step.Effect == Runs {
			s.servers++
		}
	}
	return s
}

func (s *schedule) run() []Ended {
	defer s.cancel()
	for {
		s.skipBlocked()
		for _, i := range s.next() {
			s.start(i)
		}
		if s.running == 0 {
			return s.ended
		}
		e := <-s.done
		s.running--
		s.alone = s.alone && s.running > 0
		s.finish(e.i, s.withCause(e.result))
	}
}

// skipBlocked ends the steps that cannot be run any more.
func (s *schedule) skipBlocked() {
	for i, step := range s.g.steps {
		if s.state[i] != pending {
			continue
		}
		if reason := s.blockedReason(i, step); reason != "" {
			s.finish(i, Result{Status: ui.StatusNotRun, Reason: reason})
		}
	}
}

// blockedReason returns why a pending step can never run, or "".
func (s *schedule) blockedReason(i int, step Step) string {
	for _, need := range step.Plan.Needs {
		if n := s.g.index[need]; s.state[n] == over && !s.ended[n].OK() {
			return "needs " + need + ", which " + pastTense(s.ended[n].Status)
		}
	}
	for _, first := range step.Follows {
		if n := s.g.index[first]; s.state[n] == over && !s.ended[n].OK() {
			return "comes after " + first + ", which " + pastTense(s.ended[n].Status)
		}
	}
	switch {
	case s.failedFirst != "":
		return s.failedFirst + " failed"
	case s.ctx.Err() != nil:
		return fault.StopOf(s.ctx).Error()
	case step.Effect != Ships:
		return ""
	}
	for n := range i {
		if s.state[n] == over && !s.ended[n].OK() {
			return s.ended[n].ID + " " + pastTense(s.ended[n].Status) + " before"
		}
	}
	return ""
}

// pastTense returns a status as a verb.
func pastTense(status string) string {
	switch status {
	case ui.StatusFailed:
		return "failed"
	case ui.StatusCancelled:
		return "was stopped"
	}
	return "was not run"
}

// next returns the steps to start now.
func (s *schedule) next() []int {
	var found []int
	if !s.alone {
		found = s.ordinary()
	}
	if len(found) == 0 && s.running == 0 {
		found = s.terminal()
	}
	return found
}

// ordinary returns the steps without a terminal that may start. None behind a barrier starts.
func (s *schedule) ordinary() (found []int) {
	waits := false
	for i, step := range s.g.steps {
		if s.state[i] != pending || ownsTerminal(step) {
			continue
		}
		if barrier(step) {
			if !waits && len(found) == 0 && s.running == 0 && s.ready(step) {
				found = append(found, i)
			}
			return found
		}
		waits = true
		if s.ready(step) && s.running+len(found) < max(s.o.Jobs, 1) {
			found = append(found, i)
		}
	}
	return found
}

// terminal returns the steps that may start when all others have ended: all servers, or one step that owns
// the terminal.
func (s *schedule) terminal() (found []int) {
	for i, step := range s.g.steps {
		if s.state[i] != pending || !ownsTerminal(step) || !s.ready(step) {
			continue
		}
		if step.Effect != Runs || s.servers == 1 {
			return []int{i}
		}
		found = append(found, i)
	}
	return found
}

func ownsTerminal(step Step) bool { return step.Effect == Runs || step.Plan.Interactive }

// barrier reports whether a step runs alone, after all before it and before all behind it.
func barrier(step Step) bool { return step.Effect == Writes || step.Effect == Ships }

// ready reports whether all steps that a step needs or is to follow have ended, in whatever way.
func (s *schedule) ready(step Step) bool {
	waits := func(id string) bool { return s.state[s.g.index[id]] != over }
	return !slices.ContainsFunc(step.Plan.Needs, waits) && !slices.ContainsFunc(step.Plan.After, waits)
}

func (s *schedule) start(i int) {
	step := s.g.steps[i]
	if step.Effect == Runs {
		step.Plan.Interactive = s.servers == 1
	}
	s.state[i], s.begun[i] = running, s.o.Now()
	s.running++
	s.alone = barrier(step) || step.Plan.Interactive
	go func() {
		s.done <- end{i, s.r.Run(s.inner, step, func(e ui.Event) {
			e.Step = step.ID
			s.o.Events(e)
		})}
	}()
}

// withCause adds to a result what only the run knows.
func (s *schedule) withCause(r Result) Result {
	switch {
	case r.Status != ui.StatusCancelled:
	case s.ctx.Err() != nil && r.Exit == 0: // it has no reason of its own, such as a timeout
		r.Reason = fault.StopOf(s.ctx).Error()
	case s.failedFirst != "" && s.ctx.Err() == nil:
		r.Reason = "stopped, because " + s.failedFirst + " failed"
	}
	return r
}

func (s *schedule) finish(i int, r Result) {
	e := &s.ended[i]
	if r.Status == ui.StatusFailed && r.Exit != 0 { // the command itself failed
		r.Hint = cmp.Or(r.Hint, s.g.steps[i].Plan.Hint)
	}
	e.Result = r
	if s.state[i] == running {
		e.Seconds = s.o.Now().Sub(s.begun[i]).Seconds()
	}
	s.state[i] = over
	s.o.Events(ui.Event{
		Type: ui.EventStep, Step: e.ID, Status: r.Status, Reason: r.Reason, Hint: r.Hint,
		Exit: r.Exit, Seconds: e.Seconds, Image: r.Image, Tests: r.Tests,
	})
	if s.o.FailFast && s.failedFirst == "" && (r.Status == ui.StatusFailed ||
		r.Status == ui.StatusCancelled) {
		s.failedFirst = e.ID
		s.cancel()
	}
}
