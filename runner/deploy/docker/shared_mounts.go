package docker

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// ownMounts are the mounts that containers have not got by volumes_from: the volumes and folders by where they are.
type ownMounts map[string][]string

// source returns the name of a volume, or the folder that is mounted.
func source(m container.MountPoint) string { return cmp.Or(m.Name, m.Source) }

// findOwnMounts returns the mounts of containers, and all of those of others that they have volumes of.
func findOwnMounts(all []observedContainer, sources []container.InspectResponse) ownMounts {
	own := ownMounts{}
	for _, f := range all {
		for _, m := range f.Mounts {
			if len(f.HostConfig.VolumesFrom) == 0 || ownMount(f, m.Destination) {
				own[m.Destination] = append(own[m.Destination], source(m))
			}
		}
	}
	for _, c := range sources {
		for _, m := range c.Mounts {
			own[m.Destination] = append(own[m.Destination], source(m))
		}
	}
	return own
}

// foreignSources returns the containers of others that containers have the volumes of, as far as they exist.
func (b *Backend) foreignSources(ctx context.Context, all []observedContainer) (sources []container.InspectResponse, err error) {
	for _, f := range all {
		for _, name := range sourcesBeside(f, all) {
			c, err := b.engine.ContainerInspect(ctx, name, client.ContainerInspectOptions{})
			if err := ignoreNotFound(err); err != nil {
				return nil, err
			}
			if err == nil && c.Container.Config.Labels[api.ProjectLabel] != b.project {
				sources = append(sources, c.Container)
			}
		}
	}
	return sources, nil
}

// sourcesBeside returns which containers a container has the volumes of that are not among some, by id or name. It may
// have them by way of one among these.
func sourcesBeside(f observedContainer, all []observedContainer) (names []string) {
	for _, from := range f.HostConfig.VolumesFrom {
		i := slices.IndexFunc(all, func(c observedContainer) bool { return isFrom(from, c.ID) })
		if i >= 0 {
			names = append(names, sourcesBeside(all[i], all)...)
			continue
		}
		name, _, _ := strings.Cut(from, ":")
		names = append(names, name)
	}
	return names
}

// inherits reports whether a container has a mount by volumes_from. The engine does not tell such a one from a volume of
// the image, which it hides: where one of the other containers is not among some, it counts as theirs.
func inherits(f observedContainer, destination string, all []observedContainer) bool {
	return len(f.HostConfig.VolumesFrom) > 0 && !explicitMount(f, destination) &&
		(!ownMount(f, destination) || len(sourcesBeside(f, all)) > 0)
}

// isGone reports whether a container has a mount by volumes_from that the container which it had it from has no more. A
// volume with a name may come back with that, and davit cannot bring back a container of others.
func (l *observation) isGone(f observedContainer, m container.MountPoint) bool {
	o := l.own
	if o == nil || len(f.HostConfig.VolumesFrom) == 0 || ownMount(f, m.Destination) ||
		slices.Contains(o[m.Destination], source(m)) {
		return false
	}
	return len(o[m.Destination]) > 0 ||
		m.Type == mount.TypeVolume && anonymous(m.Name) && !slices.ContainsFunc(sourcesBeside(f, l.containers), isNamed)
}

// isNamed reports whether an entry of volumes_from is of a container of others, "container:NAME": Compose gives those of
// the project by their ids, which have as many digits as the names of anonymous volumes.
func isNamed(from string) bool {
	id, _, _ := strings.Cut(from, ":")
	return !anonymous(id)
}

// sharesGone returns a function that reports whether a container has the volumes of one that was replaced since.
func (r *reconciler) sharesGone(ctx context.Context) (func(observedContainer) bool, error) {
	if !slices.Contains(slices.Collect(maps.Values(r.want.Shares)), release.VolumesFrom) {
		return func(observedContainer) bool { return false }, nil
	}
	all, err := r.containers(ctx)
	return func(f observedContainer) bool {
		return slices.ContainsFunc(f.HostConfig.VolumesFrom, func(from string) bool {
			return !isNamed(from) && !slices.ContainsFunc(all, func(c container.Summary) bool { return isFrom(from, c.ID) })
		})
	}, err
}

// isFrom reports whether an entry of volumes_from, "ID:ro", is of a container.
func isFrom(from, id string) bool {
	return from == id || len(from) > len(id) && from[:len(id)] == id && from[len(id)] == ':'
}

// leaveShared takes away the mounts that the SDK gives a new container since the one that it replaces has them, where these
// are by volumes_from: as mounts of its own, volumes of others would go with the environment.
func (g *guard) leaveShared(ctx context.Context, o *client.ContainerCreateOptions) error {
	if o.HostConfig == nil {
		return nil
	}
	fields := g.release.Services[o.Config.Labels[api.ServiceLabel]].Fields
	for _, from := range o.HostConfig.VolumesFrom {
		name, _, _ := strings.Cut(from, ":")
		c, err := g.APIClient.ContainerInspect(ctx, name, client.ContainerInspectOptions{})
		if err != nil {
			return err
		}
		o.HostConfig.Mounts = slices.DeleteFunc(o.HostConfig.Mounts, func(m mount.Mount) bool {
			_, own := fields["volumes."+m.Target]
			return !own && slices.ContainsFunc(c.Container.Mounts, func(s container.MountPoint) bool { return s.Destination == m.Target })
		})
	}
	return nil
}

// limitShares gives the entries of volumes_from of a new container their modes, which the SDK leaves out. A container
// without a number runs a hook of another one, and has that one's volumes.
func limitShares(o *client.ContainerCreateOptions, m release.Model) {
	fields := m.Services[o.Config.Labels[api.ServiceLabel]].Fields
	modes := strings.Fields(fields[release.QualifyPath(backendName, release.VolumesFrom)])
	if o.Config.Labels[api.ContainerNumberLabel] == "" || o.HostConfig == nil || len(modes) != len(o.HostConfig.VolumesFrom) {
		return
	}
	for i, mode := range modes {
		o.HostConfig.VolumesFrom[i] += ":" + mode
	}
}
