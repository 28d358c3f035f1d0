package docker

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"sync"

	"github.com/davit-dev/davit/runner/deploy/docker/containers"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/docker/networks"
	"github.com/davit-dev/davit/runner/deploy/release"
	"github.com/moby/moby/api/types/container"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
)

// A guard is the client of the SDK. It changes some of the calls, which come from several goroutines.
type guard struct {
	client.APIClient
	project string
	owner   owner
	// mark is on everything that is created; see beginChange.
	mark string
	// placements say how containers of services are created.
	placements map[string]placement
	// release is what the services are created for.
	release release.Model
	// reserved are addresses of containers that are gone, by networks, which those get that replace them.
	reserved map[string]map[netip.Addr]bool
	// assigned are addresses of containers that are being created, by networks.
	assigned  map[string]map[netip.Addr]bool
	numbering sync.Mutex // held while containers with numbers of davit's are created
	mu        sync.Mutex
	// created are the containers that the guard has created, by id.
	created map[string]endpoint
	// hidden are the containers that the SDK does not see, by id.
	hidden map[string]bool
	// removals are those of containers that others have replaced.
	removals removals
	// retire quarantines a container instead of removing it, and reports whether it did.
	retire func(ctx context.Context, id string) (bool, error)
}

func newGuard(c client.APIClient, project string, m release.Model) *guard {
	return &guard{
		APIClient: c, project: project, release: m, placements: map[string]placement{}, reserved: map[string]map[netip.Addr]bool{},
		assigned: map[string]map[netip.Addr]bool{}, created: map[string]endpoint{},
		hidden: map[string]bool{},
		retire: func(context.Context, string) (bool, error) { return false, nil },
	}
}

// ContainerStop stops a container. A stop that has begun is not cancelled: the engine goes on with it, and
// would end a container that davit has just called healthy again.
func (g *guard) ContainerStop(
	ctx context.Context, id string, o client.ContainerStopOptions,
) (client.ContainerStopResult, error) {
	if err := ctx.Err(); err != nil {
		return client.ContainerStopResult{}, err
	}
	return g.APIClient.ContainerStop(context.WithoutCancel(ctx), id, o)
}

// ContainerStart starts a container. A container that is gone may still have its name on a network: it loses that, and
// the container is started once more.
func (g *guard) ContainerStart(
	ctx context.Context, id string, o client.ContainerStartOptions,
) (client.ContainerStartResult, error) {
	r, err := g.APIClient.ContainerStart(ctx, id, o)
	if err != nil && g.freeNetworks(ctx, id) {
		return g.APIClient.ContainerStart(ctx, id, o)
	}
	return r, err
}

// freeNetworks disconnects the containers that are gone from the networks of a container, and reports whether there
// were any.
func (g *guard) freeNetworks(ctx context.Context, id string) (freed bool) {
	c, err := g.ContainerInspect(ctx, id, client.ContainerInspectOptions{})
	if err != nil || c.Container.NetworkSettings == nil {
		return false
	}
	for network := range c.Container.NetworkSettings.Networks {
		freed = networks.Free(ctx, g.APIClient, network) || freed
	}
	return freed
}

// ContainerRestart restarts a container. It is not cancelled either.
func (g *guard) ContainerRestart(
	ctx context.Context, id string, o client.ContainerRestartOptions,
) (client.ContainerRestartResult, error) {
	if err := ctx.Err(); err != nil {
		return client.ContainerRestartResult{}, err
	}
	return g.APIClient.ContainerRestart(context.WithoutCancel(ctx), id, o)
}

// ContainerCreate gives a container an address of its own, or that of the one that it replaces, on each network
// of davit's, and does what the placement of its service says. Only those that get a number are created one by one. It is
// not cancelled: the engine would create the container all the same, and nobody would know of it.
func (g *guard) ContainerCreate(
	ctx context.Context, o client.ContainerCreateOptions,
) (client.ContainerCreateResult, error) {
	p := g.placement(o.Config.Labels[api.ServiceLabel])
	if p.beside {
		g.numbering.Lock()
		defer g.numbering.Unlock()
	}
	e, err := g.prepare(ctx, &o, p)
	if err = cmp.Or(ctx.Err(), err); err != nil {
		return client.ContainerCreateResult{}, err
	}
	r, err := g.APIClient.ContainerCreate(context.WithoutCancel(ctx), o)
	g.mu.Lock()
	defer g.mu.Unlock()
	if err == nil {
		g.created[r.ID] = e
	}
	if o.NetworkingConfig != nil {
		for name, settings := range o.NetworkingConfig.EndpointsConfig {
			g.unassign(name, settings)
		}
	}
	return r, err
}

// prepare changes a container that is about to be created.
func (g *guard) prepare(ctx context.Context, o *client.ContainerCreateOptions, p placement) (e endpoint, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	o.Config.Labels = g.marked(o.Config.Labels)
	if p.surge {
		o.Config.Labels[label.Surge] = "true"
	}
	c := p.claim(o.Config.Labels[api.ContainerNumberLabel])
	e = endpoint{silent: p.silent, addresses: c.addresses}
	keepPorts(o, c.ports)
	if err := g.leaveShared(ctx, o); err != nil {
		return e, err
	}
	limitShares(o, g.release)
	if p.beside {
		if err := g.assignNumber(ctx, o, o.Config.Labels[api.ServiceLabel]); err != nil {
			return e, err
		}
	}
	if o.NetworkingConfig == nil {
		return e, nil
	}
	for name, settings := range o.NetworkingConfig.EndpointsConfig {
		err = errors.Join(err, g.connecting(ctx, name, settings, e))
	}
	return e, err
}

// VolumeCreate marks a volume as one of this change.
func (g *guard) VolumeCreate(
	ctx context.Context, o client.VolumeCreateOptions,
) (client.VolumeCreateResult, error) {
	o.Labels = g.marked(o.Labels)
	return g.APIClient.VolumeCreate(ctx, o)
}

// marked returns labels with the mark of the change.
func (g *guard) marked(labels map[string]string) map[string]string {
	all := map[string]string{}
	maps.Copy(all, labels)
	if g.mark != "" {
		all[label.Change] = g.mark
	}
	return all
}

// assignNumber renames a container that is about to be created: numbers do not grow with each deploy.
func (g *guard) assignNumber(ctx context.Context, o *client.ContainerCreateOptions, service string) error {
	existing, err := g.APIClient.ContainerList(ctx, client.ContainerListOptions{
		All: true, Filters: ofService(g.project, service),
	})
	if err != nil {
		return err
	}
	used := map[string]bool{}
	for _, c := range existing.Items {
		used[c.Labels[api.ContainerNumberLabel]] = used[c.Labels[api.ContainerNumberLabel]] ||
			!isQuarantined(g.project, c)
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

// NetworkConnect does the same as ContainerCreate: an engine of before API 1.44 connects a container to its
// second network in this way.
func (g *guard) NetworkConnect(
	ctx context.Context, id string, o client.NetworkConnectOptions,
) (client.NetworkConnectResult, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if e, own := g.created[o.Container]; own && o.EndpointConfig != nil {
		defer g.unassign(id, o.EndpointConfig)
		if err := g.connecting(ctx, id, o.EndpointConfig, e); err != nil {
			return client.NetworkConnectResult{}, err
		}
	}
	return g.APIClient.NetworkConnect(ctx, id, o)
}

// ContainerList hides from the SDK the containers of others and those in quarantine, and those that it must
// not touch now.
func (g *guard) ContainerList(
	ctx context.Context, o client.ContainerListOptions,
) (client.ContainerListResult, error) {
	list, err := g.APIClient.ContainerList(ctx, o)
	g.mu.Lock()
	defer g.mu.Unlock()
	list.Items = slices.DeleteFunc(
		list.Items, func(c container.Summary) bool {
			return g.hidden[c.ID] || !g.owner.container(c) || isQuarantined(g.project, c)
		})
	return list, err
}

// ContainerRemove quarantines a container that has a finding. The SDK removes one when it has created another
// for it. Where that takes a moment, the other one starts meanwhile: the SDK only needs the name.
func (g *guard) ContainerRemove(
	ctx context.Context, id string, o client.ContainerRemoveOptions,
) (client.ContainerRemoveResult, error) {
	done, err := g.retire(ctx, id)
	if done || err != nil {
		return client.ContainerRemoveResult{}, err
	}
	if !containers.Waits(ctx, g.APIClient, id) || g.leaveName(ctx, id) != nil {
		return client.ContainerRemoveResult{}, containers.Remove(ctx, g.APIClient, id, o.RemoveVolumes)
	}
	g.removals.begin(func() error {
		return containers.Remove(context.WithoutCancel(ctx), g.APIClient, id, o.RemoveVolumes)
	})
	return client.ContainerRemoveResult{}, nil
}

// leaveName gives a container that is about to be removed another name, and hides it from the SDK.
func (g *guard) leaveName(ctx context.Context, id string) error {
	_, err := g.APIClient.ContainerRename(ctx, id, client.ContainerRenameOptions{NewName: "davit-removing-" + id[:12]})
	if err == nil {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.hidden[id] = true
	}
	return err
}

// hide hides containers from the SDK, or shows them again.
func (g *guard) hide(all []observedContainer, hidden bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, f := range all {
		g.hidden[f.ID] = hidden
	}
}
