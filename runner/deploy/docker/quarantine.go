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

	"github.com/davit-dev/davit/runner/deploy/release"
)

// A container in quarantine is stopped, is on no network, and is never started by the engine: its files,
// logs and configuration can still be inspected. Its labels, which nobody can change, still name its
// service. Its name marks it, and davit and, behind the guard, the SDK leave it out:
// shop-dev-set-aside-web-1-20260131T120000.000.
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
	return slices.ContainsFunc(c.Names, func(name string) bool { return !quarantinedSince(project, name).IsZero() })
}

// quarantined returns the containers in quarantine, the newest first.
func (b *Backend) quarantined(all []container.Summary) (list []release.Quarantined) {
	for _, c := range all {
		if c.Labels[api.ProjectLabel] == b.project && isQuarantined(b.project, c) {
			name := strings.TrimPrefix(c.Names[0], "/")
			list = append(list, release.Quarantined{Name: name, Service: c.Labels[api.ServiceLabel], State: c.Status, Since: quarantinedSince(b.project, name)})
		}
	}
	slices.SortFunc(list, func(a, b release.Quarantined) int {
		return cmp.Or(b.Since.Compare(a.Since), cmp.Compare(a.Name, b.Name))
	})
	return list
}

// quarantine stops a container, with the time that it has for that, and disconnects it from all networks. It
// is renamed last, so that a davit that was killed meanwhile leaves a container that has merely ended.
func (b *Backend) quarantine(ctx context.Context, id string) (name string, err error) {
	if _, err := b.engine.ContainerStop(ctx, id, client.ContainerStopOptions{}); err != nil {
		return "", ignoreNotFound(err)
	}
	c, err := b.engine.ContainerInspect(ctx, id, client.ContainerInspectOptions{})
	if err != nil {
		return "", ignoreNotFound(err)
	}
	if c.Container.NetworkSettings != nil {
		for network := range c.Container.NetworkSettings.Networks {
			if err := b.disconnect(ctx, network, id); err != nil {
				return "", err
			}
		}
	}
	never := client.ContainerUpdateOptions{RestartPolicy: &container.RestartPolicy{Name: container.RestartPolicyDisabled}}
	if _, err := b.engine.ContainerUpdate(ctx, id, never); err != nil {
		return "", ignoreNotFound(err)
	}
	return b.renameQuarantined(ctx, c.Container)
}

func (b *Backend) disconnect(ctx context.Context, network, id string) error {
	_, err := b.engine.NetworkDisconnect(ctx, network, client.NetworkDisconnectOptions{Container: id, Force: true})
	return ignoreNotFound(err)
}

// renameQuarantined gives a container the first free name from now on.
func (b *Backend) renameQuarantined(ctx context.Context, c container.InspectResponse) (string, error) {
	was := strings.TrimPrefix(strings.TrimPrefix(c.Name, "/"), b.project+api.Separator)
	for at := b.Now().UTC(); ; at = at.Add(time.Millisecond) {
		name := b.project + quarantineName + was + api.Separator + at.Format(quarantineTime)
		_, err := b.engine.ContainerRename(ctx, c.ID, client.ContainerRenameOptions{NewName: name})
		if !errdefs.IsConflict(err) || ctx.Err() != nil {
			return name, ignoreNotFound(err)
		}
	}
}

// pruneQuarantined removes all but the newest containers of each service from quarantine.
func (b *Backend) pruneQuarantined(ctx context.Context, keep int) error {
	list, err := b.engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ofProject(b.project)})
	if err != nil {
		return err
	}
	kept := map[string]int{}
	for _, one := range b.quarantined(list.Items) {
		if kept[one.Service]++; kept[one.Service] <= keep {
			continue
		}
		if err := b.remove(ctx, one.Name); err != nil {
			return err
		}
	}
	return nil
}

// pruneQuarantinedWith removes the containers in quarantine that use a volume which is to be deleted.
func (b *Backend) pruneQuarantinedWith(ctx context.Context, volume string) error {
	list, err := b.engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ofProject(b.project).Add("volume", volume)})
	if err != nil {
		return err
	}
	for _, one := range b.quarantined(list.Items) {
		if err := b.remove(ctx, one.Name); err != nil {
			return err
		}
	}
	return nil
}
