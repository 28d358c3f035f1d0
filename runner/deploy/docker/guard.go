package docker

import (
	"context"
	"slices"
	"strconv"
	"sync"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
)

// guard sees each call by which the SDK changes something. The SDK calls it from several goroutines.
type guard struct {
	client.APIClient
	project string
	// replacing are the services whose new containers are to have no names in DNS yet.
	replacing map[string]bool
	mu        sync.Mutex
	withheld  map[string]bool // containers that were made so, by id
	hidden    map[string]bool // containers that the SDK does not see, by id
	// retire does what is to be done instead of removing a container, and tells whether it was.
	retire func(ctx context.Context, id string) (bool, error)
}

func newGuard(c client.APIClient, project string) *guard {
	return &guard{
		APIClient: c, project: project, replacing: map[string]bool{}, withheld: map[string]bool{}, hidden: map[string]bool{},
		retire: func(context.Context, string) (bool, error) { return false, nil },
	}
}

// beginReplacing sets whether new containers of a service are held.
func (g *guard) beginReplacing(service string, held bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.replacing[service] = held
}

// ContainerCreate gives a container that stands beside older ones the lowest free number, and takes its names away.
func (g *guard) ContainerCreate(ctx context.Context, o client.ContainerCreateOptions) (client.ContainerCreateResult, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	service := o.Config.Labels[api.ServiceLabel]
	held, beside := g.replacing[service]
	if !beside {
		return g.APIClient.ContainerCreate(ctx, o)
	}
	if err := g.assignNumber(ctx, &o, service); err != nil {
		return client.ContainerCreateResult{}, err
	}
	if held {
		if err := g.withholdNames(ctx, o.NetworkingConfig); err != nil {
			return client.ContainerCreateResult{}, err
		}
	}
	r, err := g.APIClient.ContainerCreate(ctx, o)
	g.withheld[r.ID] = held && err == nil
	return r, err
}

// assignNumber renames a container that is about to be made: numbers do not grow with each deploy.
func (g *guard) assignNumber(ctx context.Context, o *client.ContainerCreateOptions, service string) error {
	existing, err := g.APIClient.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ofService(g.project, service)})
	if err != nil {
		return err
	}
	used := map[string]bool{}
	for _, c := range existing.Items {
		used[c.Labels[api.ContainerNumberLabel]] = used[c.Labels[api.ContainerNumberLabel]] || !isQuarantined(g.project, c)
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

// withholdNames takes the names of a container away, and gives it addresses with which it can be put back on its networks.
func (g *guard) withholdNames(ctx context.Context, n *network.NetworkingConfig) error {
	if n == nil {
		return nil
	}
	for name, e := range n.EndpointsConfig {
		e.Aliases = nil
		if err := g.assignAddress(ctx, name, e); err != nil {
			return err
		}
	}
	return nil
}

// NetworkConnect is how an engine of before API 1.44 gives a container its second network.
func (g *guard) NetworkConnect(ctx context.Context, id string, o client.NetworkConnectOptions) (client.NetworkConnectResult, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.withheld[o.Container] && o.EndpointConfig != nil {
		o.EndpointConfig.Aliases = nil
		if err := g.assignAddress(ctx, id, o.EndpointConfig); err != nil {
			return client.NetworkConnectResult{}, err
		}
	}
	return g.APIClient.NetworkConnect(ctx, id, o)
}

// endReplacing ends what keep began.
func (g *guard) endReplacing(service string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.replacing, service)
}
