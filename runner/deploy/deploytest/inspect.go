package deploytest

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Logs passes the lines of services to give, merged by time. While they are followed, lines are given as
// containers say them.
func (m *Memory) Logs(ctx context.Context, o deploy.LogOptions, give func(deploy.LogLine) error) error {
	given := map[string]int{} // how many lines, by the id of their container
	for {
		lines, err := m.newLines(o, given)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if err := give(l); err != nil {
				return err
			}
		}
		if !o.Follow {
			return ctx.Err()
		}
		if err := m.nextLine(ctx, o, given); err != nil {
			return err
		}
	}
}

// newLines returns the lines that were not given yet.
func (m *Memory) newLines(o deploy.LogOptions, given map[string]int) (lines []deploy.LogLine, err error) {
	m.world.mu.Lock()
	defer m.world.mu.Unlock()
	if err := m.logged(o); err != nil {
		return nil, err
	}
	since := m.since(o.Since)
	m.see(m.ofService(""))
	for _, c := range m.ofService("") {
		if len(o.Services) > 0 && !slices.Contains(o.Services, c.service) {
			continue
		}
		log := slices.DeleteFunc(slices.Clone(c.log[given[c.id]:]),
			func(l deploy.LogLine) bool { return l.Time.Before(since) })
		if o.Tail > 0 && given[c.id] == 0 {
			log = log[max(0, len(log)-o.Tail):]
		}
		lines = append(lines, log...)
		given[c.id] = len(c.log)
	}
	slices.SortStableFunc(lines, func(a, b deploy.LogLine) int { return a.Time.Compare(b.Time) })
	return lines, nil
}

// nextLine waits until there may be another line.
func (m *Memory) nextLine(ctx context.Context, o deploy.LogOptions, given map[string]int) error {
	m.world.mu.Lock()
	defer m.world.mu.Unlock()
	for _, c := range m.ofService("") {
		if len(c.log) > given[c.id] && (len(o.Services) == 0 || slices.Contains(o.Services, c.service)) {
			return ctx.Err()
		}
	}
	return m.world.wait(ctx)
}

// since returns the time from which on lines are asked for.
func (m *Memory) since(text string) time.Time {
	if ago, err := time.ParseDuration(text); err == nil {
		return m.world.now.Add(-ago)
	}
	at, _ := time.Parse(time.RFC3339Nano, text) // logged has refused what is no time
	return at
}

// logged refuses what nobody can answer: a time that is none, and services without containers.
func (m *Memory) logged(o deploy.LogOptions) error {
	_, notAgo := time.ParseDuration(o.Since)
	_, notAt := time.Parse(time.RFC3339Nano, o.Since)
	if o.Since != "" && notAgo != nil && notAt != nil {
		return fault.Preconditionf("--since takes 10m or 2026-01-31T12:00:00Z",
			"%q is neither a duration nor a time", o.Since)
	}
	for _, service := range o.Services {
		if len(m.ofService(service)) == 0 {
			return deploy.NoContainer(m.Environment.Name, service, m.serviceNames())
		}
	}
	if len(m.ofService("")) == 0 && !o.Follow {
		return fault.Preconditionf("davit deploy "+m.Environment.Name,
			"environment %q has no containers", m.Environment.Name)
	}
	return nil
}

// serviceNames returns the services that have containers, sorted.
func (m *Memory) serviceNames() (names []string) {
	for _, c := range m.ofService("") {
		names = append(names, c.service)
	}
	return slices.Compact(names)
}

// Exec runs a command of the small shell in a container of a service.
func (m *Memory) Exec(ctx context.Context, o deploy.ExecOptions) (int, error) {
	var done outcome
	err := m.withLock(ctx, func() error {
		for _, c := range m.ofService(o.Service) {
			if c.running() && (o.Index == 0 || o.Index == c.number) {
				done = run(o.Command, view{m.engine, c})
				m.world.notify()
				return nil
			}
		}
		what := "container"
		if o.Index != 0 {
			what = fmt.Sprintf("container %d", o.Index)
		}
		return fault.Preconditionf("davit status "+m.Environment.Name+" shows what there is",
			"no %s of service %q runs in environment %q", what, o.Service, m.Environment.Name)
	})
	if err == nil && o.Out != nil && len(done.lines) > 0 {
		_, err = io.WriteString(o.Out, strings.Join(done.lines, "\n")+"\n")
	}
	return done.exit, err
}

// Files returns files of a container, each as it is there and in the image.
func (m *Memory) Files(ctx context.Context, name string, paths []string) (all []deploy.File, err error) {
	err = m.withLock(ctx, func() error {
		c := m.engine.named(name)
		if c == nil {
			return fmt.Errorf("no such container: %s", name)
		}
		for _, path := range paths {
			all = append(all, m.file(c, path))
		}
		return nil
	})
	return all, err
}

func (m *Memory) file(c *container, path string) deploy.File {
	f := deploy.File{Path: path}
	if was, has := m.engine.images[c.image].Files[path]; has {
		f.Original = []byte(was)
	}
	if is, has := m.engine.read(c, path); has {
		f.Current = []byte(is)
	}
	return f
}

// Details returns what is known besides what is compared.
func (m *Memory) Details(ctx context.Context) (d deploy.Details, err error) {
	if d.Holder, err = m.Holder(ctx); err != nil {
		return d, err
	}
	m.world.mu.Lock()
	defer m.world.mu.Unlock()
	d.Images = map[string]deploy.ImageDetails{}
	d.Networks, d.Volumes = map[string]deploy.NetworkDetails{}, map[string]deploy.VolumeDetails{}
	used := release.Model{Networks: m.owned(release.SubjectNetwork), Volumes: m.owned(release.SubjectVolume)}
	for _, c := range m.ofService("") {
		d.Images[c.fields["image"]] = deploy.ImageDetails{ID: c.image, Created: m.world.now}
		m.external(used, c)
	}
	for key, f := range used.Networks {
		d.Networks[key] = deploy.NetworkDetails{Name: m.nameOf(release.SubjectNetwork, key, f),
			Driver: f["driver"], External: f["external"] != ""}
	}
	for key, f := range used.Volumes {
		d.Volumes[key] = deploy.VolumeDetails{Name: m.nameOf(release.SubjectVolume, key, f), Driver: f["driver"],
			External: f["external"] != ""}
	}
	return d, nil
}

// nameOf returns the name on the engine of a network or a volume that is there.
func (m *Memory) nameOf(s release.Subject, key string, f release.Fields) string {
	if r := m.ownResource(s, key); r != nil {
		return r.name
	}
	return cmp.Or(f["external"], nameOf(m.project, key, f))
}
