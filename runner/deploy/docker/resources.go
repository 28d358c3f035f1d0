package docker

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/docker/containers"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/docker/networks"
)

// A resourceSet is containers, networks and volumes on an engine, with their labels, by id or name.
type resourceSet struct{ containers, networks, volumes map[string]map[string]string }

func (r resourceSet) all() []map[string]map[string]string {
	return []map[string]map[string]string{r.containers, r.networks, r.volumes}
}

func (r resourceSet) empty() bool { return len(r.containers)+len(r.networks)+len(r.volumes) == 0 }

// staleProjects returns the projects whose davit has exited, or whose lifetime is over. A label that nobody
// can read is left alone.
func (r resourceSet) staleProjects(now time.Time) (projects []string) {
	for _, things := range r.all() {
		for _, labels := range things {
			var by ephemeralOwner
			if json.Unmarshal([]byte(labels[label.Ephemeral]), &by) == nil &&
				(by.Exited() || now.After(by.Expires)) && labels[api.ProjectLabel] != "" {
				projects = append(projects, labels[api.ProjectLabel])
			}
		}
	}
	slices.Sort(projects)
	return slices.Compact(projects)
}

// listResources returns what matches a filter.
func listResources(ctx context.Context, engine client.APIClient, f client.Filters) (resourceSet, error) {
	r := resourceSet{
		map[string]map[string]string{}, map[string]map[string]string{}, map[string]map[string]string{},
	}
	containers, err := engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: f})
	for _, c := range containers.Items {
		r.containers[c.ID] = c.Labels
	}
	if err != nil {
		return r, err
	}
	networks, err := engine.NetworkList(ctx, client.NetworkListOptions{Filters: f})
	for _, n := range networks.Items {
		r.networks[n.ID] = n.Labels
	}
	if err != nil {
		return r, err
	}
	volumes, err := engine.VolumeList(ctx, client.VolumeListOptions{Filters: f})
	for _, v := range volumes.Items {
		r.volumes[v.Name] = v.Labels
	}
	return r, err
}

// remove removes containers first, as they hold the others. What somebody else is just removing is no error.
func (r resourceSet) remove(ctx context.Context, engine client.APIClient) error {
	err := inParallel(sorted(r.containers), func(_ int, id string) error {
		return containers.Remove(ctx, engine, id, true)
	})
	return errors.Join(err, inParallel(sorted(r.networks), func(_ int, id string) error {
		return networks.Remove(ctx, engine, id)
	}), inParallel(sorted(r.volumes), func(_ int, name string) error {
		_, err := engine.VolumeRemove(ctx, name, client.VolumeRemoveOptions{})
		return ignoreNotFound(err)
	}))
}
