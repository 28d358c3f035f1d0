package deploy

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Inspection is all that there is of an environment.
type Inspection struct {
	Environment string          `json:"environment"`
	Engine      string          `json:"engine,omitempty"`
	Release     *ReleaseSummary `json:"release" jsonschema:"nullable"`
	InSync      bool            `json:"in_sync"`
	Healthy     bool            `json:"healthy"`
	deploy.Details
	Services map[string]Inspected `json:"services"`
	// Quarantined are containers that were set aside, and Unmanaged those that are not davit's, on the
	// networks of the environment or with its labels.
	Quarantined []release.Quarantined `json:"quarantined,omitempty"`
	Unmanaged   []string              `json:"unmanaged,omitempty"`
}

// Inspected is one service.
type Inspected struct {
	release.State
	// Image as the release names it.
	Image      string               `json:"image,omitempty"`
	Containers []InspectedContainer `json:"containers"`
}

// InspectedContainer is one container.
type InspectedContainer struct {
	ContainerStatus
	ID       string    `json:"id"`
	Image    string    `json:"image"`
	Started  time.Time `json:"started"`
	Restarts int       `json:"restarts,omitempty"`
	// Mounts are what is mounted where, by the path in the container; Networks are named as in the Compose
	// file.
	Mounts   map[string]string `json:"mounts,omitempty"`
	Networks []string          `json:"networks,omitempty"`
}

// Inspect tells all that there is of an environment, or of some of its services.
func (e *Environments) Inspect(
	ctx context.Context, environment string, services []string,
) (i Inspection, err error) {
	s, err := e.openLook(ctx, environment)
	if err != nil {
		return i, err
	}
	defer s.close()
	live, err := s.observe(ctx, deploy.ObserveOptions{Files: true})
	if err != nil {
		return i, err
	}
	if err := s.has(live, services); err != nil {
		return i, err
	}
	if i.Details, err = s.backend.Details(ctx); err != nil {
		return i, err
	}
	s.inspected(&i, live, services)
	return i, nil
}

func (s *session) inspected(i *Inspection, live release.Observed, services []string) {
	i.Environment, i.Engine, i.Services = s.Name, s.Engine, map[string]Inspected{}
	i.Release = s.summary()
	states, whole := release.Assess(s.applied(), live, s.Ignore)
	i.InSync, i.Healthy = whole.InSync, whole.Healthy
	for name, state := range states {
		if len(services) == 0 || slices.Contains(services, name) {
			i.Services[name] = s.service(name, state, live.Containers[name])
		}
	}
	for _, aside := range live.Quarantined {
		if len(services) == 0 || slices.Contains(services, aside.Service) {
			i.Quarantined = append(i.Quarantined, aside)
		}
	}
	if len(services) == 0 {
		i.Unmanaged = live.Unmanaged
		return
	}
	used := map[string]bool{}
	for _, one := range i.Services {
		for _, c := range one.Containers {
			used[c.Image] = true
		}
	}
	maps.DeleteFunc(i.Images, func(id string, _ deploy.ImageDetails) bool { return !used[id] })
	i.Networks, i.Volumes = nil, nil
}

func (s *session) service(name string, state release.State, containers []release.Container) Inspected {
	out := Inspected{State: state, Containers: []InspectedContainer{}}
	if r := s.current(); r != nil {
		out.Image = r.Images[name].Name
	}
	for i, status := range containerStatuses(containers) {
		c := containers[i]
		one := InspectedContainer{ContainerStatus: status, ID: c.ID, Image: c.Fields["image"],
			Started: c.Started, Restarts: c.Restarts, Mounts: map[string]string{}}
		for _, path := range slices.Sorted(maps.Keys(c.Fields)) {
			if at, is := strings.CutPrefix(path, "volumes."); is {
				one.Mounts[at] = c.Fields[path]
			}
			if network, is := strings.CutPrefix(path, "networks."); is && !strings.Contains(network, ".") {
				one.Networks = append(one.Networks, network)
			}
		}
		out.Containers = append(out.Containers, one)
	}
	return out
}
