package docker

import (
	"cmp"
	"context"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/image"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// An observation is the state of an engine at one moment.
type observation struct {
	backend    *Backend
	containers []observedContainer
	images     map[string]image.InspectResponse
	// networks and volumes are the keys of the Compose files, by name on the engine.
	networks map[string]string // keys of Compose files, by name on the engine
	volumes  map[string]string
}

// An observedContainer is a container, and the files that it has changed.
type observedContainer struct {
	container.InspectResponse
	changed []string
}

func (f observedContainer) label(name string) string { return f.Config.Labels[name] }

func (f observedContainer) number() int {
	n, _ := strconv.Atoi(f.label(api.ContainerNumberLabel))
	return n
}

func (f observedContainer) running() bool { return f.State.Status == container.StateRunning }

// succeeded reports whether a job has ended well.
func (f observedContainer) succeeded() bool {
	return f.State.Status == container.StateExited && f.State.ExitCode == 0
}

// Observe returns the live state of the environment.
func (b *Backend) Observe(ctx context.Context, o deploy.ObserveOptions) (release.Observed, error) {
	all, err := b.engine.ContainerList(ctx, client.ContainerListOptions{All: true})
	if err != nil {
		return release.Observed{}, err
	}
	l := &observation{backend: b, networks: map[string]string{}, volumes: map[string]string{}}
	r := release.Observed{Model: release.Model{Project: b.project, Services: map[string]release.Service{}}, Containers: map[string][]release.Container{}}
	if r.Model.Networks, err = l.observeNetworks(ctx); err != nil {
		return r, err
	}
	if r.Model.Volumes, err = l.observeVolumes(ctx); err != nil {
		return r, err
	}
	if l.containers, err = b.inspect(ctx, b.serviceContainers(all.Items), o.Files); err != nil {
		return r, err
	}
	if l.images, err = b.inspectImages(ctx, l.containers); err != nil {
		return r, err
	}
	l.addExternal(r.Model)
	l.groupServices(&r)
	r.Unmanaged, r.Orphans = l.unmanaged(all.Items), b.orphans(all.Items)
	r.Quarantined = b.quarantined(all.Items)
	return r, nil
}

// serviceContainers returns the containers of the environment's services.
func (b *Backend) serviceContainers(all []container.Summary) (ours []container.Summary) {
	for _, c := range all {
		if c.Labels[api.ProjectLabel] == b.project && c.Labels[api.OneoffLabel] != "True" && c.Labels[api.ServiceLabel] != "" && !isQuarantined(b.project, c) {
			ours = append(ours, c)
		}
	}
	return ours
}

// orphans returns the containers of the environment that belong to no service: those of "docker compose run",
// and of somebody who copied labels.
func (b *Backend) orphans(all []container.Summary) (names []string) {
	for _, c := range all {
		if c.Labels[api.ProjectLabel] == b.project && !isQuarantined(b.project, c) && (c.Labels[api.OneoffLabel] == "True" || c.Labels[api.ServiceLabel] == "") {
			names = append(names, strings.TrimPrefix(c.Names[0], "/"))
		}
	}
	slices.Sort(names)
	return names
}

// containers returns the containers of the environment's services.
func (b *Backend) containers(ctx context.Context) ([]container.Summary, error) {
	all, err := b.engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ofProject(b.project)})
	return b.serviceContainers(all.Items), err
}

// inspect returns the details of containers, with files also those that they have changed. It leaves out a
// container that has just been removed.
func (b *Backend) inspect(ctx context.Context, all []container.Summary, files bool) ([]observedContainer, error) {
	inspected := make([]observedContainer, len(all))
	err := inParallel(all, func(i int, one container.Summary) (err error) {
		c, err := b.engine.ContainerInspect(ctx, one.ID, client.ContainerInspectOptions{})
		if err != nil {
			return ignoreNotFound(err)
		}
		inspected[i].InspectResponse = c.Container
		if files {
			inspected[i].changed, err = b.changedFiles(ctx, c.Container)
		}
		return err
	})
	inspected = slices.DeleteFunc(inspected, func(f observedContainer) bool { return f.ID == "" })
	slices.SortFunc(inspected, func(a, b observedContainer) int {
		return cmp.Or(cmp.Compare(a.number(), b.number()), cmp.Compare(a.Name, b.Name))
	})
	return inspected, err
}

// ignoreNotFound ignores that something is gone.
func ignoreNotFound(err error) error {
	if errdefs.IsNotFound(err) {
		return nil
	}
	return err
}

// inspectImages returns the images of containers, by id. An image that was removed by force has no details.
func (b *Backend) inspectImages(ctx context.Context, all []observedContainer) (map[string]image.InspectResponse, error) {
	images := map[string]image.InspectResponse{}
	for _, f := range all {
		images[f.Image] = image.InspectResponse{}
	}
	ids := slices.Collect(maps.Keys(images))
	var lock sync.Mutex
	err := inParallel(ids, func(_ int, id string) error {
		i, err := b.engine.ImageInspect(ctx, id)
		lock.Lock()
		defer lock.Unlock()
		images[id] = i.InspectResponse
		return ignoreNotFound(err)
	})
	return images, err
}

// observeNetworks returns the networks of the environment, by their keys in the Compose files.
func (l *observation) observeNetworks(ctx context.Context) (map[string]release.Fields, error) {
	list, err := l.backend.engine.NetworkList(ctx, client.NetworkListOptions{Filters: ofProject(l.backend.project)})
	if err != nil {
		return nil, err
	}
	all := map[string]release.Fields{}
	for _, n := range list.Items {
		key := n.Labels[api.NetworkLabel]
		l.networks[n.Name] = key
		f := release.Fields{"driver": n.Driver}
		setTrue(f, map[string]bool{"internal": n.Internal, "attachable": n.Attachable})
		setUserLabels(f, n.Labels)
		all[key] = f
	}
	return all, nil
}

// observeVolumes returns the volumes of the environment, by their keys in the Compose files.
func (l *observation) observeVolumes(ctx context.Context) (map[string]release.Fields, error) {
	list, err := l.backend.engine.VolumeList(ctx, client.VolumeListOptions{Filters: ofProject(l.backend.project)})
	if err != nil {
		return nil, err
	}
	all := map[string]release.Fields{}
	for _, v := range list.Items {
		key := v.Labels[api.VolumeLabel]
		l.volumes[v.Name] = key
		f := release.Fields{"driver": v.Driver}
		setUserLabels(f, v.Labels)
		all[key] = f
	}
	return all, nil
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
				m.Volumes[key] = release.Fields{"external": name}
			}
		}
	}
}

// groupServices makes services of the containers. The fields of a service are those of its first container,
// and its self-modified files those of all.
func (l *observation) groupServices(r *release.Observed) {
	for _, f := range l.containers {
		name := f.label(api.ServiceLabel)
		fields, inherited := l.fields(f)
		s, known := r.Model.Services[name]
		if !known {
			s = release.Service{Fields: fields, Inherited: inherited, Job: f.label(label.Job) != ""}
		}
		if f.running() || s.Job && f.succeeded() {
			s.Replicas++
		}
		s.SelfModified = slices.Compact(slices.Sorted(slices.Values(append(s.SelfModified, f.changed...))))
		r.Model.Services[name] = s
		r.Containers[name] = append(r.Containers[name], l.container(f, fields))
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
		ID: f.ID, Name: strings.TrimPrefix(f.Name, "/"), State: release.ContainerState(f.State.Status), Exit: f.State.ExitCode, Restarts: f.RestartCount,
		Fields: fields, Made: f.label(label.Fields), Ports: publishedPorts(f.InspectResponse), Changed: f.changed,
	}
	c.Started, _ = time.Parse(time.RFC3339Nano, f.State.StartedAt)
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

// unmanaged returns the containers of others that are on networks of the environment.
func (l *observation) unmanaged(all []container.Summary) (names []string) {
	for _, c := range all {
		if c.Labels[api.ProjectLabel] == l.backend.project || c.NetworkSettings == nil {
			continue
		}
		for network := range c.NetworkSettings.Networks {
			if l.networks[network] != "" && l.isOwnNetwork(network) {
				names = append(names, strings.TrimPrefix(c.Names[0], "/"))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// isOwnNetwork reports whether a network belongs to the environment alone, and is not an external one that it
// uses.
func (l *observation) isOwnNetwork(network string) bool {
	for _, f := range l.containers {
		if _, shared := f.Config.Labels[label.Networks+network]; shared {
			return false
		}
	}
	return true
}
