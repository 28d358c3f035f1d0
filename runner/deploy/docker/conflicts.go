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
	all, there, err := b.list(ctx, nil, nil)
	if err != nil {
		return nil, err
	}
	o, err := b.ownerOf(ctx, all)
	if err != nil {
		return nil, err
	}
	return conflicts{b.engine, b.project, o}.find(ctx, m, all, there)
}

// conflicts finds the conflicts of a project on an engine.
type conflicts struct {
	engine  client.APIClient
	project string
	owner   owner
}

// find returns the conflicts of a model with all containers of the engine, and what else it has.
func (c conflicts) find(
	ctx context.Context, m release.Model, there []container.Summary, r resources,
) ([]release.Conflict, error) {
	var all []release.Conflict
	for _, other := range there {
		if !c.owner.hasContainer(other) {
			all = append(all, c.containerConflicts(m, other)...)
		}
	}
	bound, err := c.programConflicts(ctx, m, there)
	if err != nil {
		return nil, err
	}
	all = slices.Concat(all, bound, c.nameConflicts(m, r))
	slices.SortFunc(all, func(a, b release.Conflict) int { return cmp.Compare(a.String(), b.String()) })
	return slices.Compact(all), nil
}

// containerConflicts returns the ports and the name that a container of another owner has.
func (c conflicts) containerConflicts(m release.Model, other container.Summary) (all []release.Conflict) {
	for service, s := range m.Services {
		for _, want := range m.ContainerNames(service) {
			if slices.Contains(other.Names, "/"+want) {
				all = append(all, release.Conflict{
					Service: service, Field: "container_name", Wants: want, Owner: c.ownerOf(other.Labels),
				})
			}
		}
		for _, w := range fixedPorts(s.Fields) {
			if slices.ContainsFunc(other.Ports, w.conflictsWith) {
				all = append(all, release.Conflict{
					Service: service, Field: w.field, Wants: w.text, Owner: c.containerOwner(other), Port: true,
				})
			}
		}
	}
	return all
}

// containerOwner returns a container as its owner would know it.
func (c conflicts) containerOwner(other container.Summary) string {
	name := fmt.Sprintf("container %q", strings.TrimPrefix(other.Names[0], "/"))
	switch p := other.Labels[api.ProjectLabel]; p {
	case "":
		return name
	case c.project:
		return name + ", which is not davit's"
	default:
		return fmt.Sprintf("project %q", p)
	}
}

// ownerOf returns the project that labels name.
func (c conflicts) ownerOf(labels map[string]string) string {
	switch p := labels[api.ProjectLabel]; p {
	case "":
		return "something outside of any project"
	case c.project:
		return "something with its labels that is not davit's"
	default:
		return fmt.Sprintf("project %q", p)
	}
}

// nameConflicts returns the names of networks and volumes that the SDK would silently take from other
// projects.
func (c conflicts) nameConflicts(m release.Model, there resources) (all []release.Conflict) {
	for _, n := range there.networks {
		if key := c.composeKeyOf(m.Networks, n.Name); key != "" && !c.owner.includes(networkThing(n), n.Labels) {
			all = append(all, release.Conflict{
				Field: "network " + strconv.Quote(key), Wants: n.Name, Owner: c.ownerOf(n.Labels),
			})
		}
	}
	for _, v := range there.volumes {
		if key := c.composeKeyOf(m.Volumes, v.Name); key != "" && !c.owner.includes(volumeThing(v), v.Labels) {
			all = append(all, release.Conflict{
				Field: "volume " + strconv.Quote(key), Wants: v.Name, Owner: c.ownerOf(v.Labels),
			})
		}
	}
	return all
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
