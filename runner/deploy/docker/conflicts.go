package docker

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// Conflicts returns the ports and names of a model that other owners hold. Ports that no container has are
// tried on this machine; on another one nobody sees a conflict with a program before the engine asks for the
// port.
func (b *Backend) Conflicts(ctx context.Context, m release.Model) ([]release.Conflict, error) {
	return conflicts{b.engine, b.project}.find(ctx, m)
}

// conflicts finds the conflicts of a project on an engine.
type conflicts struct {
	engine  client.APIClient
	project string
}

// find returns the conflicts of a model.
func (c conflicts) find(ctx context.Context, m release.Model) (all []release.Conflict, err error) {
	list, err := c.engine.ContainerList(ctx, client.ContainerListOptions{All: true})
	if err != nil {
		return nil, err
	}
	for _, other := range list.Items {
		if other.Labels[api.ProjectLabel] != c.project {
			all = append(all, containerConflicts(m, other)...)
		}
	}
	bound, err := c.programConflicts(ctx, m, list.Items)
	if err != nil {
		return nil, err
	}
	named, err := c.nameConflicts(ctx, m)
	all = slices.Concat(all, bound, named)
	slices.SortFunc(all, func(a, b release.Conflict) int { return cmp.Compare(a.String(), b.String()) })
	return slices.Compact(all), err
}

// containerConflicts returns the ports and the name that a container of another project has.
func containerConflicts(m release.Model, c container.Summary) (all []release.Conflict) {
	for service, s := range m.Services {
		if want := s.Fields["compose.container_name"]; want != "" && slices.Contains(c.Names, "/"+want) {
			all = append(all, release.Conflict{
				Service: service, Field: "container_name", Wants: want, Owner: owner(c.Labels),
			})
		}
		for _, w := range fixedPorts(s.Fields) {
			if slices.ContainsFunc(c.Ports, w.conflictsWith) {
				all = append(all, release.Conflict{
					Service: service, Field: w.field, Wants: w.text, Owner: containerOwner(c), Port: true,
				})
			}
		}
	}
	return all
}

// containerOwner returns a container as its owner would know it.
func containerOwner(c container.Summary) string {
	if p := c.Labels[api.ProjectLabel]; p != "" {
		return fmt.Sprintf("project %q", p)
	}
	return fmt.Sprintf("container %q", strings.TrimPrefix(c.Names[0], "/"))
}

// owner returns the project that labels name.
func owner(labels map[string]string) string {
	if p := labels[api.ProjectLabel]; p != "" {
		return fmt.Sprintf("project %q", p)
	}
	return "something outside of any project"
}

// nameConflicts returns the names of networks and volumes that the SDK would silently take from other
// projects.
func (c conflicts) nameConflicts(ctx context.Context, m release.Model) (all []release.Conflict, err error) {
	networks, err := c.engine.NetworkList(ctx, client.NetworkListOptions{})
	if err != nil {
		return nil, err
	}
	for _, n := range networks.Items {
		if key := c.composeKeyOf(m.Networks, n.Name); key != "" && n.Labels[api.ProjectLabel] != c.project {
			all = append(all, release.Conflict{
				Field: "network " + strconv.Quote(key), Wants: n.Name, Owner: owner(n.Labels),
			})
		}
	}
	volumes, err := c.engine.VolumeList(ctx, client.VolumeListOptions{})
	if err != nil {
		return nil, err
	}
	for _, v := range volumes.Items {
		if key := c.composeKeyOf(m.Volumes, v.Name); key != "" && v.Labels[api.ProjectLabel] != c.project {
			all = append(all, release.Conflict{
				Field: "volume " + strconv.Quote(key), Wants: v.Name, Owner: owner(v.Labels),
			})
		}
	}
	return all, nil
}

// composeKeyOf returns the key in the Compose file of the thing that gets a name on the engine; empty for
// none.
func (c conflicts) composeKeyOf(things map[string]release.Fields, name string) string {
	for key, f := range things {
		if f["external"] == "" && cmp.Or(f["compose.name"], c.project+"_"+key) == name {
			return key
		}
	}
	return ""
}
