package app

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/trace"
)

// An Audit is what the steps of targets read and wrote, next to what their results are said to depend on.
type Audit struct {
	Targets []string    `json:"targets"`
	Steps   []StepAudit `json:"steps"`
}

// A StepAudit is the audit of one step.
type StepAudit struct {
	ID      string `json:"id"`
	Command string `json:"command"`
	// Status is how the step ended: one of the words of a run.
	Status string `json:"status"`
	// NotTraced is why nothing is known of it: it runs in a container, was skipped or not run.
	NotTraced string `json:"untraced,omitempty"`
	// NotKept is why its result is not kept: then no finding can make a later result wrong.
	NotKept string `json:"uncached,omitempty"`
	runner.Findings
}

// Wrong reports whether a kept result may be wrong.
func (s StepAudit) Wrong() bool { return s.NotKept == "" && s.Any() }

// Audit runs targets, ignores stored results, and traces their steps on this machine. Name is the name by
// which this program was called. An audit is also returned if steps failed; the error then is that of Run.
func (p *Project) Audit(ctx context.Context, name string, r Request, emit func(ui.Event)) (*Audit, error) {
	if err := trace.Supported(); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "davit-audit-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	a := &auditor{Project: p, name: name, dir: dir,
		files: map[string][]string{}, kept: map[string]bool{}, ended: map[string]string{}}
	r.Force, r.wrap = true, a.wrap
	failure := p.Run(ctx, r, a.watch(emit))
	if end, ran := errors.AsType[*SilentError](failure); failure != nil && !ran ||
		ran && end.Code != fault.Failed { // it was stopped
		return nil, failure
	}
	audit, err := a.audit(ctx, r)
	if err != nil {
		return nil, err
	}
	return audit, failure
}

// An auditor collects what is known of the steps of a run.
type auditor struct {
	*Project
	name  string
	dir   string
	mu    sync.Mutex
	files map[string][]string // of traces, by step
	kept  map[string]bool     // whether the plan lets results be kept, by step, when it ran
	ended map[string]string   // statuses, by step
}

// wrap traces a process of a step.
func (a *auditor) wrap(s runner.Step, cmd *exec.Cmd) {
	a.mu.Lock()
	defer a.mu.Unlock()
	file := filepath.Join(a.dir, strconv.Itoa(len(a.files))+"."+strconv.Itoa(len(a.files[s.ID])))
	a.files[s.ID] = append(a.files[s.ID], file)
	a.kept[s.ID] = !s.Plan.NoCache
	trace.Wrap(cmd, a.name, file)
}

// watch notes how steps end.
func (a *auditor) watch(emit func(ui.Event)) func(ui.Event) {
	return func(e ui.Event) {
		if e.Type == ui.EventStep && e.Status != ui.StatusRunning {
			a.mu.Lock()
			a.ended[e.Step] = e.Status
			a.mu.Unlock()
		}
		emit(e)
	}
}

// audit judges the traces of all steps.
func (a *auditor) audit(ctx context.Context, r Request) (*Audit, error) {
	a.entries = nil // the steps may have made files
	job, err := a.Plan(r)
	if err != nil {
		return nil, err
	}
	e := a.executor(Request{}, a.Environ)
	defer e.close(a.Project)
	if _, err := a.place(ctx, e.host, job, r); err != nil {
		return nil, err
	}
	notKept, err := a.notKept(ctx, e, job)
	if err != nil {
		return nil, err
	}
	coverage := runner.NewCoverage(e.runner)
	out := &Audit{Targets: job.Targets}
	for _, s := range job.Graph.Steps() {
		step := StepAudit{ID: s.ID, Command: s.Command(), Status: a.ended[s.ID], NotKept: notKept[s.ID]}
		if err := a.findings(ctx, coverage, s, &step); err != nil {
			return nil, err
		}
		out.Steps = append(out.Steps, step)
	}
	return out, nil
}

// notKept returns why the results of steps are not kept.
func (a *auditor) notKept(ctx context.Context, e *executor, job *Job) (map[string]string, error) {
	o, err := a.containerOptions(ctx, e, job, Request{})
	if err != nil {
		return nil, err
	}
	e.wrap(a.Project, Request{}, a.containers(job, o, nil))
	if _, err := e.runner.Prepare(ctx, job.Graph.Steps()); err != nil && !isEngine(err) {
		return nil, err
	}
	why, err := e.runner.Explain(ctx, job.Graph, time.Time{})
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for id, x := range why {
		switch kept, ran := a.kept[id]; {
		case !x.Fresh:
			found[id] = strings.Join(x.Reasons, "; ")
		case ran && !kept: // since then, the step has made what its plan depends on
			found[id] = "its plan did not allow it when it ran"
		}
	}
	return found, nil
}

// findings reads and judges the traces of a step.
func (a *auditor) findings(ctx context.Context, c *runner.Coverage, s runner.Step, step *StepAudit) error {
	files := a.files[s.ID]
	switch {
	case s.Where == runner.InContainer:
		step.NotTraced = "it runs in a container, which has nothing but its inputs"
		return nil
	case len(files) == 0:
		step.NotTraced = "no process of it was started"
		return nil
	}
	var all trace.Trace
	for _, file := range files {
		t, err := trace.ReadFile(file)
		if err != nil {
			return fault.Preconditionf("", "%s: %v", s.ID, err)
		}
		all.Accesses, all.Gaps = append(all.Accesses, t.Accesses...), append(all.Gaps, t.Gaps...)
	}
	var err error
	step.Findings, err = runner.Judge(ctx, c, s, all)
	return err
}
