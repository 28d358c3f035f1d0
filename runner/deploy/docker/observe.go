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

// observation is one look at an engine.
type observation struct {
	t        *Target
	seen     []found
	images   map[string]image.InspectResponse
	networks map[string]string // keys of Compose files, by name on the engine
	volumes  map[string]string
}

// found is a container.
type found struct {
	container.InspectResponse
	changed []string
}

func (f found) label(name string) string { return f.Config.Labels[name] }

func (f found) number() int {
	n, _ := strconv.Atoi(f.label(api.ContainerNumberLabel))
	return n
}

func (f found) running() bool { return f.State.Status == container.StateRunning }

// ended tells whether a job is over and well.
func (f found) ended() bool { return f.State.Status == container.StateExited && f.State.ExitCode == 0 }

// Observe returns the live state of the environment.
func (t *Target) Observe(ctx context.Context, o deploy.ObserveOptions) (release.Observed, error) {
	all, err := t.engine.ContainerList(ctx, client.ContainerListOptions{All: true})
	if err != nil {
		return release.Observed{}, err
	}
	l := &observation{t: t, networks: map[string]string{}, volumes: map[string]string{}}
	r := release.Observed{Model: release.Model{Project: t.project, Services: map[string]release.Service{}}, Containers: map[string][]release.Container{}}
	if r.Model.Networks, err = l.networksOf(ctx); err != nil {
		return r, err
	}
	if r.Model.Volumes, err = l.volumesOf(ctx); err != nil {
		return r, err
	}
	if l.seen, err = t.inspect(ctx, t.ours(all.Items), o.Files); err != nil {
		return r, err
	}
	if l.images, err = t.imagesOf(ctx, l.seen); err != nil {
		return r, err
	}
	l.foreign(r.Model)
	l.services(&r)
	r.Unmanaged, r.Orphans = l.unmanaged(all.Items), t.orphans(all.Items)
	r.Quarantined = t.quarantined(all.Items)
	return r, nil
}

// ours are the containers of the environment's services.
func (t *Target) ours(all []container.Summary) (ours []container.Summary) {
	for _, c := range all {
		if c.Labels[api.ProjectLabel] == t.project && c.Labels[api.OneoffLabel] != "True" && c.Labels[api.ServiceLabel] != "" && !isQuarantined(t.project, c) {
			ours = append(ours, c)
		}
	}
	return ours
}

// orphans are containers of the environment that are of no service of it: those of "docker compose run", and of who copied labels.
func (t *Target) orphans(all []container.Summary) (names []string) {
	for _, c := range all {
		if c.Labels[api.ProjectLabel] == t.project && !isQuarantined(t.project, c) && (c.Labels[api.OneoffLabel] == "True" || c.Labels[api.ServiceLabel] == "") {
			names = append(names, strings.TrimPrefix(c.Names[0], "/"))
		}
	}
	slices.Sort(names)
	return names
}

// containers are those of the environment's services.
func (t *Target) containers(ctx context.Context) ([]container.Summary, error) {
	all, err := t.engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ofProject(t.project)})
	return t.ours(all.Items), err
}

// inspect looks at containers, and at the files that they have changed. One that has just gone is left out.
func (t *Target) inspect(ctx context.Context, all []container.Summary, files bool) ([]found, error) {
	seen := make([]found, len(all))
	err := each(all, func(i int, one container.Summary) (err error) {
		c, err := t.engine.ContainerInspect(ctx, one.ID, client.ContainerInspectOptions{})
		if err != nil {
			return gone(err)
		}
		seen[i].InspectResponse = c.Container
		if files {
			seen[i].changed, err = t.changed(ctx, c.Container)
		}
		return err
	})
	seen = slices.DeleteFunc(seen, func(f found) bool { return f.ID == "" })
	slices.SortFunc(seen, func(a, b found) int { return cmp.Or(cmp.Compare(a.number(), b.number()), cmp.Compare(a.Name, b.Name)) })
	return seen, err
}

// gone forgives that something is not there any more.
func gone(err error) error {
	if errdefs.IsNotFound(err) {
		return nil
	}
	return err
}

// imagesOf are the images of containers, by id. One that was removed by force says nothing about what a container has from it.
func (t *Target) imagesOf(ctx context.Context, seen []found) (map[string]image.InspectResponse, error) {
	images := map[string]image.InspectResponse{}
	for _, f := range seen {
		images[f.Image] = image.InspectResponse{}
	}
	ids := slices.Collect(maps.Keys(images))
	var lock sync.Mutex
	err := each(ids, func(_ int, id string) error {
		i, err := t.engine.ImageInspect(ctx, id)
		lock.Lock()
		defer lock.Unlock()
		images[id] = i.InspectResponse
		return gone(err)
	})
	return images, err
}

// networksOf are the networks of the environment.
func (l *observation) networksOf(ctx context.Context) (map[string]release.Fields, error) {
	list, err := l.t.engine.NetworkList(ctx, client.NetworkListOptions{Filters: ofProject(l.t.project)})
	if err != nil {
		return nil, err
	}
	all := map[string]release.Fields{}
	for _, n := range list.Items {
		key := n.Labels[api.NetworkLabel]
		l.networks[n.Name] = key
		f := release.Fields{"driver": n.Driver}
		setTrue(f, map[string]bool{"internal": n.Internal, "attachable": n.Attachable})
		own(f, n.Labels)
		all[key] = f
	}
	return all, nil
}

// volumesOf are the volumes of the environment.
func (l *observation) volumesOf(ctx context.Context) (map[string]release.Fields, error) {
	list, err := l.t.engine.VolumeList(ctx, client.VolumeListOptions{Filters: ofProject(l.t.project)})
	if err != nil {
		return nil, err
	}
	all := map[string]release.Fields{}
	for _, v := range list.Items {
		key := v.Labels[api.VolumeLabel]
		l.volumes[v.Name] = key
		f := release.Fields{"driver": v.Driver}
		own(f, v.Labels)
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

// own adds the labels that neither Compose nor davit gave.
func own(f release.Fields, labels map[string]string) {
	for name, value := range labels {
		if !strings.HasPrefix(name, "com.docker.compose.") && !strings.HasPrefix(name, label.Prefix) {
			f["labels."+name] = value
		}
	}
}

// foreign are the networks and volumes that the environment uses and does not own: its containers bear their names.
func (l *observation) foreign(m release.Model) {
	for _, f := range l.seen {
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

// services groups what was found. The first container speaks for its service, and what it changes in its files all may.
func (l *observation) services(r *release.Observed) {
	for _, f := range l.seen {
		name := f.label(api.ServiceLabel)
		fields, inherited := l.fields(f)
		s, known := r.Model.Services[name]
		if !known {
			s = release.Service{Fields: fields, Inherited: inherited, Job: f.label(label.Job) != ""}
		}
		if f.running() || s.Job && f.ended() {
			s.Replicas++
		}
		s.SelfModified = slices.Compact(slices.Sorted(slices.Values(append(s.SelfModified, f.changed...))))
		r.Model.Services[name] = s
		r.Containers[name] = append(r.Containers[name], l.container(f, fields))
	}
	l.mixed(r)
	for name, s := range r.Model.Services {
		if s.Job && s.Replicas == 0 {
			delete(r.Model.Services, name)
		}
	}
}

// mixed marks services whose containers were made for different models: a davit was killed that was about to replace them. Where an
// engine can tell them apart, their fields do.
func (l *observation) mixed(r *release.Observed) {
	first := map[string]string{}
	for _, f := range l.seen {
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

func (l *observation) container(f found, fields release.Fields) release.Container {
	c := release.Container{
		ID: f.ID, Name: strings.TrimPrefix(f.Name, "/"), State: release.ContainerState(f.State.Status), Exit: f.State.ExitCode, Restarts: f.RestartCount,
		Fields: fields, Made: f.label(label.Fields), Ports: published(f.InspectResponse), Changed: f.changed,
	}
	c.Started, _ = time.Parse(time.RFC3339Nano, f.State.StartedAt)
	if h := f.State.Health; h != nil && h.Status != container.NoHealthcheck {
		c.Health = release.HealthState(h.Status)
	}
	return c
}

// published are the ports of a container as they are just now, the first address of each.
func published(c container.InspectResponse) map[string]string {
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

// unmanaged are the containers of others that are on networks of the environment.
func (l *observation) unmanaged(all []container.Summary) (names []string) {
	for _, c := range all {
		if c.Labels[api.ProjectLabel] == l.t.project || c.NetworkSettings == nil {
			continue
		}
		for network := range c.NetworkSettings.Networks {
			if l.networks[network] != "" && l.owned(network) {
				names = append(names, strings.TrimPrefix(c.Names[0], "/"))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// owned tells whether a network is the environment's and not one that it shares on purpose.
func (l *observation) owned(network string) bool {
	for _, f := range l.seen {
		if _, shared := f.Config.Labels[label.Networks+network]; shared {
			return false
		}
	}
	return true
}
