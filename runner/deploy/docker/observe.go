package docker

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/containerd/errdefs"
	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/image"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Observe returns the live state of the environment.
func (b *Backend) Observe(ctx context.Context, o deploy.ObserveOptions) (release.Observed, error) {
	all, err := b.engine.ContainerList(ctx, client.ContainerListOptions{All: true})
	if err != nil {
		return release.Observed{}, err
	}
	l := &observation{backend: b, networks: map[string]string{}, volumes: map[string]string{}}
	r := release.Observed{
		Model:      release.Model{Project: b.project, Services: map[string]release.Service{}},
		Containers: map[string][]release.Container{},
	}
	if r.Model.Networks, err = l.observeNetworks(ctx); err != nil {
		return r, err
	}
	if r.Model.Volumes, err = l.observeVolumes(ctx); err != nil {
		return r, err
	}
	if l.containers, err = b.inspect(ctx, b.serviceContainers(all.Items), o.Files); err != nil {
		return r, err
	}
	if l.images, err = b.inspectImages(ctx, l.containers); err != nil {
		return r, err
	}
	l.addExternal(r.Model)
	l.groupServices(&r)
	r.Unmanaged, r.Orphans = l.unmanaged(all.Items), b.orphans(all.Items)
	r.Quarantined = b.quarantine.list(all.Items)
	return r, nil
}

// serviceContainers returns the containers of the environment's services.
func (b *Backend) serviceContainers(all []container.Summary) (ours []container.Summary) {
	for _, c := range all {
		if c.Labels[api.ProjectLabel] == b.project && c.Labels[api.OneoffLabel] != "True" &&
			c.Labels[api.ServiceLabel] != "" && !isQuarantined(b.project, c) {
			ours = append(ours, c)
		}
	}
	return ours
}

// orphans returns the containers of the environment that belong to no service: those of "docker compose run",
// and of somebody who copied labels.
func (b *Backend) orphans(all []container.Summary) (names []string) {
	for _, c := range all {
		if c.Labels[api.ProjectLabel] == b.project && !isQuarantined(b.project, c) &&
			(c.Labels[api.OneoffLabel] == "True" || c.Labels[api.ServiceLabel] == "") {
			names = append(names, strings.TrimPrefix(c.Names[0], "/"))
		}
	}
	slices.Sort(names)
	return names
}

// containers returns the containers of the environment's services.
func (b *Backend) containers(ctx context.Context) ([]container.Summary, error) {
	all, err := b.engine.ContainerList(ctx, client.ContainerListOptions{
		All: true, Filters: ofProject(b.project),
	})
	return b.serviceContainers(all.Items), err
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
		b.see(c.Container)
		if files {
			inspected[i].changed, err = b.changedFiles(ctx, c.Container)
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
