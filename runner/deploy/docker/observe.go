package docker

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/containerd/errdefs"
	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/image"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Observe returns the live state of the environment.
func (b *Backend) Observe(ctx context.Context, o deploy.ObserveOptions) (release.Observed, error) {
	all, there, err := b.list(ctx, nil, ofProject(b.project))
	if err != nil {
		return release.Observed{}, err
	}
	own, err := b.ownerOf(ctx, all) // after the lists: what is made is marked in a record before
	if err != nil {
		return release.Observed{}, err
	}
	l := &observation{backend: b, owner: own}
	r := release.Observed{
		Folder:     b.Environment.Dir,
		Model:      release.Model{Project: b.project, Services: map[string]release.Service{}},
		Containers: map[string][]release.Container{},
	}
	r.Model.Networks, r.Model.Volumes = l.observeNetworks(there.networks), l.observeVolumes(there.volumes)
	ours := own.services(all)
	if err := l.inspect(ctx, ours, o.Includes); err != nil {
		return r, err
	}
	if l.sources, err = b.foreignSources(ctx, l.containers); err != nil {
		return r, err
	}
	l.addExternal(r.Model)
	l.groupServices(&r)
	r.Unmanaged, r.Guests, r.Quarantined = l.unmanaged(all), l.guests(all), l.owner.quarantined(all)
	r.Adoptable, r.Floating = l.adoptable, floating(l.listed, ours)
	for _, c := range ours {
		if !l.owner.container(c) {
			r.Adoptable = append(r.Adoptable, containerThing(c))
		}
	}
	release.SortThings(r.Adoptable)
	if own.record != nil {
		r.Unnamed = own.record.Unnamed
	}
	r.Duplicates, err = b.duplicates(ctx, all)
	return r, err
}

// inspect loads the details of containers and of their images.
func (l *observation) inspect(ctx context.Context, all []container.Summary, files func(service string) bool) error {
	var ids []string
	for _, c := range all {
		ids = append(ids, c.ImageID)
	}
	return atOnce(
		func() (err error) { l.containers, err = l.backend.inspect(ctx, all, files); return err },
		func() (err error) { l.images, err = l.backend.inspectImages(ctx, ids); return err })
}

// containers returns the containers of the environment's services.
func (b *Backend) containers(ctx context.Context) ([]container.Summary, error) {
	all, err := b.engine.ContainerList(ctx, client.ContainerListOptions{
		All: true, Filters: ofProject(b.project),
	})
	if err != nil {
		return nil, err
	}
	o, err := b.ownerOf(ctx, all.Items)
	return o.services(all.Items), err
}

// inspect returns the details of containers, and the files that those of some services have changed; nil is for none. It
// leaves out a container that has just been removed.
func (b *Backend) inspect(
	ctx context.Context, all []container.Summary, files func(service string) bool,
) ([]observedContainer, error) {
	inspected := make([]observedContainer, len(all))
	err := inParallel(all, func(i int, one container.Summary) (err error) {
		c, err := b.engine.ContainerInspect(ctx, one.ID, client.ContainerInspectOptions{})
		if err != nil {
			return ignoreNotFound(err)
		}
		inspected[i].InspectResponse = c.Container
		if inspected[i].key, _, err = b.keys.Find(ctx, c.Container.Config.Labels[label.KeyID]); err != nil {
			return err
		}
		if files != nil && files(inspected[i].label(api.ServiceLabel)) {
			inspected[i].changed, err = b.changedFiles(ctx, inspected[i])
		}
		return err
	})
	inspected = slices.DeleteFunc(inspected, func(f observedContainer) bool { return f.ID == "" })
	b.see(inspected)
	slices.SortFunc(inspected, func(a, b observedContainer) int {
		return cmp.Or(cmp.Compare(a.number(), b.number()), cmp.Compare(a.Name, b.Name))
	})
	return inspected, err
}

// ignoreNotFound ignores that something is gone.
func ignoreNotFound(err error) error {
	if errdefs.IsNotFound(err) {
		return nil
	}
	return err
}

// inspectImages returns images by their ids. An image that was removed by force has no details.
func (b *Backend) inspectImages(ctx context.Context, ids []string) (map[string]image.InspectResponse, error) {
	images := map[string]image.InspectResponse{}
	var lock sync.Mutex
	err := inParallel(slices.Compact(slices.Sorted(slices.Values(ids))), func(_ int, id string) error {
		i, err := b.engine.ImageInspect(ctx, id)
		lock.Lock()
		defer lock.Unlock()
		images[id] = i.InspectResponse
		return ignoreNotFound(err)
	})
	return images, err
}
