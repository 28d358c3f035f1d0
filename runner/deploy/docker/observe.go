package docker

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/image"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Observe returns the live state of the environment.
func (b *Backend) Observe(ctx context.Context, o deploy.ObserveOptions) (release.Observed, error) {
	all, err := b.engine.ContainerList(ctx, client.ContainerListOptions{All: true})
	if err != nil {
		return release.Observed{}, err
	}
	own, err := b.ownerOf(ctx, all.Items)
	if err != nil {
		return release.Observed{}, err
	}
	l := &observation{backend: b, owner: own, networks: map[string]string{}, volumes: map[string]string{}}
	r := release.Observed{
		Folder:     b.Environment.Dir,
		Model:      release.Model{Project: b.project, Services: map[string]release.Service{}},
		Containers: map[string][]release.Container{},
	}
	if r.Model.Networks, err = l.observeNetworks(ctx); err != nil {
		return r, err
	}
	if r.Model.Volumes, err = l.observeVolumes(ctx); err != nil {
		return r, err
	}
	if l.containers, err = b.inspect(ctx, l.owner.services(all.Items), o.Files); err != nil {
		return r, err
	}
	if l.images, err = b.inspectImages(ctx, l.containers); err != nil {
		return r, err
	}
	l.addExternal(r.Model)
	l.groupServices(&r)
	r.Unmanaged, r.Quarantined = l.unmanaged(all.Items), l.owner.quarantined(all.Items)
	r.Adoptable, r.Floating = l.adoptable, floating(l.listed, l.owner.services(all.Items))
	for _, c := range l.owner.services(all.Items) {
		if !l.owner.container(c) {
			r.Adoptable = append(r.Adoptable, containerThing(c))
		}
	}
	release.SortThings(r.Adoptable)
	r.Duplicates, err = b.duplicates(ctx, all.Items)
	return r, err
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

// inspect returns the details of containers, with files also those that they have changed. It leaves out a
// container that has just been removed.
func (b *Backend) inspect(
	ctx context.Context, all []container.Summary, files bool,
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
		b.see(c.Container)
		if files {
			inspected[i].changed, err = b.changedFiles(ctx, inspected[i])
		}
		return err
	})
	inspected = slices.DeleteFunc(inspected, func(f observedContainer) bool { return f.ID == "" })
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

// inspectImages returns the images of containers, by id. An image that was removed by force has no details.
func (b *Backend) inspectImages(
	ctx context.Context, all []observedContainer,
) (map[string]image.InspectResponse, error) {
	images := map[string]image.InspectResponse{}
	for _, f := range all {
		images[f.Image] = image.InspectResponse{}
	}
	ids := slices.Collect(maps.Keys(images))
	var lock sync.Mutex
	err := inParallel(ids, func(_ int, id string) error {
		i, err := b.engine.ImageInspect(ctx, id)
		lock.Lock()
		defer lock.Unlock()
		images[id] = i.InspectResponse
		return ignoreNotFound(err)
	})
	return images, err
}
