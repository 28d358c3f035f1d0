package buildkit

import (
	"strings"
	"time"

	"github.com/moby/buildkit/client"
	"github.com/opencontainers/go-digest"

	"github.com/davit-dev/davit/internal/ui"
)

// pulls adds up how much of each image has been pulled.
type pulls struct {
	images   map[digest.Digest]string
	layers   map[string]layer
	started  map[string]bool
	reported time.Time
}

// A layer is one part of an image, with the bytes that have arrived and their total.
type layer struct {
	image       string
	done, total int64
}

// progressInterval is the shortest time between two progress events.
const progressInterval = 250 * time.Millisecond

// addVertex records a vertex that pulls an image.
func (p *pulls) addVertex(v *client.Vertex) {
	name, is := strings.CutPrefix(v.Name, "image ")
	if !is {
		return
	}
	if p.images == nil {
		p.images, p.layers, p.started = map[digest.Digest]string{}, map[string]layer{}, map[string]bool{}
	}
	p.images[v.Digest] = name
}

// update records the progress of layers, and reports whether to emit an event. There is none for an image
// that is already there: none of its layers has a size.
func (p *pulls) update(statuses []*client.VertexStatus) (e ui.Event, news bool) {
	for _, s := range statuses {
		image := p.images[s.Vertex]
		if image == "" || s.Total == 0 || s.Name == "resolving" {
			continue
		}
		p.layers[s.ID] = layer{image, s.Current, s.Total}
		if !p.started[image] { // the first event has no figures
			p.started[image] = true
			return ui.Event{Type: ui.EventProgress, Text: "pulling " + image}, true
		}
		e, news = p.progress(image), true
	}
	if !news || time.Since(p.reported) < progressInterval {
		return e, false
	}
	p.reported = time.Now()
	return e, true
}

func (p *pulls) progress(image string) ui.Event {
	e := ui.Event{Type: ui.EventProgress, Text: "pulling " + image}
	for _, l := range p.layers {
		if l.image == image {
			e.Done, e.Total = e.Done+l.done, e.Total+l.total
		}
	}
	return e
}
