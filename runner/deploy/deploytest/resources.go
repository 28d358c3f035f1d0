package deploytest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// resources makes the networks and volumes that are missing. One that is replaced is removed first, with the
// containers that use it; a volume only where the deletion of volumes is asked for.
func (a *apply) resources(ctx context.Context) error {
	return a.withLock(ctx, func() error {
		for _, key := range a.networks {
			if n := a.ownResource(release.SubjectNetwork, key); n != nil {
				a.clear(func(c *container) bool { return slices.Contains(c.networks, n.name) })
				delete(a.engine.networks, n.name)
			}
		}
		for _, key := range a.volumes {
			if v := a.ownResource(release.SubjectVolume, key); v != nil && a.o.Volumes {
				a.removeVolume(v)
			}
		}
		if err := a.create(release.SubjectNetwork, a.model.Networks); err != nil {
			return err
		}
		return a.create(release.SubjectVolume, a.model.Volumes)
	})
}

// clear removes the containers of the environment of which something is true.
func (m *Memory) clear(of func(*container) bool) {
	own := m.own()
	for _, c := range slices.Clone(m.engine.containers) {
		if own.container(c) && of(c) {
			m.engine.remove(c)
		}
	}
}

func (m *Memory) removeVolume(v *resource) {
	m.clear(func(c *container) bool {
		return slices.Contains(slices.Collect(maps.Values(c.mounts)), v.name)
	})
	delete(m.engine.volumes, v.name)
}

// create makes what is missing of networks or volumes.
func (a *apply) create(kind release.Subject, wanted map[string]release.Fields) error {
	all, own := a.engine.resources()[kind], a.own()
	for key, f := range wanted {
		name := nameOf(a.project, key, f)
		switch there := all[name]; {
		case there == nil && f["external"] == "" && kind == release.SubjectNetwork && a.overlaps(f):
			return fmt.Errorf("network %s: Pool overlaps with other one on this address space", name)
		case there == nil && f["external"] != "":
			return fmt.Errorf("%s %s is external and cannot be found", kind, name)
		case there != nil && f["external"] == "" && !own.has(kind, there):
			return fmt.Errorf("%s %s is of %s", kind, name, a.ownerOf(there.project))
		case there == nil:
			all[name] = &resource{name: name, project: a.project, key: key, fields: f,
				files: map[string]string{}, id: a.world.next(), mark: a.mark}
		}
	}
	return nil
}

// overlaps reports whether a network of the engine has addresses that another one asks for.
func (a *apply) overlaps(f release.Fields) bool {
	for _, n := range a.engine.networks {
		if release.Overlap(n.fields, f) {
			return true
		}
	}
	return false
}

// prune removes what the release does not have any more: containers, then networks, and volumes if that is
// asked for.
func (a *apply) prune(ctx context.Context) error {
	var removed []*container
	err := a.withLock(ctx, func() error {
		for _, c := range a.ofService("") {
			if _, wanted := a.r.Model.Services[c.service]; !wanted {
				removed = append(removed, c)
				a.engine.remove(c)
			}
		}
		err := a.pruneNetworks(a.model.Networks)
		if a.o.Volumes {
			a.pruneVolumes(a.model)
		}
		return err
	})
	for _, c := range removed {
		a.report(c.short(), "removing it: the release does not have it")
		a.emit(ended(c.short()))
	}
	return err
}

// pruneNetworks removes the networks of the environment except those to keep, and those that running containers of
// others are on.
func (m *Memory) pruneNetworks(keep map[string]release.Fields) error {
	own := m.own()
	var errs []error
	maps.DeleteFunc(m.engine.networks, func(_ string, n *resource) bool {
		if _, wanted := keep[n.key]; !own.owned(release.SubjectNetwork, n) || wanted {
			return false
		}
		users := m.others(own, n.name)
		if len(users) > 0 {
			errs = append(errs, deploy.InUse(release.SubjectNetwork, n.name, users))
		}
		return len(users) == 0
	})
	return errors.Join(errs...)
}

// others returns the names of the running containers on a network that do not belong to the environment, sorted.
func (m *Memory) others(own owner, network string) (names []string) {
	for _, c := range m.engine.containers {
		if c.running() && slices.Contains(c.networks, network) && !own.container(c) {
			names = append(names, c.name)
		}
	}
	slices.Sort(names)
	return names
}

func (m *Memory) pruneVolumes(keep release.Model) {
	own := m.own()
	for _, v := range maps.Clone(m.engine.volumes) {
		if own.owned(release.SubjectVolume, v) && !keep.UsesVolume(m.project, v.name) {
			m.removeVolume(v)
		}
	}
}

// Destroy removes the containers and networks, and the volumes if asked to. Of an ephemeral environment
// nothing stays.
func (m *Memory) Destroy(ctx context.Context, o deploy.DestroyOptions) error {
	recorded, err := m.Ownership(ctx)
	if err != nil || recorded == nil && m.Environment.Ephemeral == nil {
		return err
	}
	mark, err := m.beginChange(ctx, release.Plan{})
	if err != nil {
		return err
	}
	return errors.Join(m.recordUnnamed(ctx, o.Volumes), m.destroy(ctx, o), m.endChange(ctx, mark))
}

// recordUnnamed records the volumes without names of the containers that are about to be removed, or that all of these are
// removed too.
func (m *Memory) recordUnnamed(ctx context.Context, removed bool) error {
	if m.Environment.Ephemeral != nil {
		return nil
	}
	var names []string
	err := m.withLock(ctx, func() error {
		for _, c := range m.engine.containers {
			for target := range c.anonymous {
				if m.own().container(c) {
					names = append(names, c.id+target)
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return m.UpdateOwnership(ctx, func(was *release.Ownership) (*release.Ownership, error) {
		if was.Unnamed = slices.Compact(slices.Sorted(slices.Values(slices.Concat(was.Unnamed, names)))); removed {
			was.Unnamed = nil
		}
		return was, nil
	})
}

// destroy removes what belongs to the environment.
func (m *Memory) destroy(ctx context.Context, o deploy.DestroyOptions) error {
	var removed []*container
	err := m.withLock(ctx, func() error {
		own := m.own()
		removed = slices.DeleteFunc(slices.Clone(m.engine.containers),
			func(c *container) bool { return !own.container(c) })
		m.clear(func(*container) bool { return true })
		err := m.pruneNetworks(nil)
		if o.Volumes || m.Environment.Ephemeral != nil {
			m.pruneVolumes(release.Model{})
		}
		delete(m.engine.ephemerals, m.project)
		return err
	})
	for _, c := range removed {
		if o.Emit != nil {
			o.Emit(ui.Event{Type: ui.EventOutput, Step: c.service, Text: "removing " + c.name + "\n"})
		}
	}
	return err
}
