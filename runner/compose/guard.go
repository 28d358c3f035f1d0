package compose

import (
	"context"
	"slices"
	"strconv"
	"sync"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
)

// subnetLabel marks a network whose subnet was written out, so that a container may ask for its address again.
const subnetLabel = "dev.davit.subnet"

// guard sees each call by which the SDK changes something. The SDK calls it from several goroutines.
type guard struct {
	client.APIClient
	project string
	// hold are the services whose new containers are to have no names in DNS yet.
	hold    map[string]bool
	mu      sync.Mutex
	holding map[string]bool // containers that were made so, by id
	hidden  map[string]bool // containers that the SDK does not see, by id
	// retire does what is to be done instead of removing a container, and tells whether it was.
	retire func(ctx context.Context, id string) (bool, error)
}

func newGuard(c client.APIClient, project string) *guard {
	return &guard{
		APIClient: c, project: project, hold: map[string]bool{}, holding: map[string]bool{}, hidden: map[string]bool{},
		retire: func(context.Context, string) (bool, error) { return false, nil },
	}
}

// keep sets whether new containers of a service are held.
func (g *guard) keep(service string, held bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hold[service] = held
}

// ContainerCreate gives a container that stands beside older ones the lowest free number, and takes its names away.
func (g *guard) ContainerCreate(ctx context.Context, o client.ContainerCreateOptions) (client.ContainerCreateResult, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	service := o.Config.Labels[api.ServiceLabel]
	held, beside := g.hold[service]
	if !beside {
		return g.APIClient.ContainerCreate(ctx, o)
	}
	if err := g.number(ctx, &o, service); err != nil {
		return client.ContainerCreateResult{}, err
	}
	if held {
		silence(o.NetworkingConfig)
	}
	r, err := g.APIClient.ContainerCreate(ctx, o)
	g.holding[r.ID] = held && err == nil
	return r, err
}

// number renames a container that is about to be made: numbers do not grow with each deploy.
func (g *guard) number(ctx context.Context, o *client.ContainerCreateOptions, service string) error {
	there, err := g.APIClient.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ofService(g.project, service)})
	if err != nil {
		return err
	}
	used := map[string]bool{}
	for _, c := range there.Items {
		used[c.Labels[api.ContainerNumberLabel]] = used[c.Labels[api.ContainerNumberLabel]] || !isAside(g.project, c)
	}
	n := 1
	for used[strconv.Itoa(n)] {
		n++
	}
	was := o.Name
	o.Name = g.project + api.Separator + service + api.Separator + strconv.Itoa(n)
	o.Config.Labels[api.ContainerNumberLabel] = strconv.Itoa(n)
	rename(o.NetworkingConfig, was, o.Name)
	return nil
}

func rename(n *network.NetworkingConfig, was, is string) {
	if n == nil {
		return
	}
	for _, e := range n.EndpointsConfig {
		if i := slices.Index(e.Aliases, was); i >= 0 {
			e.Aliases[i] = is
		}
	}
}

func silence(n *network.NetworkingConfig) {
	if n == nil {
		return
	}
	for _, e := range n.EndpointsConfig {
		e.Aliases = nil
	}
}

// NetworkConnect is how an engine of before API 1.44 gives a container its second network.
func (g *guard) NetworkConnect(ctx context.Context, id string, o client.NetworkConnectOptions) (client.NetworkConnectResult, error) {
	g.mu.Lock()
	held := g.holding[o.Container]
	g.mu.Unlock()
	if held && o.EndpointConfig != nil {
		o.EndpointConfig.Aliases = nil
	}
	return g.APIClient.NetworkConnect(ctx, id, o)
}

// NetworkCreate makes the subnet that the engine chose one that was asked for: only then may a container ask for its address again.
func (g *guard) NetworkCreate(ctx context.Context, name string, o client.NetworkCreateOptions) (client.NetworkCreateResult, error) {
	r, err := g.APIClient.NetworkCreate(ctx, name, o)
	if err != nil || o.IPAM != nil && len(o.IPAM.Config) > 0 {
		return r, err
	}
	i, err := g.NetworkInspect(ctx, r.ID, client.NetworkInspectOptions{})
	if err != nil || len(i.Network.IPAM.Config) == 0 {
		return r, err
	}
	if _, err := g.NetworkRemove(ctx, r.ID, client.NetworkRemoveOptions{}); err != nil {
		return r, err
	}
	o.IPAM = &network.IPAM{Driver: i.Network.IPAM.Driver, Options: i.Network.IPAM.Options, Config: i.Network.IPAM.Config}
	if o.Labels == nil {
		o.Labels = map[string]string{}
	}
	o.Labels[subnetLabel] = "chosen"
	return g.APIClient.NetworkCreate(ctx, name, o)
}

// let ends what keep began.
func (g *guard) let(service string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.hold, service)
}
