package docker

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/api/types/volume"

	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// An owner tells what of an engine belongs to an environment. Labels alone never do.
type owner struct {
	project string
	record  *release.Ownership
	// ephemeral is an environment whose name nobody else can know; nothing is recorded of it.
	ephemeral bool
}

// owner returns what belongs to the environment now.
func (b *Backend) owner(ctx context.Context) (o owner, err error) {
	o = owner{project: b.project, ephemeral: b.Environment.Ephemeral != nil}
	if !o.ephemeral {
		o.record, err = b.Ownership(ctx)
	}
	return o, err
}

// ownerOf returns what of all containers belongs to the environment now.
func (b *Backend) ownerOf(ctx context.Context, all []container.Summary) (owner, error) {
	o, err := b.owner(ctx)
	var things []release.Thing
	for _, c := range all {
		things = append(things, containerThing(c))
	}
	o.record = o.record.Present(things)
	return o, err
}

// owns reports whether a thing belongs to the environment.
func (o owner) owns(t release.Thing, labels map[string]string) bool {
	return labels[api.ProjectLabel] == o.project &&
		(o.record.Owns(t) || o.ephemeral && labels[label.Ephemeral] != "")
}

// includes reports whether a thing belongs to the environment, or could be adopted.
func (o owner) includes(t release.Thing, labels map[string]string) bool {
	return o.owns(t, labels) || o.adopts(t, labels)
}

// adopts reports whether a thing could be adopted.
func (o owner) adopts(t release.Thing, labels map[string]string) bool {
	return labels[api.ProjectLabel] == o.project && !o.ephemeral && o.record.Adopts(t)
}

func (o owner) container(c container.Summary) bool    { return o.owns(containerThing(c), c.Labels) }
func (o owner) network(n network.Summary) bool        { return o.owns(networkThing(n), n.Labels) }
func (o owner) volume(v volume.Volume) bool           { return o.owns(volumeThing(v), v.Labels) }
func (o owner) hasContainer(c container.Summary) bool { return o.includes(containerThing(c), c.Labels) }

// services returns the containers of services that belong to the environment, or could be adopted.
func (o owner) services(all []container.Summary) (ours []container.Summary) {
	for _, c := range all {
		if o.hasContainer(c) && c.Labels[api.ServiceLabel] != "" && !isQuarantined(o.project, c) {
			ours = append(ours, c)
		}
	}
	return ours
}

// containerThing returns a container as it is recorded. Only what "docker compose up" makes has a key: not
// what "docker compose run" makes, nor a container with just the names of a project and a service.
func containerThing(c container.Summary) release.Thing {
	t := release.Thing{Subject: release.SubjectContainer, Name: strings.TrimPrefix(c.Names[0], "/"), ID: c.ID,
		Mark: c.Labels[label.Change]}
	if c.Labels[api.ConfigHashLabel] != "" && c.Labels[api.OneoffLabel] == "False" {
		t.Key = c.Labels[api.ServiceLabel]
	}
	return t
}

func networkThing(n network.Summary) release.Thing {
	return release.Thing{Subject: release.SubjectNetwork, Name: n.Name, Key: n.Labels[api.NetworkLabel],
		ID: n.ID, Mark: n.Labels[label.Change]}
}

func volumeThing(v volume.Volume) release.Thing {
	return release.Thing{Subject: release.SubjectVolume, Name: v.Name, Key: v.Labels[api.VolumeLabel],
		Mark: v.Labels[label.Change]}
}

// things returns everything that has the label of the environment.
func (b *Backend) things(ctx context.Context) ([]release.Thing, error) {
	containers, there, err := b.list(ctx, ofProject(b.project), ofProject(b.project))
	if err != nil {
		return nil, err
	}
	var all []release.Thing
	for _, c := range containers {
		all = append(all, containerThing(c))
	}
	for _, n := range there.networks {
		all = append(all, networkThing(n))
	}
	for _, v := range there.volumes {
		all = append(all, volumeThing(v))
	}
	return all, nil
}

// beginChange records what a plan adopts, and the mark of everything that the change is about to make: a
// davit that is killed before the end leaves what is known to be its own.
func (b *Backend) beginChange(ctx context.Context, p release.Plan) (o owner, mark string, err error) {
	o = owner{project: b.project, ephemeral: b.Environment.Ephemeral != nil}
	if o.ephemeral {
		return o, "", nil
	}
	mark = rand.Text()
	err = b.UpdateOwnership(ctx, func(was *release.Ownership) (*release.Ownership, error) {
		all, err := b.things(ctx)
		if err != nil {
			return nil, err
		}
		var changes []string
		if was != nil {
			changes = was.Changes
		}
		next := was.Next(all, p, append(slices.Clone(changes), mark)...)
		o.record = &next
		return &next, nil
	})
	return o, mark, err
}

// endChange records the ids of what a change has made, however it ended, also after Ctrl-C. A davit that has
// broken the lock of this one has recorded another mark, and does that later.
func (b *Backend) endChange(ctx context.Context, mark string) error {
	if mark == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	return b.UpdateOwnership(ctx, func(was *release.Ownership) (*release.Ownership, error) {
		if was == nil || len(was.Changes) == 0 || was.Changes[len(was.Changes)-1] != mark {
			return nil, nil
		}
		all, err := b.things(ctx)
		if err != nil {
			return nil, err
		}
		next := was.Next(all, release.Plan{})
		return &next, nil
	})
}
