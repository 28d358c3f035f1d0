package app

import (
	"context"
	"sync"

	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Status is how an environment stands.
type Status struct {
	Environment string `json:"environment"`
	Engine      string `json:"engine,omitempty"`
	Require     string `json:"require,omitempty"`
	// Release that stands; nil where nothing was deployed.
	Release *ReleaseSummary `json:"release"`
	release.State
	// Services by name.
	Services map[string]ServiceStatus `json:"services,omitempty"`
	// Quarantined are the containers that heals have set aside, the newest first.
	Quarantined []release.Quarantined `json:"quarantined,omitempty"`
	// Error is why an environment of a list could not be looked at.
	Error string `json:"error,omitempty"`
}

// ReleaseSummary is a release without its models.
type ReleaseSummary struct {
	release.Release
	Model   *release.Model `json:"model,omitempty"`
	Compose []byte         `json:"compose,omitempty"`
	// Repairs of it, the newest first, in a list of releases.
	Repairs []release.Repair `json:"repairs,omitempty"`
}

// ServiceStatus is how one service stands.
type ServiceStatus struct {
	release.State
	Containers []ContainerStatus `json:"containers"`
}

// ContainerStatus is a container for a reader.
type ContainerStatus struct {
	Name   string            `json:"name"`
	State  string            `json:"state"`
	Health string            `json:"health,omitempty"`
	Ports  map[string]string `json:"ports,omitempty"`
}

// Status looks at an environment, and into the files of its containers.
func (p *Project) Status(ctx context.Context, environment string) (Status, error) {
	return p.status(ctx, environment, deploy.Target.Live)
}

func (p *Project) status(ctx context.Context, environment string, look observer) (Status, error) {
	s, err := p.openSession(ctx, environment)
	if err != nil {
		return Status{}, err
	}
	defer s.target.Close()
	return s.status(ctx, look)
}

// observer is how closely is looked at what is live.
type observer func(deploy.Target, context.Context) (release.Observed, error)

// Statuses looks at all environments, side by side; one that cannot be looked at says why. The files of all their containers would keep
// engines busy for seconds: these are for Status.
func (p *Project) Statuses(ctx context.Context) ([]Status, error) {
	environments, err := p.Environments()
	if err != nil {
		return nil, err
	}
	if p.Targets == nil {
		return nil, &runner.EngineError{Why: "davit env"}
	}
	all := make([]Status, len(environments))
	var wait sync.WaitGroup
	for i, e := range environments {
		wait.Go(func() {
			one, err := p.status(ctx, e.Name, deploy.Target.Glance)
			if all[i] = one; err != nil {
				all[i] = Status{Environment: e.Name, Engine: e.Engine, Require: e.Require, Error: err.Error()}
			}
		})
	}
	wait.Wait()
	return all, ctx.Err()
}

func (s *session) status(ctx context.Context, look observer) (Status, error) {
	live, err := look(s.target, ctx)
	if err != nil {
		return Status{}, err
	}
	out := Status{Environment: s.Name, Engine: s.Engine, Require: s.Require, Quarantined: live.Quarantined, Services: map[string]ServiceStatus{}}
	if r := s.current(); r != nil {
		out.Release = &ReleaseSummary{Release: *r}
	}
	services, whole := release.Assess(s.applied(), live, s.Ignore)
	out.State = whole
	for name, state := range services {
		out.Services[name] = ServiceStatus{state, containerStatuses(live.Containers[name])}
	}
	return out, nil
}

func containerStatuses(containers []release.Container) []ContainerStatus {
	out := []ContainerStatus{}
	for _, c := range containers {
		out = append(out, ContainerStatus{c.Name, c.State, c.Health, c.Ports})
	}
	return out
}
