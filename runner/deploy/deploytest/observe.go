package deploytest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/compose"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Observe returns the live state of the environment.
func (m *Memory) Observe(ctx context.Context, o deploy.ObserveOptions) (release.Observed, error) {
	m.world.mu.Lock()
	defer m.world.mu.Unlock()
	live := release.Observed{
		Model: release.Model{
			Project: m.project, Services: map[string]release.Service{},
			Networks: m.owned(release.SubjectNetwork), Volumes: m.owned(release.SubjectVolume),
		},
		Containers: map[string][]release.Container{}, Folder: m.Environment.Dir,
	}
	m.see(m.ofService(""))
	for _, c := range m.ofService("") {
		m.external(live.Model, c)
		m.observe(&live, c, o)
	}
	m.mixed(&live)
	m.addUnmanaged(&live)
	m.addAdoptable(&live)
	m.addDuplicates(&live)
	if own := m.own(); own.record != nil {
		live.Unnamed = own.record.Unnamed
	}
	live.Floating = m.floating()
	maps.DeleteFunc(live.Model.Services,
		func(_ string, s release.Service) bool { return s.Job && s.Replicas == 0 })
	return live, ctx.Err()
}

// owned returns the networks or volumes of the environment.
func (m *Memory) owned(s release.Subject) map[string]release.Fields {
	fields, own := map[string]release.Fields{}, m.own()
	all := m.engine.resources()[s]
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if r := all[name]; own.has(s, r) {
			if s == release.SubjectVolume {
				release.AddVolume(fields, m.project, r.key, r.name, visible(r.fields))
			} else {
				fields[r.key] = visible(r.fields)
			}
		}
	}
	return fields
}

// floating returns the keys of the networks of the environment that davit has not made: new containers do not get
// the addresses of the old ones there.
func (m *Memory) floating() (keys []string) {
	own := m.own()
	for _, r := range m.engine.networks {
		if own.has(release.SubjectNetwork, r) && r.mark == "" {
			keys = append(keys, r.key)
		}
	}
	slices.Sort(keys)
	return keys
}

// external adds the networks and volumes that a container uses and that the environment does not own.
func (m *Memory) external(model release.Model, c *container) {
	for path, key := range c.fields {
		if name, is := strings.CutPrefix(path, externalNetwork); is {
			model.Networks[key] = release.Fields{"external": name}
		}
		if name, is := strings.CutPrefix(path, externalVolume); is {
			if !model.UsesVolume(m.project, name) {
				release.AddVolume(model.Volumes, m.project, key, name, release.Fields{"external": name})
			}
		}
	}
}

// The fields of a container by which the engine remembers what is not the environment's own.
const (
	externalNetwork = "compose.external.network."
	externalVolume  = "compose.external.volume."
)

// observe adds a container. The first one speaks for its service.
func (m *Memory) observe(live *release.Observed, c *container, o deploy.ObserveOptions) {
	s, known := live.Model.Services[c.service]
	fields, inherited := visible(c.fields), release.Fields{}
	for target := range c.anonymous {
		fields["volumes."+target], inherited["volumes."+target] = "anonymous", "anonymous"
	}
	for target, volume := range c.inherited {
		fields["volumes."+target], inherited["volumes."+target] = m.inheritedField(c, volume), "anonymous"+release.SharedMount
	}
	if !known {
		s = release.Service{Fields: fields, Inherited: inherited, Job: c.job}
	}
	if c.running() || s.Job && c.ended() {
		s.Replicas++
	}
	one := release.Container{
		ID: c.id, Name: c.name, State: c.state, Health: m.engine.health(c), Exit: c.exit, Started: c.started,
		Restarts: c.restarts, Up: m.world.now.Sub(c.started),
		Fields: maps.Clone(fields), Made: c.made, Ports: map[string]string{},
	}
	if c.elsewhere(m.Environment.Dir) {
		one.Folder = c.folder
	}
	for _, b := range c.bindings {
		one.Ports[b.private] = cmp.Or(one.Ports[b.private], b.String())
	}
	if o.Includes(c.service) {
		one.Changed = m.engine.changes(c)
		s.SelfModified = slices.Compact(slices.Sorted(slices.Values(slices.Concat(s.SelfModified,
			one.Changed))))
	}
	live.Model.Services[c.service] = s
	live.Containers[c.service] = append(live.Containers[c.service], one)
}

// mixed marks the services whose containers were made for different models.
func (m *Memory) mixed(live *release.Observed) {
	for service, all := range live.Containers {
		for _, c := range all {
			if c.Made != all[0].Made {
				s := live.Model.Services[service]
				s.Mixed = append(s.Mixed, c.Name)
				live.Model.Services[service] = s
			}
		}
	}
}

// addDuplicates adds the projects that were made from the Compose files of the environment under other names.
func (m *Memory) addDuplicates(live *release.Observed) {
	files, containers := compose.Files(m.Environment), map[string][]string{}
	for _, c := range m.engine.containers {
		if c.composed && c.project != m.project && slices.Contains(files, c.file) {
			containers[c.project] = append(containers[c.project], c.name)
		}
	}
	live.Duplicates, _ = release.ComposeProjects(containers, func(project string) (volumes []string, _ error) {
		for name, v := range m.engine.volumes {
			if v.project == project {
				volumes = append(volumes, name)
			}
		}
		return volumes, nil
	})
}

// addAdoptable adds what the environment has and davit has not made.
func (m *Memory) addAdoptable(live *release.Observed) {
	own := m.own()
	for _, t := range m.things() {
		if !own.ephemeral && own.record.Adopts(t) {
			live.Adoptable = append(live.Adoptable, t)
		}
	}
	release.SortThings(live.Adoptable)
}

// addUnmanaged adds the containers that are of others, and that were quarantined.
func (m *Memory) addUnmanaged(live *release.Observed) {
	own := m.own()
	for _, c := range m.engine.containers {
		switch {
		case own.container(c) && !c.quarantined.IsZero():
			live.Quarantined = append(live.Quarantined, release.Quarantined{
				Name: c.name, Service: c.service, State: fmt.Sprintf("Exited (%d)", c.exit),
				Since: c.quarantined,
			})
		case !own.hasContainer(c) && (c.project == m.project || len(m.ownNetworks(c)) > 0):
			live.Unmanaged = append(live.Unmanaged, c.name)
			m.addGuest(live, c)
		}
	}
	slices.Sort(live.Unmanaged)
	release.SortGuests(live.Guests)
	slices.SortFunc(live.Quarantined, func(a, b release.Quarantined) int { return b.Since.Compare(a.Since) })
}

// addGuest adds a running container of others to those of the networks of the environment that it is on.
func (m *Memory) addGuest(live *release.Observed, c *container) {
	for _, key := range m.ownNetworks(c) {
		if c.running() {
			live.Guests = append(live.Guests, release.Guest{Network: key, Name: c.name})
		}
	}
}

// ownNetworks returns the keys of the networks of the environment that a container is on.
func (m *Memory) ownNetworks(c *container) (keys []string) {
	for _, name := range c.networks {
		if n := m.engine.networks[name]; n != nil && m.own().has(release.SubjectNetwork, n) {
			keys = append(keys, n.key)
		}
	}
	return keys
}

// Conflicts returns the ports and names of a model that other owners hold.
func (m *Memory) Conflicts(ctx context.Context, model release.Model) (all []release.Conflict, err error) {
	m.world.mu.Lock()
	defer m.world.mu.Unlock()
	for _, service := range slices.Sorted(maps.Keys(model.Services)) {
		all = append(all, m.conflicts(service, model.Services[service].Fields, model.ContainerNames(service))...)
	}
	all = append(all, m.foreignNames(release.SubjectNetwork, model.Networks)...)
	all = append(all, m.foreignNames(release.SubjectVolume, model.Volumes)...)
	slices.SortFunc(all, func(a, b release.Conflict) int { return cmp.Compare(a.String(), b.String()) })
	return slices.Compact(all), ctx.Err()
}

func (m *Memory) conflicts(service string, f release.Fields, names []string) (all []release.Conflict) {
	for _, want := range names {
		if c := m.engine.named(want); c != nil && !m.own().hasContainer(c) {
			all = append(all, release.Conflict{Service: service, Field: "container_name", Wants: want,
				Owner: m.ownerOf(c.project)})
		}
	}
	for _, path := range slices.Sorted(maps.Keys(f)) {
		for _, b := range published(release.Fields{path: f[path]}) {
			if owner := m.otherHolder(b); owner != "" {
				all = append(all, release.Conflict{Service: service, Field: path, Wants: f[path],
					Owner: owner, Port: true})
			}
		}
	}
	return all
}

// otherHolder returns which other owner has a port; empty for none.
func (m *Memory) otherHolder(b binding) string {
	owner := m.engine.holder(b, nil)
	if b.port == 0 || owner == (&container{project: m.project}).owner() {
		return ""
	}
	return owner
}

// foreignNames returns conflicts for the resources that exist already and belong to another project.
func (m *Memory) foreignNames(
	kind release.Subject, wanted map[string]release.Fields,
) (all []release.Conflict) {
	for key, f := range wanted {
		name := nameOf(m.project, key, f)
		r := m.engine.resources()[kind][name]
		if f["external"] == "" && r != nil && !m.own().has(kind, r) {
			all = append(all, release.Conflict{Field: fmt.Sprintf("%s %q", kind, key), Wants: name,
				Owner: m.ownerOf(r.project)})
		}
	}
	return all
}

func (m *Memory) ownerOf(project string) string {
	switch project {
	case "":
		return "something outside of any project"
	case m.project:
		return "something with its labels that is not davit's"
	}
	return fmt.Sprintf("project %q", project)
}
