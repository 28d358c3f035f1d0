package deploy

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Services are Compose services for one run of tests, in an environment of their own.
type Services struct {
	operation *operation
	ephemeral deploy.Ephemeral
	begun     bool
	env       map[runner.Where]map[string]string
}

// OpenServices opens an ephemeral environment with some services of the Compose files of the lowest
// environment. Nothing is started yet; faults of the Compose files are returned.
func (e *Environments) OpenServices(
	ctx context.Context, names []string, fromContainers bool,
) (*Services, error) {
	all, err := e.All()
	if err != nil {
		return nil, err
	}
	s, err := e.connect(ctx, ephemeral(all[0], names, fromContainers))
	if err != nil {
		return nil, err
	}
	able, can := s.backend.(deploy.Ephemeral)
	if !can {
		err = usage("", "the backend of %s, %q, cannot run services for tests", s.Name, s.Environment.Backend)
	}
	if err == nil {
		_, err = s.backend.Render(ctx)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return &Services{operation: &operation{session: s, environments: e, held: ctx}, ephemeral: able}, nil
}

// ephemeral returns the environment of services for tests: what an environment says of its Compose files, on
// the engine that steps in containers run on.
func ephemeral(e release.Environment, names []string, fromContainers bool) release.Environment {
	id := make([]byte, 4)
	_, _ = rand.Read(id) // it never fails
	e.Engine, e.Registry, e.Replicas, e.Reload = "", "", nil, nil
	e.Monitor = time.Second // whoever runs tests waits for them
	e.Ephemeral = &release.Ephemeral{Name: "test-" + hex.EncodeToString(id), Services: names,
		FromContainers: fromContainers}
	return e
}

// Start gets the images, starts the services and waits until they are healthy. The remains of davits that
// were killed are removed first. Nothing that it says has the value of a secret of the services.
func (s *Services) Start(ctx context.Context, emit func(ui.Event), progress func(text string)) error {
	masked := s.operation.environments.Masked
	return s.operation.environments.maskedError(s.start(ctx, func(e ui.Event) {
		e.Text, e.Reason = masked(e.Text), masked(e.Reason)
		emit(e)
	}, func(text string) { progress(masked(text)) }))
}

// maskedError returns an error without the values of secrets.
func (e *Environments) maskedError(err error) error {
	if err == nil || e.Masked(err.Error()) == err.Error() {
		return err
	}
	hint := ""
	if h := ui.Hinter(nil); errors.As(err, &h) {
		hint = e.Masked(h.Hint())
	}
	return &fault.Error{Reason: e.Masked(err.Error()), Next: hint, Code: fault.Of(err)}
}

func (s *Services) start(ctx context.Context, emit func(ui.Event), progress func(text string)) error {
	o := s.operation
	o.emit = emit
	if err := s.ephemeral.PruneStale(ctx); err != nil {
		o.environments.Trace("the remains of an earlier run cannot be removed: %v", err)
	}
	images, err := o.collectImages(ctx, nil)
	if err != nil {
		return err
	}
	r := release.Release{Format: release.Format, Number: 1, Project: o.Project, Environment: o.Name,
		Images: images}
	desired, err := o.backend.Desired(ctx, images)
	if r.Model, r.Compose, r.Key = desired.Model, desired.Compose, desired.Key; err != nil {
		return err
	}
	s.begun = true
	plan := release.Compare(r.Model, release.Model{}, release.Observed{}, nil)
	err = o.backend.Apply(ctx, plan, r, deploy.ApplyOptions{Timeout: o.Timeout, Emit: func(e ui.Event) {
		if e.Type == ui.EventOutput {
			progress(s.progress(e))
		}
	}})
	if err != nil {
		showLastLines(err, emit)
		return err
	}
	ends, err := s.ephemeral.Endpoints(ctx)
	s.env = map[runner.Where]map[string]string{
		runner.OnHost:      endpointVariables(ends, func(e deploy.Endpoint) string { return e.Host }),
		runner.InContainer: endpointVariables(ends, func(e deploy.Endpoint) string { return e.Contained }),
	}
	return err
}

// progress returns an event of a service in a few words: "postgres is healthy".
func (s *Services) progress(e ui.Event) string {
	text := strings.TrimSpace(e.Text)
	if rest, of := strings.CutPrefix(text, s.operation.Instance()+"-"+e.Step+"-1 "); of {
		return e.Step + " " + rest
	}
	return e.Step + ": " + text
}

// Env returns the addresses of the services as variables, for steps that run in one place.
func (s *Services) Env(where runner.Where) map[string]string { return s.env[where] }

// Logs passes the last lines of services to give, or all of them if tail is 0.
func (s *Services) Logs(
	ctx context.Context, services []string, tail int, give func(container, line string),
) error {
	return s.operation.backend.Logs(ctx, deploy.LogOptions{Services: services, Tail: tail},
		func(l deploy.LogLine) error {
			give(l.Container, s.operation.environments.Masked(l.Text))
			return nil
		})
}

// Remove removes the services with all that they have, and ends the connection to their engine.
func (s *Services) Remove(ctx context.Context) error {
	defer s.operation.close()
	if !s.begun {
		return nil
	}
	return s.operation.environments.maskedError(s.operation.backend.Destroy(ctx, deploy.DestroyOptions{Volumes: true}))
}

// endpointVariables returns addresses of services as variables: DAVIT_POSTGRES_5432=127.0.0.1:32768, and for
// the first port of each also POSTGRES_HOST and POSTGRES_PORT, as programs read them.
func endpointVariables(all []deploy.Endpoint, address func(deploy.Endpoint) string) map[string]string {
	env := map[string]string{}
	for _, e := range all {
		name := variable(e.Service)
		host, port, err := net.SplitHostPort(address(e))
		if err != nil {
			continue // it is not published for that place
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
