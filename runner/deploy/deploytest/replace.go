package deploytest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// make makes the containers that a service lacks for there to be so many, each with the first number that is
// free.
func (a *apply) make(name string, n int) (made []*container, err error) {
	used := map[int]bool{}
	all := a.ofService(name)
	for _, c := range all {
		used[c.number] = true
	}
	for number := 1; len(all)+len(made) < n; number++ {
		if used[number] {
			continue
		}
		c, err := a.newContainer(name, number)
		if err != nil {
			return made, err
		}
		made = append(made, c)
		a.engine.containers = append(a.engine.containers, c)
	}
	return made, nil
}

// newContainer returns a container of a service as the release has it, which is not started yet.
func (a *apply) newContainer(service string, number int) (*container, error) {
	s := a.model.Services[service]
	c := &container{
		id: a.world.next(), name: fmt.Sprintf("%s-%s-%d", a.project, service, number), project: a.project,
		service: service, number: number, release: a.r.Number,
		job: s.Job, fields: maps.Clone(s.Fields), made: s.Fields.Sum(), state: release.StateCreated,
		mounts: map[string]string{}, has: a.parsed.Container(service), mark: a.mark, composed: true,
		folder: a.Environment.Dir,
	}
	if name := s.Fields["compose.container_name"]; name != "" {
		c.name = name
	}
	if other := a.engine.named(c.name); other != nil {
		return nil, fmt.Errorf("the container name %q is in use by %s", c.name, other.owner())
	}
	if c.image = a.engine.id(a.r.Images[service].Ref()); c.image == "" {
		return nil, fmt.Errorf("no such image: %s", s.Fields["image"])
	}
	c.anonymous = anonymousVolumes(s.Fields, a.engine.images[c.image])
	a.share(c)
	return c, errors.Join(a.connect(c), a.mount(c))
}

// connect puts a container on its networks.
func (a *apply) connect(c *container) error {
	for path := range a.model.Services[c.service].Fields {
		key, is := strings.CutPrefix(path, "networks.")
		f, known := a.model.Networks[key]
		if !is || !known {
			continue
		}
		name := nameOf(a.project, key, f)
		if a.engine.networks[name] == nil {
			return fmt.Errorf("network %s not found", name)
		}
		if f["external"] != "" {
			c.fields[externalNetwork+name] = key
		}
		c.networks = append(c.networks, name)
	}
	return nil
}

// mount gives a container its volumes.
func (a *apply) mount(c *container) error {
	for path, text := range a.model.Services[c.service].Fields {
		target, is := strings.CutPrefix(path, "volumes.")
		key := release.VolumeKey(text)
		if !is || key == "" {
			continue
		}
		f := a.model.Volumes[key]
		name := nameOf(a.project, key, f)
		if a.engine.volumes[name] == nil {
			return fmt.Errorf("volume %s not found", name)
		}
		if f["external"] != "" {
			c.fields[externalVolume+name] = key
		}
		c.mounts[target] = name
	}
	return nil
}

// anonymousVolumes returns an empty one for each of the fields and of the image at which nothing else is mounted.
func anonymousVolumes(f release.Fields, i Image) map[string]map[string]string {
	all := map[string]map[string]string{}
	for at, text := range f {
		if target, is := strings.CutPrefix(at, "volumes."); is && text == "anonymous" {
			all[target] = map[string]string{}
		}
	}
	for _, target := range i.Volumes {
		_, mounted := f["volumes."+target]
		if _, memory := f["tmpfs."+target]; !mounted && !memory {
			all[target] = map[string]string{}
		}
	}
	return all
}

// inherit gives a container the anonymous volumes of the one of its number that it replaces.
func (c *container) inherit(replaced []*container) {
	for _, old := range replaced {
		for target := range c.anonymous {
			if files, had := old.anonymous[target]; had && old.number == c.number {
				c.anonymous[target] = files
			}
		}
	}
}

// stopFirst removes the old containers of a service, and those that are too many, and then makes those that
// it lacks: a few at a time where there are several.
func (a *apply) stopFirst(ctx context.Context, name string, t serviceState) error {
	s := a.r.Model.Services[name]
	old := slices.Concat(t.old, surplus(&t, s.Replicas))
	batch := len(old)
	if s.Rolls() {
		batch = s.Rollout.Batch(s.Replicas - 1)
	}
	for chunk := range slices.Chunk(old, max(batch, 1)) {
		if err := a.swap(ctx, name, chunk); err != nil {
			return err
		}
	}
	return a.withLock(ctx, func() error { return a.fill(name) })
}

// swap removes some containers of a service, and makes and starts others in their place.
func (a *apply) swap(ctx context.Context, name string, chunk []*container) error {
	var made []*container
	err := a.withLock(ctx, func() (err error) {
		for _, c := range chunk {
			a.discard(c)
		}
		there := len(a.ofService(name))
		made, err = a.make(name, min(a.r.Model.Services[name].Replicas, there+len(chunk)))
		for i, c := range made {
			c.inherit(chunk)
			c.ports = chunk[i].ports
		}
		return errors.Join(err, a.startAll(made))
	})
	if err != nil {
		return err
	}
	return a.await(ctx, name, made)
}

// fill makes the containers that a service lacks.
func (a *apply) fill(name string) error {
	_, err := a.make(name, a.r.Model.Services[name].Replicas)
	return err
}

// surplus takes out the fresh containers that are too many.
func surplus(t *serviceState, n int) (more []*container) {
	if len(t.fresh) > n {
		more, t.fresh = t.fresh[n:], t.fresh[:n]
	}
	return more
}

// startFirst replaces containers without an interruption, a few at a time: old ones are removed when new ones are
// healthy. If these do not become that, they are removed, and nothing has happened to the others.
func (a *apply) startFirst(ctx context.Context, name string, t serviceState) error {
	s := a.r.Model.Services[name]
	t.old = append(t.old, surplus(&t, s.Replicas)...)
	if err := a.withLock(ctx, func() error { t.old = a.withoutStopped(t.old); return nil }); err != nil {
		return err
	}
	for {
		batch := s.Rollout.Batch(s.Replicas)
		made, err := a.startBeside(ctx, name, t, min(batch, s.Replicas-len(t.fresh)))
		if err != nil {
			return err
		}
		t.fresh = append(t.fresh, made...)
		leaving := t.old[:min(batch, len(t.old))]
		if len(t.fresh) >= s.Replicas {
			leaving = t.old
		}
		if t.old = t.old[len(leaving):]; len(t.old) == 0 {
			err = a.refreshClients(ctx, name)
		}
		if err := errors.Join(err, a.leave(ctx, name, leaving), a.takeOver(ctx, made, leaving)); err != nil {
			return err
		}
		if len(t.old) == 0 && len(t.fresh) >= s.Replicas {
			return nil
		}
	}
}

// startBeside starts so many new containers beside others, and waits until they are healthy.
func (a *apply) startBeside(ctx context.Context, name string, t serviceState, n int) (made []*container, err error) {
	err = a.withLock(ctx, func() (err error) {
		if n > 0 {
			made, err = a.make(name, n+len(t.all()))
		}
		return errors.Join(err, a.startAll(slices.Concat(t.fresh, made)))
	})
	if len(made) > 0 {
		a.report(name, fmt.Sprintf("starting %d beside %d", len(made), len(t.all())))
	}
	if err == nil {
		err = a.await(ctx, name, slices.Concat(t.fresh, made))
	}
	if err != nil && !a.pauses(ctx, name) {
		a.removeMade(made, len(t.all()) > 0)
	}
	return made, err
}

// pauses reports whether containers that did not become healthy stay: a deploy that nobody has stopped says so.
func (a *apply) pauses(ctx context.Context, name string) bool {
	return a.r.Model.Services[name].Rollout.OnFailure == release.OnFailurePause && a.findings == nil && !a.o.KeepGoing &&
		ctx.Err() == nil
}

// leave removes old containers.
func (a *apply) leave(ctx context.Context, name string, old []*container) error {
	for _, c := range old {
		a.report(name, "removing "+c.name)
	}
	return a.withLock(ctx, func() error {
		for _, c := range old {
			a.discard(c)
		}
		return nil
	})
}

// takeOver gives new containers the ports that the engine has chosen for those which they replace, where they take their
// places.
func (a *apply) takeOver(ctx context.Context, made, left []*container) error {
	return a.withLock(ctx, func() (err error) {
		for i, c := range made[:min(len(made), len(left))] {
			if a.r.Model.KeepsAddress(c.service, a.floating()) {
				c.ports = left[i].ports
				err = errors.Join(err, a.engine.bind(c))
			}
		}
		return err
	})
}

// refreshClients has the clients that remember the address of a service look its name up again.
func (a *apply) refreshClients(ctx context.Context, name string) error {
	return a.withLock(ctx, func() error {
		if a.r.Model.KeepsAddress(name, a.floating()) {
			return nil
		}
		for _, client := range a.r.Model.Clients(name) {
			if err := a.refresh(client); err != nil {
				return fmt.Errorf("service %q: %w", client, err)
			}
		}
		return nil
	})
}

// refresh runs the command of a client that makes it look names up, or restarts it.
func (a *apply) refresh(client string) error {
	reload, kind := a.r.Model.Services[client].Reload, a.kinds[client]
	for _, c := range a.ofService(client) {
		switch {
		case !c.running():
		case reload != "":
			if o := run([]string{"sh", "-c", reload}, view{a.engine, c}); o.exit != 0 {
				return fmt.Errorf("%q ended with exit code %d", reload, o.exit)
			}
		case kind != release.Replace && kind != release.Create && !a.r.Model.Services[client].RestartsAfter(a.kinds):
			c.stop(0)
			if err := a.engine.start(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// withoutStopped removes the old containers that do not run.
func (a *apply) withoutStopped(old []*container) []*container {
	return slices.DeleteFunc(slices.Clone(old), func(c *container) bool {
		if !c.running() {
			a.discard(c)
		}
		return !c.running()
	})
}

// removeMade removes new containers that did not become healthy, also after Ctrl-C, unless no other is there.
func (a *apply) removeMade(made []*container, others bool) {
	a.world.mu.Lock()
	defer a.world.mu.Unlock()
	for _, c := range made {
		if others {
			a.engine.remove(c)
		}
	}
}

// discard removes a container that is replaced or too many, or quarantines it if a heal found it.
func (a *apply) discard(c *container) {
	f, found := a.findings[c.id]
	if !found {
		a.engine.remove(c)
		return
	}
	a.quarantine(c, f)
}

// job runs a service to its end, unless that has been done for what it is now.
func (a *apply) job(ctx context.Context, name string, t serviceState) error {
	if a.r.Model.Services[name].Skipped {
		return a.removeRunning(ctx, t)
	}
	unfinished := func(c *container) bool { return c.running() || c.state == release.StateCreated }
	if err := a.withLock(ctx, func() error { t.old = a.retireForeign(t.old); return nil }); err != nil {
		return err
	}
	if a.kinds[name] == "" && len(t.old) == 0 && !slices.ContainsFunc(t.fresh, unfinished) {
		return nil
	}
	done := func(c *container) bool { return c.ended() || unfinished(c) }
	var all []*container
	err := a.withLock(ctx, func() (err error) {
		if len(t.old) > 0 || !slices.ContainsFunc(t.fresh, done) {
			for _, c := range t.all() {
				a.discard(c)
			}
			err = a.fill(name)
		}
		all = a.ofService(name)
		for _, c := range all {
			if c.state == release.StateCreated && err == nil {
				err = a.engine.start(c)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	a.report(name, "running it")
	return a.awaitJob(ctx, name, all)
}

// retireForeign quarantines the containers that a killed deploy of another release has left, and returns the rest.
func (a *apply) retireForeign(all []*container) []*container {
	return slices.DeleteFunc(slices.Clone(all), func(c *container) bool {
		f := a.findings[c.id]
		if f.Action == release.Quarantine {
			a.quarantine(c, f)
		}
		return f.Action == release.Quarantine
	})
}

// removeRunning removes the containers of a job that still run: they are of the release that is left.
func (a *apply) removeRunning(ctx context.Context, t serviceState) error {
	return a.withLock(ctx, func() error {
		for _, c := range t.all() {
			if c.running() {
				a.engine.remove(c)
			}
		}
		return nil
	})
}
