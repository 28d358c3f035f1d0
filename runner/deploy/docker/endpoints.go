package docker

import (
	"cmp"
	"context"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/compose"
)

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
	return "", fault.Preconditionf(
		"--on host runs the tests on this machine",
		"steps in containers cannot reach services: the engine has no network \"bridge\"")
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
		list, err := b.engine.ContainerList(ctx, client.ContainerListOptions{
			Filters: ofService(b.project, service),
		})
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
func (b *Backend) endpoints(
	service string, bound []container.PortSummary, named []string,
) (all []deploy.Endpoint) {
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
