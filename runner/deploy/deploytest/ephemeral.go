package deploytest

import (
	"context"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/davit-dev/davit/internal/self"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/compose"
	"github.com/davit-dev/davit/runner/deploy/release"
)

const (
	// loopback is the address by which programs of the machine reach it, and bridge that by which containers
	// do.
	loopback = "127.0.0.1"
	bridge   = "172.17.0.1"
	// lifetime is how long an ephemeral environment lasts of whose davit nobody knows whether it still runs.
	lifetime = 24 * time.Hour
)

// An ephemeralOwner is the davit that an ephemeral environment is of.
type ephemeralOwner struct {
	self.Process
	expires time.Time
}

// recordOwner notes whose an ephemeral environment is.
func (m *Memory) recordOwner(ctx context.Context) error {
	return m.withLock(ctx, func() error {
		if m.Environment.Ephemeral != nil {
			m.engine.ephemerals[m.project] = ephemeralOwner{self.Get(), m.world.now.Add(lifetime)}
		}
		return nil
	})
}

// publish has the services of an ephemeral environment published where tests reach them.
func (m *Memory) publish(_ context.Context, model *compose.Model) (*compose.Model, error) {
	m.world.mu.Lock()
	defer m.world.mu.Unlock()
	exposed := map[string][]string{}
	for _, service := range m.Environment.Ephemeral.Services {
		exposed[service] = m.engine.images[model.Images()[service].Ref()].Ports
	}
	on := []string{loopback}
	switch {
	case m.Environment.Machine != "":
		on = []string{everywhere}
	case m.Environment.Ephemeral.FromContainers:
		on = append(on, bridge)
	}
	return model.Publish(exposed, on)
}

// Endpoints returns the ports of the services that tests use, those first that the Compose files name.
func (m *Memory) Endpoints(ctx context.Context) (all []deploy.Endpoint, err error) {
	model, err := m.Load(ctx)
	if err != nil {
		return nil, err
	}
	m.world.mu.Lock()
	defer m.world.mu.Unlock()
	for _, service := range m.Environment.Ephemeral.Services {
		if containers := m.ofService(service); len(containers) > 0 {
			all = append(all, m.endpoints(service, containers[0].bindings, model.ReachablePorts(service))...)
		}
	}
	return all, ctx.Err()
}

// endpoints returns the ports of a container, each with the addresses that it is published on.
func (m *Memory) endpoints(service string, bound []binding, named []string) (all []deploy.Endpoint) {
	ports := slices.Clone(named)
	for _, b := range bound {
		if !slices.Contains(ports, b.private) {
			ports = append(ports, b.private)
		}
	}
	for _, port := range ports {
		number, protocol, _ := strings.Cut(port, "/")
		one := deploy.Endpoint{Service: service, Protocol: protocol}
		one.Port, _ = strconv.Atoi(number)
		for _, b := range bound {
			if b.private == port {
				m.addAddress(&one, b)
			}
		}
		if one.Host != "" || one.Contained != "" {
			all = append(all, one)
		}
	}
	return all
}

// addAddress adds an address to an endpoint.
func (m *Memory) addAddress(e *deploy.Endpoint, b binding) {
	switch {
	case m.Environment.Machine != "":
		e.Host = net.JoinHostPort(m.Environment.Machine, strconv.Itoa(b.port))
		e.Contained = e.Host
	case b.host == loopback:
		e.Host = b.String()
	default:
		e.Contained = b.String()
	}
}

// PruneStale removes the ephemeral environments of davits that were killed.
func (m *Memory) PruneStale(ctx context.Context) error {
	m.world.mu.Lock()
	var stale []string
	for project, owner := range m.engine.ephemerals {
		if owner.Exited() || m.world.now.After(owner.expires) {
			stale = append(stale, project)
		}
	}
	m.world.mu.Unlock()
	for _, project := range stale {
		other := *m
		other.project, other.Environment.Ephemeral = project, &release.Ephemeral{}
		if err := other.Destroy(ctx, deploy.DestroyOptions{}); err != nil {
			return err
		}
	}
	return nil
}
