package deploytest

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/davit-dev/davit/runner/deploy/history"
)

// An artifact is what a registry has under a tag: an image of a service, or the layer of a record.
type artifact struct {
	image Image
	layer []byte
}

// Publish pushes an image to a registry under a reference, as a person does, and returns its digest.
func (w *World) Publish(ref string, i Image) (digest string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.push(ref, artifact{image: i})
	return i.digest()
}

// BreakRegistries has no registry answer any more but with an error; nil ends that.
func (w *World) BreakRegistries(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = err
}

// Tags returns the tags of a repository, sorted.
func (w *World) Tags(repository string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Sorted(maps.Keys(w.registry[repository]))
}

func (w *World) push(ref string, a artifact) {
	repository, tag := split(ref)
	if w.registry[repository] == nil {
		w.registry[repository] = map[string]artifact{}
	}
	w.registry[repository][tag] = a
}

// artifact returns what a registry has under a reference, by its tag or its digest.
func (w *World) artifact(ref string) (artifact, error) {
	if w.down != nil {
		return artifact{}, w.down
	}
	repository, version := split(ref)
	for tag, a := range w.registry[repository] {
		if tag == version || a.image.digest() == version {
			return a, nil
		}
	}
	return artifact{}, fmt.Errorf("%s:%s is not in the registry", repository, version)
}

// A repository is one of a registry that mirrors the releases of an environment.
type repository struct {
	world *World
	name  string
}

// Tags returns all tags.
func (r repository) Tags(context.Context) ([]string, error) {
	tags := r.world.Tags(r.name)
	r.world.mu.Lock()
	defer r.world.mu.Unlock()
	return tags, r.world.down
}

// Layer returns the layer of a record.
func (r repository) Layer(_ context.Context, tag string) ([]byte, error) {
	r.world.mu.Lock()
	defer r.world.mu.Unlock()
	a, err := r.world.artifact(r.name + ":" + tag)
	return a.layer, err
}

// Put pushes a record.
func (r repository) Put(_ context.Context, tag string, _ map[string]string, layer []byte) error {
	r.world.mu.Lock()
	defer r.world.mu.Unlock()
	if r.world.down == nil {
		r.world.push(r.name+":"+tag, artifact{layer: layer})
	}
	return r.world.down
}

// Delete removes a record, or an image.
func (r repository) Delete(_ context.Context, tag string) error {
	r.world.mu.Lock()
	defer r.world.mu.Unlock()
	delete(r.world.registry[r.name], tag)
	return r.world.down
}

// ReplaceLayer changes the text of a record, as whoever can push to the registry may.
func (w *World) ReplaceLayer(ref, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.push(ref, artifact{layer: history.Layer([]byte(text))})
}

// CopyTag gives what a registry has under a reference another one too.
func (w *World) CopyTag(from, to string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a, err := w.artifact(from); err == nil {
		w.push(to, a)
	}
}
