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

func findOwnMounts(all []observedContainer) ownMounts {
	own := ownMounts{}
	for _, f := range all {
		for _, m := range f.Mounts {
			if len(f.HostConfig.VolumesFrom) == 0 || ownMount(f, m.Destination) {
				own[m.Destination] = append(own[m.Destination], source(m))
			}
		}
	}
	return own
}

// isGone reports whether a container has a mount by volumes_from that the container which it had it from has no more. A
// volume with a name may come back with that.
func (o ownMounts) isGone(f observedContainer, m container.MountPoint) bool {
	if o == nil || len(f.HostConfig.VolumesFrom) == 0 || ownMount(f, m.Destination) ||
		slices.Contains(o[m.Destination], source(m)) {
		return false
	}
	return len(o[m.Destination]) > 0 || m.Type == mount.TypeVolume && anonymous(m.Name)
}

// sharesGone returns a function that reports whether a container has the volumes of one that was replaced since.
func (r *reconciler) sharesGone(ctx context.Context) (func(observedContainer) bool, error) {
	if !slices.Contains(slices.Collect(maps.Values(r.want.Shares)), release.VolumesFrom) {
		return func(observedContainer) bool { return false }, nil
	}
	all, err := r.containers(ctx)
	return func(f observedContainer) bool {
		return slices.ContainsFunc(f.HostConfig.VolumesFrom, func(from string) bool {
			return !slices.ContainsFunc(all, func(c container.Summary) bool { return isFrom(from, c.ID) })
		})
	}, err
}

// isFrom reports whether an entry of volumes_from, "ID:ro", is of a container.
func isFrom(from, id string) bool {
	return from == id || len(from) > len(id) && from[:len(id)] == id && from[len(id)] == ':'
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
