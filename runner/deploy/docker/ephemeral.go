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
	// lifetime is how long a trial lasts of whose davit nobody on another machine can tell whether it still runs.
	lifetime = 24 * time.Hour
	// rounds are how often is looked for what is left of a trial: what was asked for before a Ctrl-C may come after it.
	rounds = 5
	here   = "127.0.0.1"
)

// ephemeralOwner is the davit that a trial is of.
type ephemeralOwner struct {
	self.Process
	Expires time.Time `json:"expires"`
}

// mark labels all of a trial, so that another davit knows whether it is still wanted.
func (a *apply) mark(p *types.Project) {
	if a.t.Environment.Ephemeral == nil {
		return
	}
	text, _ := json.Marshal(ephemeralOwner{self.Get(), a.t.Now().Add(lifetime)}) // texts and numbers always marshal
	for name, s := range p.Services {
		s.CustomLabels = s.CustomLabels.Add(label.Ephemeral, string(text)).Add(label.Environment, a.t.Environment.Ephemeral.Name)
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

// publish has the services that tests use published where these reach them: programs on this machine by its own address, and containers
// of builds by that of the engine's bridge, which nobody outside of the machine has. An engine on another machine publishes to all.
func (t *Target) publish(ctx context.Context, m *compose.Model) (*compose.Model, error) {
	exposed := map[string][]string{}
	for _, service := range t.Environment.Ephemeral.Services {
		i, err := t.engine.ImageInspect(ctx, m.Images()[service].Ref())
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
	case t.Environment.Machine != "":
		return m.Publish(exposed, []string{"0.0.0.0"})
	case !t.Environment.Ephemeral.FromContainers:
		return m.Publish(exposed, []string{here})
	}
	bridge, err := t.bridge(ctx)
	if err != nil {
		return nil, err
	}
	return m.Publish(exposed, []string{here, bridge})
}

// bridge returns the address by which containers know the machine of the engine. An engine that was started for the first time gives its
// bridge a subnet and, until it is restarted, no gateway; the bridge has the first address all the same.
func (t *Target) bridge(ctx context.Context) (string, error) {
	n, err := t.engine.NetworkInspect(ctx, "bridge", client.NetworkInspectOptions{})
	if gone(err) != nil {
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

// Endpoints are the ports of the services that tests use, in the order of the Compose files where these name them.
func (t *Target) Endpoints(ctx context.Context) (all []deploy.Endpoint, err error) {
	m, err := t.load(ctx)
	if err != nil {
		return nil, err
	}
	for _, service := range t.Environment.Ephemeral.Services {
		list, err := t.engine.ContainerList(ctx, client.ContainerListOptions{Filters: ofService(t.project, service)})
		if err != nil {
			return nil, err
		}
		for _, c := range list.Items[:min(len(list.Items), 1)] {
			all = append(all, t.endpoints(service, c.Ports, m.Reached(service))...)
		}
	}
	return all, nil
}

// endpoints are the ports of a container, those first that files name.
func (t *Target) endpoints(service string, bound []container.PortSummary, named []string) (all []deploy.Endpoint) {
	found := map[string]*deploy.Endpoint{}
	ports := slices.Clone(named)
	for _, p := range bound {
		if p.PublicPort == 0 {
			continue
		}
		port := strconv.Itoa(int(p.PrivatePort)) + "/" + p.Type
		if found[port] == nil {
			found[port] = &deploy.Endpoint{Service: service, Port: int(p.PrivatePort), Protocol: p.Type}
		}
		t.bind(found[port], p)
		if !slices.Contains(named, port) && !slices.Contains(ports, port) {
			ports = append(ports, port)
		}
	}
	slices.SortFunc(ports[len(named):], byNumber)
	for _, port := range ports {
		if e := found[port]; e != nil {
			all = append(all, *e)
		}
	}
	return all
}

// bind adds an address to an endpoint.
func (t *Target) bind(e *deploy.Endpoint, p container.PortSummary) {
	public := strconv.Itoa(int(p.PublicPort))
	switch {
	case t.Environment.Machine != "":
		e.Host = net.JoinHostPort(t.Environment.Machine, public)
		e.Contained = e.Host
	case p.IP.IsLoopback():
		e.Host = net.JoinHostPort(here, public)
	default:
		e.Contained = net.JoinHostPort(p.IP.String(), public)
	}
}

// PruneStale removes what trials have left whose davit was killed.
func (t *Target) PruneStale(ctx context.Context) error {
	left, err := t.marked(ctx, client.Filters{}.Add("label", label.Ephemeral))
	if err != nil {
		return err
	}
	var errs []error
	for _, project := range left.abandoned(t.Now()) {
		errs = append(errs, t.discard(ctx, project))
	}
	return errors.Join(errs...)
}

// remains are things on an engine, with their labels, by what removes them.
type remains struct{ containers, networks, volumes map[string]map[string]string }

func (r remains) all() []map[string]map[string]string {
	return []map[string]map[string]string{r.containers, r.networks, r.volumes}
}

func (r remains) empty() bool { return len(r.containers)+len(r.networks)+len(r.volumes) == 0 }

// abandoned are the projects whose davit runs no more, or whose time is over. What has a mark that nobody can read is left alone.
func (r remains) abandoned(now time.Time) (projects []string) {
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

func (t *Target) marked(ctx context.Context, f client.Filters) (remains, error) {
	r := remains{map[string]map[string]string{}, map[string]map[string]string{}, map[string]map[string]string{}}
	containers, err := t.engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: f})
	for _, c := range containers.Items {
		r.containers[c.ID] = c.Labels
	}
	if err != nil {
		return r, err
	}
	networks, err := t.engine.NetworkList(ctx, client.NetworkListOptions{Filters: f})
	for _, n := range networks.Items {
		r.networks[n.ID] = n.Labels
	}
	if err != nil {
		return r, err
	}
	volumes, err := t.engine.VolumeList(ctx, client.VolumeListOptions{Filters: f})
	for _, v := range volumes.Items {
		r.volumes[v.Name] = v.Labels
	}
	return r, err
}

// discard removes a trial with all that it has, at once: nothing of it is of use to anybody.
func (t *Target) discard(ctx context.Context, project string) error {
	var last error
	for range rounds {
		r, err := t.marked(ctx, ofProject(project).Add("label", label.Ephemeral))
		if err != nil || r.empty() {
			return err
		}
		last = t.removeAll(ctx, r)
		if err := pause(ctx, glance); err != nil {
			return err
		}
	}
	return last
}

// removeAll removes things, containers first, as the others are held by them. What somebody else removes just now is no error.
func (t *Target) removeAll(ctx context.Context, r remains) error {
	err := each(sorted(r.containers), func(_ int, id string) error {
		return containers.Remove(ctx, t.engine, id, true)
	})
	return errors.Join(err, each(sorted(r.networks), func(_ int, id string) error {
		_, err := t.engine.NetworkRemove(ctx, id, client.NetworkRemoveOptions{})
		return gone(err)
	}), each(sorted(r.volumes), func(_ int, name string) error {
		_, err := t.engine.VolumeRemove(ctx, name, client.VolumeRemoveOptions{})
		return gone(err)
	}))
}
