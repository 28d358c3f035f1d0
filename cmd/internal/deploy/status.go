package deploy

import (
	"cmp"
	"context"
	"errors"
	"sync"

	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Status is the state of an environment.
type Status struct {
	Environment string `json:"environment"`
	Engine      string `json:"engine,omitempty"`
	Require     string `json:"require,omitempty"`
	// Release that is current; nil where nothing was deployed.
	Release *ReleaseSummary `json:"release" jsonschema:"nullable"`
	release.State
	// Foreign says why the release may be of another project of the same name; empty if nothing speaks for it.
	Foreign string `json:"foreign,omitempty"`
	// Failed is the last release if none has become healthy yet; nil otherwise. What it has started may run.
	Failed *ReleaseSummary `json:"failed,omitempty"`
	// Change that somebody makes right now; nil for none.
	Change *Change `json:"change,omitempty"`
	// Interrupted is a change whose davit was killed, and that nobody has ended; nil for none, and where Failed or Down says it.
	Interrupted *Change `json:"interrupted,omitempty"`
	// Down is the destroy that ended the environment; nil if it was not destroyed, or deployed again. Then nothing
	// is meant to run, so that nothing drifts.
	Down *release.AuditEntry `json:"down,omitempty"`
	// Services by name.
	Services map[string]ServiceStatus `json:"services,omitempty"`
	// Quarantined are the containers that heals have put aside, the newest first.
	Quarantined []release.Quarantined `json:"quarantined,omitempty"`
	// Adoptable is what has the labels of the environment and was not made by davit: the next deploy adopts
	// what of it the Compose files name.
	Adoptable []release.Thing `json:"adoptable,omitempty"`
	// Error is why an environment of a list could not be observed.
	Error string `json:"error,omitempty"`
}

// ServiceStatus is the state of one service.
type ServiceStatus struct {
	release.State
	Containers []ContainerStatus `json:"containers"`
}

// ContainerStatus is the state of a container, for a reader.
type ContainerStatus struct {
	Name   string                 `json:"name"`
	State  release.ContainerState `json:"state"`
	Health release.HealthState    `json:"health,omitempty"`
	Ports  map[string]string      `json:"ports,omitempty"`
}

// Status observes an environment, and the files of its containers.
func (e *Environments) Status(ctx context.Context, environment string) (Status, error) {
	s, err := e.openLook(ctx, environment)
	if err != nil {
		return Status{}, err
	}
	defer s.close()
	out, err := s.status(ctx)
	if err == nil && out.Down == nil {
		out.Foreign = e.foreign(ctx, s)
	}
	return out, err
}

// Statuses observes all environments, and the files of their containers, side by side; one that cannot be
// observed says why.
func (e *Environments) Statuses(ctx context.Context) ([]Status, error) {
	environments, err := e.All()
	if err != nil {
		return nil, err
	}
	if e.Open == nil {
		return nil, &runner.EngineError{Reason: "davit env"}
	}
	all := make([]Status, len(environments))
	var wait sync.WaitGroup
	for i, env := range environments {
		wait.Go(func() {
			one, err := e.Status(ctx, env.Name)
			if all[i] = one; err != nil {
				all[i] = Status{Environment: env.Name, Engine: env.Engine, Require: env.Require,
					Error: err.Error()}
			}
		})
	}
	wait.Wait()
	return all, ctx.Err()
}

func (s *session) status(ctx context.Context) (Status, error) {
	holder := async(func() (*deploy.Holder, error) { return s.backend.Holder(ctx) })
	destroyed := async(func() (*release.AuditEntry, error) { return s.destroyed(ctx) })
	live, err := s.observe(ctx, deploy.ObserveOptions{Files: true})
	held, failure := holder()
	down, failed := destroyed()
	if err := errors.Join(err, failure, failed); err != nil {
		return Status{}, err
	}
	out := Status{
		Environment: s.Name, Engine: s.Engine, Require: s.Require, Release: s.summary(),
		Quarantined: live.Quarantined, Adoptable: live.Adoptable, Services: map[string]ServiceStatus{},
	}
	out.Change = s.change(held, live)
	if out.Release == nil && out.Change == nil && len(s.releases) > 0 {
		out.Failed = &ReleaseSummary{Release: s.releases[0], Digest: s.releases[0].Digest,
			Interrupted: s.releases[0].Result == release.Pending}
	}
	if down == nil && held != nil && held.Exited() && held.Operation == "destroy" {
		down = &release.AuditEntry{Time: held.Since.UTC(), By: held.Owner, Action: release.Destroyed, Reason: errKilled.Error()}
	}
	if down != nil && len(live.Containers) == 0 {
		out.Down, out.State = down, release.State{InSync: true, Reason: "down"}
		return out, nil
	}
	if out.Failed == nil {
		out.Interrupted = s.interrupted(held)
	}
	services, whole := release.Assess(s.attempted(), live, s.Ignore)
	if out.State = whole; out.Failed != nil { // whatever runs of it
		out.State = release.State{Reason: cmp.Or(whole.Reason, "no release has become healthy"), Drift: whole.Drift}
	}
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
