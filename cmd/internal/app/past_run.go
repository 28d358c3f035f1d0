package app

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"slices"
	"time"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// A PastRun is the last run of targets in a checkout.
type PastRun struct {
	// Project is its name.
	Project string   `json:"project"`
	Targets []string `json:"targets"`
	// Time is when it began.
	Time    time.Time `json:"time"`
	Seconds float64   `json:"seconds"`
	// Status is ok, failed or cancelled, or running if the run has not ended.
	Status string `json:"status"`
	// Forced says that results were ignored (--force).
	Forced bool `json:"forced,omitempty"`
	// Counts are the numbers of steps by status.
	Counts map[string]int `json:"counts,omitempty"`
	Tests  *ui.Tests      `json:"tests,omitempty"`
	// Messages are the warnings and errors that are not about one step, and in what the run differs from what the project
	// asks for.
	Messages []string   `json:"messages,omitempty"`
	Images   []string   `json:"images,omitempty"`
	Steps    []PastStep `json:"steps"`
}

// A PastStep is a step of a past run.
type PastStep struct {
	ID      string `json:"id"`
	Command string `json:"command,omitempty"`
	// Where it ran, host or container, why there, and in which image.
	Where       runner.Where `json:"where,omitempty"`
	WhereReason string       `json:"where_reason,omitempty"`
	Image       string       `json:"image,omitempty"`
	// After are the steps that it waited for.
	After []string `json:"after,omitempty"`
	// Status is ok, cached, skipped, failed, not-run or cancelled; Reason says more about how it ended.
	Status string `json:"status,omitempty"`
	Reason string `json:"reason,omitempty"`
	// Start is when it began, in seconds from the start of the run.
	Start   float64 `json:"start"`
	Seconds float64 `json:"seconds"`
	// Why are the reasons for which it ran, or for which it did not have to.
	Why   []string  `json:"why,omitempty"`
	Tests *ui.Tests `json:"tests,omitempty"`
	// Warnings are about this step.
	Warnings []string `json:"warnings,omitempty"`
	// Output is what it printed, of a step that did not run what it printed when it ran.
	Output string `json:"output,omitempty"`
}

// LastRun returns the last run of targets in the checkout of a project. It is no method: davit, which prints no report, does
// not link it.
func LastRun(p *Project) (*PastRun, error) {
	store := cache.Open(p.cacheDir(storeDir), cache.Options{Now: p.Streams.Now})
	f, err := os.Open(p.journalFile(store))
	if err != nil {
		return nil, fault.Preconditionf("run one first: davit build test", "no run of targets in %s is remembered", p.Name)
	}
	defer f.Close()
	run := &pastRun{PastRun: PastRun{Project: p.Name, Status: ui.StatusRunning}}
	for lines := json.NewDecoder(bufio.NewReader(f)); lines.More(); {
		var line journalLine
		if err := lines.Decode(&line); err != nil {
			return nil, fault.Preconditionf("run it again", "the record of the last run cannot be read: %v", err)
		}
		run.add(line)
	}
	run.explain(store, p.Root.Dir)
	return &run.PastRun, nil
}

// A pastRun is a PastRun while its journal is read.
type pastRun struct {
	PastRun
	end time.Time
}

// add adds an event.
func (r *pastRun) add(line journalLine) {
	switch line.Type {
	case "":
		r.Time, r.Forced, r.Steps = line.Time, line.Forced, line.Plan
	case ui.EventRun:
		r.Targets = line.Targets
	case ui.EventEnd:
		r.end, r.Status, r.Seconds, r.Counts, r.Tests, r.Images = line.Time, line.Status, line.Seconds, line.Counts, line.Tests, line.References
		r.Messages = append(r.Messages, line.Caveats...)
	case ui.EventWarning, ui.EventError:
		if line.Step == "" {
			r.Messages = append(r.Messages, withHint(line.Event))
		} else {
			r.step(line.Step).Warnings = append(r.step(line.Step).Warnings, withHint(line.Event))
		}
	case ui.EventOutput:
		r.step(line.Step).Output += line.Text
	case ui.EventStep:
		r.step(line.Step).change(line, r.Time)
	}
}

func withHint(e ui.Event) string {
	if e.Hint == "" {
		return e.Text
	}
	return e.Text + " (" + e.Hint + ")"
}

// step returns a step of the run. The part of an aggregate that the project does not offer is one.
func (r *pastRun) step(id string) *PastStep {
	i := slices.IndexFunc(r.Steps, func(s PastStep) bool { return s.ID == id })
	if i < 0 {
		i = len(r.Steps)
		r.Steps = append(r.Steps, PastStep{ID: id})
	}
	return &r.Steps[i]
}

// change changes the status of a step.
func (s *PastStep) change(line journalLine, began time.Time) {
	s.Status, s.Reason, s.Seconds, s.Tests = line.Status, line.Reason, line.Seconds, line.Tests
	s.Start = max(0, math.Round(1e3*(line.Time.Sub(began).Seconds()-s.Seconds))/1e3)
}

// explain adds why steps ran, and what they printed that did not have to.
func (r *pastRun) explain(store *cache.Store, project string) {
	for i := range r.Steps {
		s := &r.Steps[i]
		past := runner.PastOf(store, project, s.ID, r.Time, r.end)
		switch s.Status {
		case ui.StatusOK, ui.StatusFailed:
			s.Why = past.Reasons
			if r.Forced {
				s.Why = []string{"--force ignores results"}
			}
		case ui.StatusCached:
			if s.Output == "" {
				s.Output = past.Output
			}
			s.Why = []string{whyCached(past, r.Time)}
		}
	}
}

// whyCached returns why a step of a run that began at a time did not have to run.
func whyCached(past runner.Past, began time.Time) string {
	if past.Run.Before(began) {
		return "nothing that it depends on has changed since the run of " + past.Run.Local().Format(time.DateTime)
	}
	return "the container engine has the result of the same step"
}
