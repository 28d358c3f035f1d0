package deploytest

import (
	"cmp"
	"maps"
	"slices"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// An Engine runs the containers of any number of environments, and of others. Its methods act as somebody
// with another tool would.
type Engine struct {
	world      *World
	images     map[string]Image  // by id
	names      map[string]string // of images: "busybox:latest", "nginx@sha256:…", to ids
	networks   map[string]*resource
	volumes    map[string]*resource
	containers []*container // in the order in which they were made
	programs   []binding    // ports that programs of the machine have
	documents  map[string]map[string]stored
	locks      map[string]*held
	ephemerals map[string]ephemeralOwner
	lastPort   int
}

func newEngine(w *World) *Engine {
	return &Engine{
		world: w, images: map[string]Image{}, names: map[string]string{}, networks: map[string]*resource{},
		volumes:   map[string]*resource{},
		documents: map[string]map[string]stored{}, locks: map[string]*held{},
		ephemerals: map[string]ephemeralOwner{}, lastPort: 32767,
	}
}

// A resource is a network or a volume.
type resource struct {
	name    string
	project string // of the environment that owns it; empty for one that is nobody's
	key     string // its name in the Compose file
	fields  release.Fields
	files   map[string]string // of a volume
	id      string
	mark    string // of the change that made it
}

// thing returns it as it is recorded.
func (r *resource) thing(s release.Subject) release.Thing {
	return release.Thing{Subject: s, Name: r.name, Key: r.key, ID: r.id, Mark: r.mark}
}

// visible returns the fields that an engine can be asked for.
func visible(all release.Fields) release.Fields {
	return maps.Collect(func(yield func(string, string) bool) {
		for path, text := range all {
			if !unseen(path) && !yield(path, text) {
				return
			}
		}
	})
}

// named returns the container of a name; nil if there is none.
func (e *Engine) named(name string) *container {
	i := slices.IndexFunc(e.containers, func(c *container) bool { return c.name == name || c.id == name })
	if i < 0 {
		return nil
	}
	return e.containers[i]
}

// ofService returns the containers of a service, or of all, that belong to the environment or could be adopted
// and are in use, by their numbers.
func (m *Memory) ofService(service string) (all []*container) {
	own := m.own()
	for _, c := range m.engine.containers {
		if own.hasContainer(c) && c.ofServices() && (service == "" || c.service == service) {
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b *container) int {
		return cmp.Or(cmp.Compare(a.service, b.service), cmp.Compare(a.number, b.number),
			cmp.Compare(a.name, b.name))
	})
	return all
}

// ownResource returns the network or volume of a key of the environment; nil if there is none.
func (m *Memory) ownResource(s release.Subject, key string) *resource {
	own := m.own()
	for _, r := range m.engine.resources()[s] {
		if own.has(s, r) && r.key == key {
			return r
		}
	}
	return nil
}

// nameOf returns the name that a network or a volume is to have on the engine.
func nameOf(project, key string, f release.Fields) string {
	return cmp.Or(f["external"], f["compose.name"], project+"_"+key)
}
