package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	goruntime "runtime"
	"slices"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/templates"
)

// Limit is how many bytes of results are kept for all projects together.
const Limit = 5 << 30

// A SilentError is the end of a run that did not succeed, and about which everything has been said.
type SilentError struct{ Code fault.Category }

func (e *SilentError) Error() string {
	if e.Code.Stops() {
		return "the run was " + fault.NewStop(e.Code).Error()
	}
	return "the run failed"
}

// Category returns what the run ended with.
func (e *SilentError) Category() fault.Category { return e.Code }

// Run runs targets, and passes what happens to emit. Its error is a *SilentError if the events have said all.
func (p *Project) Run(ctx context.Context, r Request, emit func(ui.Event)) error {
	job, err := p.Plan(r)
	if err != nil {
		return err
	}
	if err := cmp.Or(p.checkNested(job.Targets), p.listUnmarked(ctx), p.refuseChecks(job)); err != nil {
		return err
	}
	return p.execute(ctx, job, r, emit)
}

// DryRun returns the job of a run, with the places of its steps, and runs nothing.
func (p *Project) DryRun(ctx context.Context, r Request) (*Job, error) {
	job, err := p.Plan(r)
	if err != nil {
		return nil, err
	}
	e := p.executor(r, p.Environ)
	e.files.Until(ctx)
	defer e.close(p)
	_, err = p.place(ctx, e.host, job, r)
	return job, err
}

// Init writes a project.toml for a folder in which no plugin finds a project.
func (p *Project) Init(ctx context.Context, r Request, emit func(ui.Event)) error {
	job, err := p.InitJob()
	if err != nil {
		return err
	}
	return p.execute(ctx, job, r, emit)
}

// InitJob returns the job of Init, and runs nothing.
func (p *Project) InitJob() (*Job, error) {
	return p.writing("init", project.File, templates.Project(p.Name))
}

// writing returns the job of a command that writes a file.
func (p *Project) writing(command, file, text string) (*Job, error) {
	write := runner.Step{
		ID: "davit:" + command, Plugin: "davit", Effect: runner.Writes, Targets: []string{command},
		Where: runner.OnHost, Reason: "davit writes files itself",
		Plan: plan.Step{Op: plan.OpWrite, Files: map[string]string{file: text}},
	}
	g, err := runner.NewGraph([]runner.Step{write})
	if err != nil {
		return nil, err
	}
	s := &Selection{Targets: []string{command}}
	return &Job{Selection: s, Graph: g, Plan: merged(p.Name, s, g)}, nil
}

func (p *Project) execute(ctx context.Context, job *Job, r Request, emit func(ui.Event)) error {
	if err := p.confirm(ctx, job, r); err != nil {
		return err
	}
	reports, err := newReports(p.Root.Dir, r.Reports, p.Environ, job)
	if err != nil {
		return err
	}
	if err := p.confirmWrites(ctx, job, r); err != nil {
		return err
	}
	p.reportFiles = reports.globs()
	e := p.executor(r, p.stepEnv(job.Targets))
	e.reports = reports
	defer e.close(p)
	e.files.Until(ctx)
	e.files.LookAhead()
	go job.Omitted() // while the steps run
	if err := p.equip(ctx, e, job, r); err != nil {
		return err
	}
	defer e.serving.remove(ctx)
	emit = e.serving.until(ctx, emit)
	journal := p.journal(e.store, job, r)
	warming := &warming{host: p.host}
	defer warming.end(ctx)
	advising := &advising{Runner: reports.writing(e.runner), project: p, job: job}
	summary := runner.Run(ctx, job.Graph, advising, runner.Options{
		Jobs: jobs(r.Jobs), FailFast: r.FailFast, Events: warming.with(ctx, journal.hear(emit)), Targets: job.Targets,
		Notes: slices.Concat(notes(job.Selection), reports.silent, job.Unmet, job.Mismatches, aloneNotes(p, job, r.Jobs),
			job.loopbackNotes(), p.memberNotes()),
		Caveats: func() []string {
			return slices.Concat(e.tries.Notes(), job.Omitted(), caveats(ctx, e.host, job), advising.leftBehind(ctx))
		},
		Now: p.Streams.Now, Selected: len(r.Args) > 0,
	})
	e.runner.Finish(context.WithoutCancel(ctx))
	if summary.Err != nil {
		return summary.Err
	}
	journal.store()
	switch {
	case summary.Status == ui.StatusCancelled:
		return &SilentError{summary.StoppedBy}
	case summary.Status != ui.StatusOK:
		return &SilentError{fault.Failed}
	}
	return nil
}

func jobs(asked int) int {
	if asked > 0 {
		return asked
	}
	return goruntime.NumCPU()
}

// notes returns events about the targets and the parts of aggregates that the project does not offer.
func notes(s *Selection) (out []ui.Event) {
	if len(s.Targets) == 0 {
		out = append(out, ui.Event{Type: ui.EventWarning,
			Text: "nothing is run, since this project offers none of the targets"})
	}
	for _, skip := range s.Skipped {
		out = append(out, ui.Event{Type: ui.EventStep, Step: skip.Target, Status: ui.StatusSkipped,
			Reason: skip.Why})
	}
	return out
}

// Key returns the name of this checkout in the cache.
func (p *Project) Key() string { return checkoutKey(p.Root.Dir) }

func checkoutKey(root string) string {
	sum := sha256.Sum256([]byte(root))
	return hex.EncodeToString(sum[:16])
}
