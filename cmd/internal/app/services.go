package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

const (
	// clearing is how long the end of a run may take to remove its services, and hurried how long after a second Ctrl-C.
	clearing, hurried = 30 * time.Second, 5 * time.Second
	// lastLines are how many lines of the log of each service are shown where a step failed that uses it.
	lastLines = 10
)

// serving is a Runner of steps that use Compose services. These are in an environment of their own for all steps of the run: up and
// healthy when the first of these begins, and gone, with all that was written there, when the run ends, however that is.
type serving struct {
	runner.Runner
	project *Project
	request Request
	session *session
	emit    func(ui.Event) // of the run
	mask    *runner.Mask
	once    sync.Once
	err     error // why they are not up
	begun   bool
	env     map[runner.Where]map[string]string
}

// serving opens what the steps of a job use, nil where they use none. Nothing is started yet; what is wrong with the Compose files, or
// with the way to the engine, is said before anything runs.
func (p *Project) serving(ctx context.Context, job *Job, r Request) (*serving, error) {
	names := job.services()
	if len(names) == 0 {
		return nil, nil
	}
	e, err := p.trial(job, names)
	if err != nil {
		return nil, err
	}
	t, err := p.Targets(ctx, e, p.secretVariables())
	if err != nil {
		return nil, err
	}
	if _, err := t.Render(ctx); err != nil {
		t.Close()
		return nil, err
	}
	r = Request{Jobs: r.Jobs, Locked: r.Locked, Piped: true, Kill: r.Kill, Verbose: r.Verbose}
	return &serving{project: p, request: r, session: &session{Environment: e, target: t}, emit: func(ui.Event) {}}, nil
}

// trial is the environment of the services: what the lowest one of the project says of its Compose files, on the engine that steps in
// containers run in.
func (p *Project) trial(job *Job, names []string) (release.Environment, error) {
	all, err := p.Environments()
	if err != nil {
		return release.Environment{}, err
	}
	id := make([]byte, 4)
	rand.Read(id)
	e := all[0]
	e.Engine, e.Registry, e.Replicas = "", "", nil
	e.Ephemeral = &release.Ephemeral{Name: "test-" + hex.EncodeToString(id), Services: names}
	for _, s := range job.Graph.Steps() {
		e.Ephemeral.FromContainers = e.Ephemeral.FromContainers || len(s.Plan.Services) > 0 && s.Where == runner.InContainer
	}
	return e, nil
}

// services are the names of those that any step uses.
func (j *Job) services() (names []string) {
	for _, s := range j.Graph.Steps() {
		names = append(names, s.Plan.Services...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Run does a step, with the addresses of the services as variables. What the step itself sets counts more.
func (s *serving) Run(ctx context.Context, step runner.Step, emit func(ui.Event)) runner.Result {
	if len(step.Plan.Services) == 0 {
		return s.Runner.Run(ctx, step, emit)
	}
	emit(ui.Event{Type: ui.EventProgress, Step: step.ID, Text: strings.Join(step.Plan.Services, ", ")})
	s.once.Do(func() {
		if s.err = s.up(ctx, step.ID, emit); ctx.Err() == nil {
			lastWords(s.err, emit)
		}
	})
	switch {
	case ctx.Err() != nil:
		return runner.Result{Status: ui.StatusCancelled, Reason: "interrupted"}
	case s.err != nil:
		return runner.Result{Status: ui.StatusFailed, Reason: firstLine(s.err.Error())}
	}
	s.shadow(step, emit)
	env := maps.Clone(s.env[step.Where])
	maps.Copy(env, step.Plan.Env)
	step.Plan.Env = env
	result := s.Runner.Run(ctx, step, emit)
	if result.Status == ui.StatusFailed || s.request.Verbose {
		s.say(ctx, step, emit)
	}
	return result
}

// up brings the images, starts the services and waits until they are healthy. What a davit that was killed has left goes first.
func (s *serving) up(ctx context.Context, step string, emit func(ui.Event)) error {
	t := s.session.target
	if err := t.PruneStale(ctx); err != nil {
		s.project.Trace("what an earlier run has left cannot be removed: %v", err)
	}
	images, err := s.project.collectImages(ctx, s.session, nil, DeployRequest{Run: s.request}, s.emit)
	if err != nil {
		return err
	}
	r := release.Release{Number: 1, Project: s.session.Project, Environment: s.session.Name, Images: images}
	if r.Model, r.Compose, err = t.Desired(ctx, images); err != nil {
		return err
	}
	s.begun = true
	err = t.Apply(ctx, difference(r, release.Model{}, release.Observed{}, nil), r, deploy.ApplyOptions{Timeout: s.session.Timeout, Emit: func(e ui.Event) {
		if e.Type == ui.EventOutput {
			emit(ui.Event{Type: ui.EventProgress, Step: step, Text: s.progress(e)})
		}
	}})
	if err != nil {
		return err
	}
	ends, err := t.Endpoints(ctx)
	s.env = map[runner.Where]map[string]string{
		runner.OnHost:      reaching(ends, func(e deploy.Endpoint) string { return e.Host }),
		runner.InContainer: reaching(ends, func(e deploy.Endpoint) string { return e.Contained }),
	}
	return err
}

// progress is what an engine tells of a service: "postgres is healthy".
func (s *serving) progress(e ui.Event) string {
	text := strings.TrimSpace(e.Text)
	if rest, of := strings.CutPrefix(text, s.session.Instance()+"-"+e.Step+"-1 "); of {
		return e.Step + " " + rest
	}
	return e.Step + ": " + text
}

// shadow says which variables of the caller do not count for a step, since its services are elsewhere than these say.
func (s *serving) shadow(step runner.Step, emit func(ui.Event)) {
	for _, name := range sorted(s.env[step.Where]) {
		own := s.project.env(name)
		if _, set := step.Plan.Env[name]; own == "" || set || strings.HasPrefix(name, "DAVIT_") {
			continue
		}
		emit(ui.Event{Type: ui.EventWarning, Step: step.ID, Text: fmt.Sprintf("%s is %q here, and does not count: the step gets the service that it uses", name, own),
			Hint: "leave the service out of services in project.toml, to use another one"})
	}
}

// say shows what the services of a step have said last; with --verbose it traces all of it.
func (s *serving) say(ctx context.Context, step runner.Step, emit func(ui.Event)) {
	o := deploy.LogOptions{Services: step.Plan.Services, Tail: lastLines}
	if s.request.Verbose {
		o.Tail = 0
	}
	var text strings.Builder
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), hurried)
	defer cancel()
	err := s.session.target.Logs(ctx, o, func(l deploy.LogLine) error {
		text.WriteString(l.Container + " | " + l.Text + "\n")
		return nil
	})
	said := s.mask.Text(strings.TrimRight(text.String(), "\n"))
	switch {
	case err != nil || said == "":
	case s.request.Verbose:
		s.project.Trace("the services of %s said:\n%s", step.ID, said)
	default:
		emit(ui.Event{Type: ui.EventWarning, Step: step.ID, Text: "the last lines of its services:\n" + said})
	}
}

// until passes on the events of a run. When it ends, the services do first.
func (s *serving) until(ctx context.Context, emit func(ui.Event)) func(ui.Event) {
	if s == nil {
		return emit
	}
	s.emit = emit
	return func(e ui.Event) {
		if e.Type == ui.EventEnd {
			s.down(ctx)
		}
		emit(e)
	}
}

// down removes the services with all that they have, also after Ctrl-C.
func (s *serving) down(ctx context.Context) {
	if s == nil || s.session == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), clearing)
	defer cancel()
	go func() {
		select {
		case <-s.request.Kill:
			time.AfterFunc(hurried, cancel)
		case <-ctx.Done():
		}
	}()
	t := s.session.target
	s.session = nil
	defer t.Close()
	if !s.begun {
		return
	}
	if err := t.Destroy(ctx, true, nil); err != nil {
		s.emit(ui.Event{Type: ui.EventWarning, Text: "the services are not all gone: " + err.Error(), Hint: "the next run that uses services removes what is left"})
	}
}

// reaching are the addresses of services as variables: DAVIT_POSTGRES_5432=127.0.0.1:32768, and for the first port of each also
// POSTGRES_HOST and POSTGRES_PORT, as programs read them.
func reaching(all []deploy.Endpoint, address func(deploy.Endpoint) string) map[string]string {
	env := map[string]string{}
	for _, e := range all {
		name := variable(e.Service)
		host, port, err := net.SplitHostPort(address(e))
		if err != nil {
			continue // nobody asked for it there
		}
		if at := fmt.Sprintf("DAVIT_%s_%d", name, e.Port); env[at] == "" {
			env[at] = address(e)
		}
		if env[name+"_HOST"] == "" && (name[0] < '0' || name[0] > '9') {
			env[name+"_HOST"], env[name+"_PORT"] = host, port
		}
	}
	return env
}
