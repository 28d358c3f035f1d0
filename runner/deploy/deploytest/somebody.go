package deploytest

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/davit-dev/davit/internal/self"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/history"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A Foreign is a container that somebody makes without davit.
type Foreign struct {
	Name string
	// Project and Service are labels of Compose; without a project it is nobody's. Oneoff is what "docker
	// compose run" makes.
	Project, Service string
	Oneoff           bool
	// Ports are as the canonical form has them: "80/tcp" is at "127.0.0.1:8080". Networks are names on the
	// engine.
	Ports    map[string]string
	Networks []string
	// Fields are those of the service, which a container has that takes the place of another.
	Fields release.Fields
	Number int
	// Composed is one that "docker compose up" has made. All others only have the labels of the project and
	// the service.
	Composed bool
	// File is the Compose file that it was made from.
	File string
	// Like is a container of davit whose labels it has all, as one of an image that was made from it.
	Like string
}

// Run makes and starts a container of somebody else.
func (e *Engine) Run(f Foreign) error {
	e.world.mu.Lock()
	defer e.world.mu.Unlock()
	c := &container{id: e.world.next(), name: f.Name, project: f.Project, service: f.Service,
		number: f.Number, oneoff: f.Oneoff, fields: release.Fields{}, networks: f.Networks,
		composed: f.Composed, file: f.File}
	if of := e.named(f.Like); of != nil {
		c.project, c.service, c.number, c.job, c.made = of.project, of.service, of.number, of.job, of.made
		c.mark, c.composed = of.mark, true
	}
	for path, text := range f.Fields {
		c.fields[path] = text
	}
	for port, at := range f.Ports {
		c.fields["ports."+port] = at
	}
	c.anonymous = anonymousVolumes(c.fields, Image{})
	e.containers = append(e.containers, c)
	return e.start(c)
}

// Containers returns the names of all containers, sorted.
func (e *Engine) Containers() (names []string) {
	e.world.mu.Lock()
	defer e.world.mu.Unlock()
	for _, c := range e.containers {
		names = append(names, c.name)
	}
	slices.Sort(names)
	return names
}

// Volumes returns the names of all volumes, sorted.
func (e *Engine) Volumes() (names []string) {
	e.world.mu.Lock()
	defer e.world.mu.Unlock()
	for name := range e.volumes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// on does something to a container, and reports whether there is one.
func (e *Engine) on(name string, do func(*container)) bool {
	e.world.mu.Lock()
	defer e.world.mu.Unlock()
	c := e.named(name)
	if c != nil {
		do(c)
		e.world.notify()
	}
	return c != nil
}

// Kill ends the process of a container, which no restart policy starts again.
func (e *Engine) Kill(name string) bool { return e.on(name, func(c *container) { c.stop(137) }) }

// Remove removes a container, as "docker rm -f" does.
func (e *Engine) Remove(name string) bool { return e.on(name, e.remove) }

// RemoveNetwork removes a network.
func (e *Engine) RemoveNetwork(name string) {
	e.world.mu.Lock()
	defer e.world.mu.Unlock()
	delete(e.networks, name)
}

// RemoveVolume removes a volume.
func (e *Engine) RemoveVolume(name string) {
	e.world.mu.Lock()
	defer e.world.mu.Unlock()
	delete(e.volumes, name)
}

// ForgetOwnership removes the record of what belongs to an environment.
func (e *Engine) ForgetOwnership(environment release.Environment) {
	e.world.mu.Lock()
	defer e.world.mu.Unlock()
	maps.DeleteFunc(e.documents[environment.Instance()], func(_ string, d stored) bool {
		return d.Kind == history.OwnershipRecord
	})
}

// Pause pauses a container.
func (e *Engine) Pause(name string) bool {
	return e.on(name, func(c *container) { c.state = release.StatePaused })
}

// Write changes a file of a container.
func (e *Engine) Write(name, path, text string) bool {
	return e.on(name, func(c *container) { e.write(c, path, text) })
}

// Has reports whether a container sees a file.
func (e *Engine) Has(name, path string) (has bool) {
	e.on(name, func(c *container) { _, has = e.read(c, path) })
	return has
}

// Set changes a field of a container, which Docker allows only by making another one in its place.
func (e *Engine) Set(name, path, text string) bool {
	return e.on(name, func(c *container) { c.fields[path] = text })
}

// AddNetwork makes a network with the label of a project, or nobody's.
func (e *Engine) AddNetwork(name, project string) {
	e.world.mu.Lock()
	defer e.world.mu.Unlock()
	e.networks[name] = &resource{name: name, project: project, key: composeKey(name, project),
		fields: release.Fields{"driver": "bridge"}, id: e.world.next()}
}

// AddVolume makes a volume with the label of a project, or nobody's.
func (e *Engine) AddVolume(name, project string) {
	e.world.mu.Lock()
	defer e.world.mu.Unlock()
	e.volumes[name] = &resource{name: name, project: project, key: composeKey(name, project),
		fields: release.Fields{"driver": "local"}, files: map[string]string{}, id: e.world.next()}
}

// composeKey returns the name in a Compose file of what Compose has given a name; empty for anything else.
func composeKey(name, project string) string {
	key, composed := strings.CutPrefix(name, project+"_")
	if project == "" || !composed {
		return ""
	}
	return key
}

// Occupy has a program of the machine hold a port: "127.0.0.1:8080/tcp".
func (e *Engine) Occupy(at string) {
	e.world.mu.Lock()
	defer e.world.mu.Unlock()
	text, protocol, _ := strings.Cut(at, "/")
	host, port := splitPort(text)
	e.programs = append(e.programs, binding{protocol: protocol, host: host, port: port})
}

// Abandon has the holder of the lock of an environment say no more that it is there, as a davit that sleeps.
func (e *Engine) Abandon(environment release.Environment) {
	e.world.mu.Lock()
	defer e.world.mu.Unlock()
	if l := e.locks[environment.Instance()]; l != nil {
		l.abandoned = true
	}
}

// LeaveLock leaves the lock of a process that has ended.
func (e *Engine) LeaveLock(environment release.Environment, owner, operation string) {
	p := self.Get()
	p.Began = "1" // the process of that id began at another time
	e.world.mu.Lock()
	defer e.world.mu.Unlock()
	now := e.world.tick()
	e.locks[environment.Instance()] = &held{holder: deploy.Holder{
		Owner: owner, Operation: operation, Process: p, Since: now, Renewed: now, Expires: now.Add(time.Hour),
	}, abandoned: true}
}
