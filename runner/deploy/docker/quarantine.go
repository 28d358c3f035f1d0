package docker

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/docker/containers"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A quarantine is the containers of an environment that were wrong and have been replaced.
//
// A container in quarantine is stopped, is on no network, and is never started by the engine: its files,
// logs and configuration can still be inspected. Its labels, which nobody can change, still name its
// service. Its name marks it, and davit and, behind the guard, the SDK leave it out:
// shop-dev-set-aside-web-1-20260131T120000.000.
type quarantine struct {
	engine  client.APIClient
	project string
	now     func() time.Time
}

// The name of a container in quarantine.
const (
	quarantineName = "-set-aside-"
	quarantineTime = "20060102T150405.000"
)

// quarantinedSince returns when a container of that name was quarantined; zero for one that is not.
func quarantinedSince(project, name string) (since time.Time) {
	rest, is := strings.CutPrefix(strings.TrimPrefix(name, "/"), project+quarantineName)
	if is {
		since, _ = time.Parse(quarantineTime, rest[strings.LastIndex(rest, api.Separator)+1:])
	}
	return since
}

func isQuarantined(project string, c container.Summary) bool {
	return slices.ContainsFunc(c.Names, func(name string) bool {
		return !quarantinedSince(project,
			name).IsZero()
	})
}

// quarantined returns the containers in quarantine, the newest first.
func (o owner) quarantined(all []container.Summary) (found []release.Quarantined) {
	for _, c := range all {
		if o.container(c) && isQuarantined(o.project, c) {
			name := strings.TrimPrefix(c.Names[0], "/")
			found = append(found, release.Quarantined{
				Name: name, Service: c.Labels[api.ServiceLabel], State: c.Status,
				Since: quarantinedSince(o.project, name),
			})
		}
	}
	slices.SortFunc(found, func(a, b release.Quarantined) int {
		return cmp.Or(b.Since.Compare(a.Since), cmp.Compare(a.Name, b.Name))
	})
	return found
}

// add stops a container, with the time that it has for that, and disconnects it from all networks. It
// is renamed last, so that a davit that was killed meanwhile leaves a container that has merely ended.
func (q quarantine) add(ctx context.Context, id string) (name string, err error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	stopping := context.WithoutCancel(ctx) // as for stopAndRemove
	if _, err := q.engine.ContainerStop(stopping, id, client.ContainerStopOptions{}); err != nil {
		return "", ignoreNotFound(err)
	}
	c, err := q.engine.ContainerInspect(ctx, id, client.ContainerInspectOptions{})
	if err != nil {
		return "", ignoreNotFound(err)
	}
	if c.Container.NetworkSettings != nil {
		for network := range c.Container.NetworkSettings.Networks {
			if err := disconnect(ctx, q.engine, network, id); err != nil {
				return "", err
			}
		}
	}
	never := client.ContainerUpdateOptions{RestartPolicy: &container.RestartPolicy{Name: container.RestartPolicyDisabled}}
	if _, err := q.engine.ContainerUpdate(ctx, id, never); err != nil {
		return "", ignoreNotFound(err)
	}
	return q.rename(ctx, c.Container)
}

// disconnect disconnects a container from a network.
func disconnect(ctx context.Context, engine client.NetworkAPIClient, network, id string) error {
	_, err := engine.NetworkDisconnect(ctx, network, client.NetworkDisconnectOptions{
		Container: id, Force: true,
	})
	return ignoreNotFound(err)
}

// rename gives a container the first free name from now on.
func (q quarantine) rename(ctx context.Context, c container.InspectResponse) (string, error) {
	was := strings.TrimPrefix(strings.TrimPrefix(c.Name, "/"), q.project+api.Separator)
	for at := q.now().UTC(); ; at = at.Add(time.Millisecond) {
		name := q.project + quarantineName + was + api.Separator + at.Format(quarantineTime)
		_, err := q.engine.ContainerRename(ctx, c.ID, client.ContainerRenameOptions{NewName: name})
		if !errdefs.IsConflict(err) || ctx.Err() != nil {
			return name, ignoreNotFound(err)
		}
	}
}

// prune removes all but the newest containers of each service from quarantine.
func (q quarantine) prune(ctx context.Context, o owner, keep int) error {
	list, err := q.engine.ContainerList(ctx, client.ContainerListOptions{
		All: true, Filters: ofProject(q.project),
	})
	if err != nil {
		return err
	}
	kept := map[string]int{}
	for _, one := range o.quarantined(list.Items) {
		if kept[one.Service]++; kept[one.Service] <= keep {
			continue
		}
		if err := containers.Remove(ctx, q.engine, one.Name, false); err != nil {
			return err
		}
	}
	return nil
}

// pruneWith removes the containers in quarantine that use a volume which is to be deleted.
func (q quarantine) pruneWith(ctx context.Context, o owner, volume string) error {
	list, err := q.engine.ContainerList(ctx, client.ContainerListOptions{
		All: true, Filters: ofProject(q.project).Add("volume", volume),
	})
	if err != nil {
		return err
	}
	for _, one := range o.quarantined(list.Items) {
		if err := containers.Remove(ctx, q.engine, one.Name, false); err != nil {
			return err
		}
	}
	return nil
}
