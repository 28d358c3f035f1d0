package app

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// An Outdated is a dependency that the target upgrade would move.
type Outdated struct{ Name, Current, Newest string }

// Outdated asks the managers of the project what the target upgrade would move, and changes nothing. The reason says what is
// not known, and why; it is empty if all is known.
func (p *Project) Outdated(ctx context.Context, r Request) (found []Outdated, reason string, err error) {
	if p.Offline {
		return nil, "it takes a network connection", nil
	}
	job, err := p.Plan(r)
	if err != nil {
		return nil, "", err
	}
	asked, silent := questions(job.Graph.Steps())
	var reasons []string
	if len(silent) > 0 {
		reasons = append(reasons, text.And(silent)+" cannot tell before it has run")
	}
	if len(asked) == 0 {
		return nil, strings.Join(reasons, "; "), nil
	}
	if job.Graph, err = runner.NewGraph(asked); err != nil {
		return nil, "", err
	}
	heard := &answers{steps: asked, lines: map[string][]string{}, failed: map[string]string{}}
	if err := p.ask(ctx, job, r, heard.hear); err != nil {
		return nil, "", err
	}
	for _, s := range asked {
		items, why := heard.of(s)
		found = append(found, items...)
		if why != "" {
			reasons = append(reasons, s.ID+" cannot tell: "+why)
		}
	}
	return found, strings.Join(reasons, "; "), nil
}

// questions returns steps that ask what the steps of "upgrade" would move, and the ids of those that cannot tell.
func questions(steps []runner.Step) (asked []runner.Step, silent []string) {
	for _, s := range steps {
		switch o := s.Plan.Outdated; {
		case !slices.Contains(s.Targets, "upgrade"):
		case o == nil:
			silent = append(silent, s.ID)
		default:
			s.Effect, s.Args = runner.Reads, nil
			s.Plan.Op, s.Plan.Argv, s.Plan.Script, s.Plan.NoCache = plan.OpExec, o.Argv, "", true
			s.Plan.Outputs, s.Plan.Needs, s.Plan.After, s.Plan.Provides = nil, nil, nil, nil
			asked = append(asked, s)
		}
	}
	return asked, silent
}

// ask runs the steps of a job without a display, and leaves the last run of the project as it is.
func (p *Project) ask(ctx context.Context, job *Job, r Request, hear func(ui.Event)) error {
	e := p.executor(r, p.stepEnv(job.Targets))
	defer e.close(p)
	e.files.Until(ctx)
	if err := p.equip(ctx, e, job, r); err != nil {
		return err
	}
	summary := runner.Run(ctx, job.Graph, e.runner, runner.Options{Jobs: jobs(r.Jobs), Events: hear, Targets: job.Targets, Now: p.Streams.Now})
	e.runner.Finish(context.WithoutCancel(ctx))
	if summary.Err == nil {
		return context.Cause(ctx)
	}
	return summary.Err
}

// answers are what questions printed.
type answers struct {
	mu     sync.Mutex
	steps  []runner.Step
	lines  map[string][]string
	failed map[string]string
}

func (a *answers) hear(e ui.Event) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case e.Type == ui.EventOutput:
		a.lines[e.Step] = append(a.lines[e.Step], strings.Split(strings.TrimRight(e.Text, "\n"), "\n")...)
	case e.Type == ui.EventStep && e.Status == ui.StatusFailed:
		a.failed[e.Step] = e.Reason
	}
}

// of returns what a step found, or why that is not known: it failed, and no line has the form of an answer.
func (a *answers) of(s runner.Step) (found []Outdated, reason string) {
	answered := false
	for _, line := range a.lines[s.ID] {
		name, current, newest, ok := s.Plan.Outdated.Parse(line)
		if answered = answered || ok; ok && current != newest {
			found = append(found, Outdated{name, current, newest})
		}
	}
	if !answered {
		reason = a.failed[s.ID]
	}
	return found, reason
}
