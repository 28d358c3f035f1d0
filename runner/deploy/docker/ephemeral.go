package docker

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/self"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/compose"
	"github.com/davit-dev/davit/runner/deploy/docker/containers"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
)

const (
	// ephemeralLifetime is how long an ephemeral environment lasts whose davit may still run on another
	// machine.
	ephemeralLifetime = 24 * time.Hour
	// removalAttempts is how often the engine is asked again: a request from before a Ctrl-C may take effect
	// after it.
	removalAttempts = 5
	loopback        = "127.0.0.1"
)

// An ephemeralOwner is the process that an ephemeral environment belongs to.
type ephemeralOwner struct {
	self.Process
	Expires time.Time `json:"expires"`
}

// labelEphemeral labels everything in an ephemeral environment with its owner, so that another davit knows
// whether it is stale.
func (a *apply) labelEphemeral(p *types.Project) {
	if a.backend.Environment.Ephemeral == nil {
		return
	}
	text, _ := json.Marshal(ephemeralOwner{self.Get(), a.backend.Now().Add(ephemeralLifetime)}) // texts and numbers always marshal
	for name, s := range p.Services {
		s.CustomLabels = s.CustomLabels.Add(label.Ephemeral, string(text)).Add(label.Environment, a.backend.Environment.Ephemeral.Name)
		p.Services[name] = s
	}
	for name, n := range p.Networks {
		n.CustomLabels = n.CustomLabels.Add(label.Ephemeral, string(text))
		p.Networks[name] = n
	}
	for name, v := range p.Volumes {
		v.CustomLabels = v.CustomLabels.Add(label.Ephemeral, string(text))
		p.Volumes[name] = v
	}
}

// publish publishes the ports of the services that tests use: for programs on this machine on its loopback
// address, and for containers of builds on that of the engine's bridge, which nobody outside of the machine
// reaches. An engine on another machine publishes to all.
func (b *Backend) publish(ctx context.Context, m *compose.Model) (*compose.Model, error) {
	exposed := map[string][]string{}
	for _, service := range b.Environment.Ephemeral.Services {
		i, err := b.engine.ImageInspect(ctx, m.Images()[service].Ref())
		if err != nil {
			return nil, err
		}
		if i.Config != nil {
			for port := range i.Config.ExposedPorts {
				exposed[service] = append(exposed[service], port)
			}
		}
		slices.SortFunc(exposed[service], byNumber)
	}
	switch {
	case b.Environment.Machine != "":
		return m.Publish(exposed, []string{"0.0.0.0"})
	case !b.Environment.Ephemeral.FromContainers:
		return m.Publish(exposed, []string{loopback})
	}
	bridge, err := b.bridge(ctx)
	if err != nil {
		return nil, err
	}
	return m.Publish(exposed, []string{loopback, bridge})
}

// bridge returns the address by which containers reach the machine of the engine. An engine that was started
// for the first time gives its bridge a subnet and, until it is restarted, no gateway; the bridge has the
// first address all the same.
func (b *Backend) bridge(ctx context.Context) (string, error) {
	n, err := b.engine.NetworkInspect(ctx, "bridge", client.NetworkInspectOptions{})
	if ignoreNotFound(err) != nil {
		return "", err
	}
	for _, c := range n.Network.IPAM.Config {
		if address := gateway(c); address.Is4() {
			return address.String(), nil
		}
	}
	return "", fault.Preconditionf("--on host runs the tests on this machine", "steps in containers cannot reach services: the engine has no network \"bridge\"")
}

// gateway returns the gateway of a subnet, or its first address where none is given.
func gateway(c network.IPAMConfig) netip.Addr {
	if c.Gateway.IsValid() || !c.Subnet.IsValid() {
		return c.Gateway
	}
	return c.Subnet.Masked().Addr().Next()
}

// byNumber orders ports, "5432/tcp".
func byNumber(a, b string) int {
	number := func(port string) int {
		text, _, _ := strings.Cut(port, "/")
		n, _ := strconv.Atoi(text)
		return n
	}
	return cmp.Or(cmp.Compare(number(a), number(b)), cmp.Compare(a, b))
}

// Endpoints returns the ports of the services that tests use, in the order of the Compose files.
func (b *Backend) Endpoints(ctx context.Context) (all []deploy.Endpoint, err error) {
	m, err := b.load(ctx)
	if err != nil {
		return nil, err
	}
	for _, service := range b.Environment.Ephemeral.Services {
		list, err := b.engine.ContainerList(ctx, client.ContainerListOptions{Filters: ofService(b.project, service)})
		if err != nil {
			return nil, err
		}
		for _, c := range list.Items[:min(len(list.Items), 1)] {
			all = append(all, b.endpoints(service, c.Ports, m.ReachablePorts(service))...)
		}
	}
	return all, nil
}

// endpoints returns the ports of a container. Those that the files name come first.
func (b *Backend) endpoints(service string, bound []container.PortSummary, named []string) (all []deploy.Endpoint) {
	endpoints := map[string]*deploy.Endpoint{}
	ports := slices.Clone(named)
	for _, p := range bound {
		if p.PublicPort == 0 {
			continue
		}
		port := strconv.Itoa(int(p.PrivatePort)) + "/" + p.Type
		if endpoints[port] == nil {
			endpoints[port] = &deploy.Endpoint{Service: service, Port: int(p.PrivatePort), Protocol: p.Type}
		}
		b.bind(endpoints[port], p)
		if !slices.Contains(named, port) && !slices.Contains(ports, port) {
			ports = append(ports, port)
		}
	}
	slices.SortFunc(ports[len(named):], byNumber)
	for _, port := range ports {
		if e := endpoints[port]; e != nil {
			all = append(all, *e)
		}
	}
	return all
}

// bind adds an address to an endpoint.
func (b *Backend) bind(e *deploy.Endpoint, p container.PortSummary) {
	public := strconv.Itoa(int(p.PublicPort))
	switch {
	case b.Environment.Machine != "":
		e.Host = net.JoinHostPort(b.Environment.Machine, public)
		e.Contained = e.Host
	case p.IP.IsLoopback():
		e.Host = net.JoinHostPort(loopback, public)
	default:
		e.Contained = net.JoinHostPort(p.IP.String(), public)
	}
}

// PruneStale removes the ephemeral environments of davits that were killed.
func (b *Backend) PruneStale(ctx context.Context) error {
	stale, err := b.listResources(ctx, client.Filters{}.Add("label", label.Ephemeral))
	if err != nil {
		return err
	}
	var errs []error
	for _, project := range stale.staleProjects(b.Now()) {
		errs = append(errs, b.removeEphemeral(ctx, project))
	}
	return errors.Join(errs...)
}

// A resourceSet is containers, networks and volumes on an engine, with their labels, by id or name.
type resourceSet struct{ containers, networks, volumes map[string]map[string]string }

func (r resourceSet) all() []map[string]map[string]string {
	return []map[string]map[string]string{r.containers, r.networks, r.volumes}
}

func (r resourceSet) empty() bool { return len(r.containers)+len(r.networks)+len(r.volumes) == 0 }

// staleProjects returns the projects whose davit has exited, or whose lifetime is over. A label that nobody
// can read is left alone.
func (r resourceSet) staleProjects(now time.Time) (projects []string) {
	for _, things := range r.all() {
		for _, labels := range things {
			var by ephemeralOwner
			if json.Unmarshal([]byte(labels[label.Ephemeral]), &by) == nil && (by.Exited() || now.After(by.Expires)) && labels[api.ProjectLabel] != "" {
				projects = append(projects, labels[api.ProjectLabel])
			}
		}
	}
	slices.Sort(projects)
	return slices.Compact(projects)
}

func (b *Backend) listResources(ctx context.Context, f client.Filters) (resourceSet, error) {
	r := resourceSet{map[string]map[string]string{}, map[string]map[string]string{}, map[string]map[string]string{}}
	containers, err := b.engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: f})
	for _, c := range containers.Items {
		r.containers[c.ID] = c.Labels
	}
	if err != nil {
		return r, err
	}
	networks, err := b.engine.NetworkList(ctx, client.NetworkListOptions{Filters: f})
	for _, n := range networks.Items {
		r.networks[n.ID] = n.Labels
	}
	if err != nil {
		return r, err
	}
	volumes, err := b.engine.VolumeList(ctx, client.VolumeListOptions{Filters: f})
	for _, v := range volumes.Items {
		r.volumes[v.Name] = v.Labels
	}
	return r, err
}

// removeEphemeral removes everything of an ephemeral environment at once: nobody needs it any more.
func (b *Backend) removeEphemeral(ctx context.Context, project string) error {
	var last error
	for range removalAttempts {
		r, err := b.listResources(ctx, ofProject(project).Add("label", label.Ephemeral))
		if err != nil || r.empty() {
			return err
		}
		last = b.removeAll(ctx, r)
		if err := pause(ctx, pollInterval); err != nil {
			return err
		}
	}
	return last
}

// removeAll removes containers first, as they hold the others. What somebody else is just removing is no
// error.
func (b *Backend) removeAll(ctx context.Context, r resourceSet) error {
	err := inParallel(sorted(r.containers), func(_ int, id string) error {
		return containers.Remove(ctx, b.engine, id, true)
	})
	return errors.Join(err, inParallel(sorted(r.networks), func(_ int, id string) error {
		_, err := b.engine.NetworkRemove(ctx, id, client.NetworkRemoveOptions{})
		return ignoreNotFound(err)
	}), inParallel(sorted(r.volumes), func(_ int, name string) error {
		_, err := b.engine.VolumeRemove(ctx, name, client.VolumeRemoveOptions{})
		return ignoreNotFound(err)
	}))
}
