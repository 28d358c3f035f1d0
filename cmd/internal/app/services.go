package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// Services are Compose services for the steps of one run.
type Services interface {
	// Start gets the images, starts the services and waits until they are healthy. Emit takes the events of
	// builds, and progress what happens to a service, in a few words.
	Start(ctx context.Context, emit func(ui.Event), progress func(text string)) error
	// Env returns the addresses of the services as variables, for steps that run in one place.
	Env(where runner.Where) map[string]string
	// Logs passes the last lines of services to give, or all of them if tail is 0.
	Logs(ctx context.Context, services []string, tail int, give func(container, line string)) error
	// Remove removes the services with all that they have, and ends the connection to their engine.
	Remove(ctx context.Context) error
}

// ServicesRequest says which services a run uses.
type ServicesRequest struct {
	Names []string
	// FromContainers says that steps in containers use them.
	FromContainers bool
	// Run is the run that uses them.
	Run Request
}

const (
	// removeTimeout is how long the end of a run may take to remove its services, and hurriedTimeout how long
	// after a second Ctrl-C.
	removeTimeout, hurriedTimeout = 30 * time.Second, 5 * time.Second
	// lastLines are how many lines of the log of each service are shown where a step failed that uses it.
	lastLines = 10
)

// serving is a Runner of steps that use Compose services. These are up and healthy when the first of these
// steps begins, and gone, with all that was written there, when the run ends, however that is.
type serving struct {
	runner.Runner
	project  *Project
	request  Request
	services Services // nil once they are removed
	emit     func(ui.Event)
	mask     *runner.Mask
	once     sync.Once
	err      error // why they are not up
}

// serving opens the services that the steps of a job use, nil where they use none. Nothing is started yet;
// faults of the Compose files, or of the way to the engine, are returned before anything runs.
func (p *Project) serving(ctx context.Context, job *Job, r Request) (*serving, error) {
	names := job.services()
	if len(names) == 0 {
		return nil, nil
	}
	request := ServicesRequest{Names: names, Run: Request{Jobs: r.Jobs, Locked: r.Locked, Piped: true,
		Kill: r.Kill, Verbose: r.Verbose}}
	for _, s := range job.Graph.Steps() {
		request.FromContainers = request.FromContainers || len(s.Plan.Services) > 0 &&
			s.Where == runner.InContainer
	}
	services, err := p.OpenServices(ctx, p, request)
	if err != nil {
		return nil, err
	}
	return &serving{project: p, request: request.Run, services: services, emit: func(ui.Event) {}}, nil
}

// services returns the names of those that any step uses.
func (j *Job) services() (names []string) {
	for _, s := range j.Graph.Steps() {
		names = append(names, s.Plan.Services...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Run does a step, with the addresses of the services as variables. What the step itself sets wins.
func (s *serving) Run(ctx context.Context, step runner.Step, emit func(ui.Event)) runner.Result {
	if len(step.Plan.Services) == 0 {
		return s.Runner.Run(ctx, step, emit)
	}
	progress := func(text string) { emit(ui.Event{Type: ui.EventProgress, Step: step.ID, Text: text}) }
	progress(strings.Join(step.Plan.Services, ", "))
	s.once.Do(func() { s.err = s.services.Start(ctx, s.emit, progress) })
	switch {
	case ctx.Err() != nil:
		return runner.Result{Status: ui.StatusCancelled, Reason: "interrupted"}
	case s.err != nil:
		return runner.Result{Status: ui.StatusFailed, Reason: text.FirstLine(s.err.Error())}
	}
	env := maps.Clone(s.services.Env(step.Where))
	s.warnReplaced(step, env, emit)
	maps.Copy(env, step.Plan.Env)
	step.Plan.Env = env
	result := s.Runner.Run(ctx, step, emit)
	if result.Status == ui.StatusFailed || s.request.Verbose {
		s.showLogs(ctx, step, emit)
	}
	return result
}

// warnReplaced warns of variables of the caller that a step does not get, since its services have other
// addresses.
func (s *serving) warnReplaced(step runner.Step, env map[string]string, emit func(ui.Event)) {
	for _, name := range slices.Sorted(maps.Keys(env)) {
		own := environ.Get(s.project.Environ, name)
		if _, set := step.Plan.Env[name]; own == "" || set || strings.HasPrefix(name, "DAVIT_") {
			continue
		}
		emit(ui.Event{Type: ui.EventWarning, Step: step.ID,
			Text: fmt.Sprintf("%s is %q here, and is replaced: the step gets the service that it uses", name,
				own),
			Hint: "leave the service out of services in project.toml, to use another one"})
	}
}

// showLogs shows the last lines of the services of a step; with --verbose it traces all of them.
func (s *serving) showLogs(ctx context.Context, step runner.Step, emit func(ui.Event)) {
	tail := lastLines
	if s.request.Verbose {
		tail = 0
	}
	var lines strings.Builder
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), hurriedTimeout)
	defer cancel()
	err := s.services.Logs(ctx, step.Plan.Services, tail,
		func(container, line string) { lines.WriteString(container + " | " + line + "\n") })
	log := s.mask.Text(strings.TrimRight(lines.String(), "\n"))
	switch {
	case err != nil || log == "":
	case s.request.Verbose:
		s.project.Trace("the log of the services of %s:\n%s", step.ID, log)
	default:
		emit(ui.Event{Type: ui.EventWarning, Step: step.ID, Text: "the last lines of its services:\n" + log})
	}
}

// until returns emit, changed so that the services are removed before the end of the run is reported.
func (s *serving) until(ctx context.Context, emit func(ui.Event)) func(ui.Event) {
	if s == nil {
		return emit
	}
	s.emit = emit
	return func(e ui.Event) {
		if e.Type == ui.EventEnd {
			s.remove(ctx)
		}
		emit(e)
	}
}

// remove removes the services, also after Ctrl-C.
func (s *serving) remove(ctx context.Context) {
	if s == nil || s.services == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), removeTimeout)
	defer cancel()
	go func() {
		select {
		case <-s.request.Kill:
			time.AfterFunc(hurriedTimeout, cancel)
		case <-ctx.Done():
		}
	}()
	services := s.services
	s.services = nil
	if err := services.Remove(ctx); err != nil {
		s.emit(ui.Event{Type: ui.EventWarning, Text: "the services were not all removed: " + err.Error(),
			Hint: "the next run that uses services removes the rest"})
	}
}
