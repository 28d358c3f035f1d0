package deploytest

import (
	"context"
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
			if n := owned(a.engine.networks, a.project, key); n != nil {
				a.clear(func(c *container) bool { return slices.Contains(c.networks, n.name) })
				delete(a.engine.networks, n.name)
			}
		}
		for _, key := range a.volumes {
			if v := owned(a.engine.volumes, a.project, key); v != nil && a.o.Volumes {
				a.removeVolume(v)
			}
		}
		if err := a.create("network", a.model.Networks, a.engine.networks); err != nil {
			return err
		}
		return a.create("volume", a.model.Volumes, a.engine.volumes)
	})
}

// clear removes the containers of the environment of which something is true.
func (m *Memory) clear(of func(*container) bool) {
	for _, c := range slices.Clone(m.engine.containers) {
		if c.project == m.project && of(c) {
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
func (a *apply) create(kind string, wanted map[string]release.Fields, all map[string]*resource) error {
	for key, f := range wanted {
		name := nameOf(a.project, key, f)
		switch there := all[name]; {
		case there == nil && f["external"] != "":
			return fmt.Errorf("%s %s is external and cannot be found", kind, name)
		case there != nil && f["external"] == "" && there.project != a.project:
			return fmt.Errorf("%s %s is of %s", kind, name, ownerOf(there.project))
		case there == nil && owned(all, a.project, key) == nil:
			all[name] = &resource{name: name, project: a.project, key: key, fields: f,
				files: map[string]string{}}
		}
	}
	return nil
}

// prune removes what the release does not have any more: containers, then networks, and volumes if that is
// asked for.
func (a *apply) prune(ctx context.Context) error {
	if err := a.removeOrphans(ctx); err != nil {
		return err
	}
	var removed []*container
	err := a.withLock(ctx, func() error {
		for _, c := range a.engine.ofService(a.project, "") {
			if _, wanted := a.r.Model.Services[c.service]; !wanted {
				removed = append(removed, c)
				a.engine.remove(c)
			}
		}
		a.pruneNetworks(a.model.Networks)
		if a.o.Volumes {
			a.pruneVolumes(a.model.Volumes)
		}
		return nil
	})
	for _, c := range removed {
		a.report(c.short(), "removing it: the release does not have it")
		a.emit(ended(c.short()))
	}
	return err
}

// removeOrphans removes the containers of no service that the plan names.
func (a *apply) removeOrphans(ctx context.Context) error {
	for _, name := range a.orphans {
		a.report(name, "removing it: it belongs to no service")
		err := a.withLock(ctx, func() error {
			if c := a.engine.named(name); c != nil {
				a.engine.remove(c)
			}
			return nil
		})
		if err != nil {
			return err
		}
		a.emit(ended(name))
	}
	return nil
}

func (m *Memory) pruneNetworks(keep map[string]release.Fields) {
	maps.DeleteFunc(m.engine.networks, func(_ string, n *resource) bool {
		_, wanted := keep[n.key]
		return n.project == m.project && !wanted
	})
}

func (m *Memory) pruneVolumes(keep map[string]release.Fields) {
	for _, v := range maps.Clone(m.engine.volumes) {
		if _, wanted := keep[v.key]; v.project == m.project && !wanted {
			m.removeVolume(v)
		}
	}
}

// Destroy removes the containers and networks, and the volumes if asked to. Of an ephemeral environment
// nothing stays.
func (m *Memory) Destroy(ctx context.Context, o deploy.DestroyOptions) error {
	var removed []*container
	err := m.withLock(ctx, func() error {
		removed = slices.DeleteFunc(slices.Clone(m.engine.containers),
			func(c *container) bool { return c.project != m.project })
		m.clear(func(*container) bool { return true })
		m.pruneNetworks(nil)
		if o.Volumes || m.Environment.Ephemeral != nil {
			m.pruneVolumes(nil)
		}
		delete(m.engine.ephemerals, m.project)
		return nil
	})
	for _, c := range removed {
		if o.Emit != nil {
			o.Emit(ui.Event{Type: ui.EventOutput, Step: c.service, Text: "removing " + c.name + "\n"})
		}
	}
	return err
}
