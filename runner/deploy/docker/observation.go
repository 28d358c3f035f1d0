package docker

import (
	"net"
	"slices"
	"strings"
	"time"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/image"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/api/types/volume"

	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// An observation is the state of an engine at one moment.
type observation struct {
	backend    *Backend
	owner      owner
	containers []observedContainer
	images     map[string]image.InspectResponse
	// networks and volumes are the keys of the Compose files, by name on the engine.
	networks map[string]string
	volumes  map[string]string
	// listed are the networks as the engine lists them.
	listed []network.Summary
	// own are the mounts of all containers, and of those that they have volumes of; nil where not all are observed.
	own ownMounts
	// sources are the containers of others that containers have the volumes of.
	sources []container.InspectResponse
	// adoptable are those that davit has not made.
	adoptable []release.Thing
}

// observeNetworks returns the networks of the environment among some, by their keys in the Compose files.
func (l *observation) observeNetworks(list []network.Summary) map[string]release.Fields {
	l.networks = map[string]string{}
	all := map[string]release.Fields{}
	for _, n := range list {
		if !l.includes(networkThing(n), n.Labels) {
			continue
		}
		l.listed = append(l.listed, n)
		key := n.Labels[api.NetworkLabel]
		l.networks[n.Name] = key
		f := release.Fields{"driver": n.Driver}
		setTrue(f, map[string]bool{"internal": n.Internal, "attachable": n.Attachable})
		setUserLabels(f, n.Labels)
		all[key] = f
	}
	return all
}

// observeVolumes returns the volumes of the environment among some, by their keys in the Compose files.
func (l *observation) observeVolumes(list []volume.Volume) map[string]release.Fields {
	l.volumes = map[string]string{}
	all := map[string]release.Fields{}
	slices.SortFunc(list, func(a, b volume.Volume) int { return strings.Compare(a.Name, b.Name) })
	for _, v := range list {
		key := v.Labels[api.VolumeLabel]
		if !l.includes(volumeThing(v), v.Labels) {
			continue
		}
		l.volumes[v.Name] = key
		f := release.Fields{"driver": v.Driver}
		setUserLabels(f, v.Labels)
		release.AddVolume(all, l.backend.project, key, v.Name, f)
	}
	return all
}

// includes reports whether a network or a volume belongs to the environment, or could be adopted.
func (l *observation) includes(t release.Thing, labels map[string]string) bool {
	if l.owner.adopts(t, labels) {
		l.adoptable = append(l.adoptable, t)
		return true
	}
	return l.owner.owns(t, labels)
}

func setTrue(f release.Fields, switches map[string]bool) {
	for path, on := range switches {
		if on {
			f[path] = "true"
		}
	}
}

// setUserLabels adds the labels that come neither from Compose nor from davit.
func setUserLabels(f release.Fields, labels map[string]string) {
	for name, value := range labels {
		if !strings.HasPrefix(name, "com.docker.compose.") && !strings.HasPrefix(name, label.Prefix) {
			f["labels."+name] = value
		}
	}
}

// addExternal adds the networks and volumes that the environment uses and does not own. The labels of its
// containers name them.
func (l *observation) addExternal(m release.Model) {
	for _, f := range l.containers {
		for text, key := range f.Config.Labels {
			if name, ok := strings.CutPrefix(text, label.Networks); ok && l.networks[name] == "" {
				l.networks[name] = key
				m.Networks[key] = release.Fields{"external": name}
			}
			if name, ok := strings.CutPrefix(text, label.Volumes); ok && l.volumes[name] == "" {
				l.volumes[name] = key
				release.AddVolume(m.Volumes, l.backend.project, key, name, release.Fields{"external": name})
			}
		}
	}
}

// groupServices makes services of the containers. The fields of a service are those of its first container,
// and its self-modified files those of all.
func (l *observation) groupServices(r *release.Observed) {
	l.own = findOwnMounts(l.containers, l.sources)
	for _, f := range l.containers {
		name := f.label(api.ServiceLabel)
		fields, inherited := l.fields(f)
		folder := l.otherFolder(f, fields)
		s, known := r.Model.Services[name]
		if !known {
			s = release.Service{Fields: fields, Inherited: inherited, Job: f.label(label.Job) != ""}
		}
		if f.running() || s.Job && f.succeeded() {
			s.Replicas++
		}
		s.SelfModified = slices.Compact(slices.Sorted(slices.Values(append(s.SelfModified, f.changed...))))
		r.Model.Services[name] = s
		one := l.container(f, fields)
		one.Folder = folder
		r.Containers[name] = append(r.Containers[name], one)
	}
	l.markMixed(r)
	for name, s := range r.Model.Services {
		if s.Job && s.Replicas == 0 {
			delete(r.Model.Services, name)
		}
	}
}

// markMixed names the containers that were made for another model than the first of their service: a davit
// was killed that was about to replace them. The engine may not tell them apart.
func (l *observation) markMixed(r *release.Observed) {
	first := map[string]string{}
	for _, f := range l.containers {
		service, sum := f.label(api.ServiceLabel), f.label(label.Fields)
		if one, known := first[service]; known && one != sum {
			s := r.Model.Services[service]
			s.Mixed = append(s.Mixed, strings.TrimPrefix(f.Name, "/"))
			r.Model.Services[service] = s
		} else {
			first[service] = sum
		}
	}
}

func (l *observation) container(f observedContainer, fields release.Fields) release.Container {
	c := release.Container{
		ID: f.ID, Name: strings.TrimPrefix(f.Name, "/"), Usual: l.backend.usualName(f), State: release.ContainerState(f.State.Status),
		Exit: f.State.ExitCode, Restarts: f.RestartCount,
		Fields: fields, Made: f.label(label.Fields), Ports: publishedPorts(f.InspectResponse),
		Changed: f.changed,
	}
	c.Started = startedAt(f)
	c.Up = l.backend.Now().Sub(c.Started)
	if made, err := time.Parse(time.RFC3339Nano, f.Created); err == nil && c.Restarts > 0 {
		c.Pace = l.backend.Now().Sub(made) / time.Duration(c.Restarts)
	}
	if h := f.State.Health; h != nil && h.Status != container.NoHealthcheck {
		c.Health = release.HealthState(h.Status)
	}
	return c
}

// publishedPorts returns the ports of a container, with the first address of each.
func publishedPorts(c container.InspectResponse) map[string]string {
	ports := map[string]string{}
	if c.NetworkSettings == nil {
		return ports
	}
	for port, bindings := range c.NetworkSettings.Ports {
		if len(bindings) > 0 {
			ports[port.String()] = net.JoinHostPort(bindings[0].HostIP.String(), bindings[0].HostPort)
		}
	}
	return ports
}

// unmanaged returns the containers of others that are on networks of the environment, or have its labels.
func (l *observation) unmanaged(all []container.Summary) (names []string) {
	for _, c := range all {
		if l.owner.hasContainer(c) {
			continue
		}
		if c.Labels[api.ProjectLabel] == l.backend.project {
			names = append(names, strings.TrimPrefix(c.Names[0], "/"))
		}
		if len(l.ownNetworks(c)) > 0 {
			names = append(names, strings.TrimPrefix(c.Names[0], "/"))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// guests returns the containers of others that are on networks of the environment and for which an engine does not remove
// these: they run, or are only held up.
func (l *observation) guests(all []container.Summary) (guests []release.Guest) {
	for _, c := range all {
		if l.owner.hasContainer(c) || !holding[c.State] {
			continue
		}
		for _, network := range l.ownNetworks(c) {
			guests = append(guests, release.Guest{Network: network, Name: strings.TrimPrefix(c.Names[0], "/")})
		}
	}
	release.SortGuests(guests)
	return guests
}

// holding are the states in which a container has its networks.
var holding = map[container.ContainerState]bool{
	container.StateRunning: true, container.StatePaused: true, container.StateRestarting: true,
}

// ownNetworks returns the keys of the networks of the environment that a container is on.
func (l *observation) ownNetworks(c container.Summary) (keys []string) {
	if c.NetworkSettings == nil {
		return nil
	}
	for network := range c.NetworkSettings.Networks {
		if l.networks[network] != "" && l.isOwnNetwork(network) {
			keys = append(keys, l.networks[network])
		}
	}
	return keys
}

// isOwnNetwork reports whether a network belongs to the environment alone, and is not an external one that it
// uses.
func (l *observation) isOwnNetwork(name string) bool {
	return slices.ContainsFunc(l.listed, func(n network.Summary) bool { return n.Name == name })
}
