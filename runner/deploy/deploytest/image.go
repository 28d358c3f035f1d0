package deploytest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/history"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// An Image is one image of an engine or of a registry. What is in it decides its id.
type Image struct {
	// Content is anything that makes two images differ.
	Content string
	Command []string
	// HealthTest is the command of its health check, as a Compose file has it: CMD, true.
	HealthTest []string
	// Volumes are the folders that it declares as volumes.
	Volumes []string
	// Ports that it exposes: "80/tcp".
	Ports []string
	// Files by their paths.
	Files map[string]string
}

// ID returns the id that engines know it by.
func (i Image) ID() string { return "sha256:" + hash(i) }

// digest returns the digest of its manifest, which is another one than its id.
func (i Image) digest() string { return "sha256:" + hash("manifest "+i.ID()) }

// AddImage gives an engine an image under a name, as a build does, and returns its id.
func (e *Engine) AddImage(name string, i Image) (id string) {
	e.world.mu.Lock()
	defer e.world.mu.Unlock()
	return e.add(tagged(name), i)
}

// RemoveImage removes an image by its id, with all its names.
func (e *Engine) RemoveImage(id string) {
	e.world.mu.Lock()
	defer e.world.mu.Unlock()
	delete(e.images, id)
	for name, of := range e.names {
		if of == id {
			delete(e.names, name)
		}
	}
}

func (e *Engine) add(name string, i Image) string {
	e.images[i.ID()] = i
	e.names[name] = i.ID()
	return i.ID()
}

// untag takes a name from an image, and removes one that has no other and that no container has.
func (e *Engine) untag(name string) {
	id := e.names[name]
	delete(e.names, name)
	for _, of := range e.names {
		if of == id {
			return
		}
	}
	if !slices.ContainsFunc(e.containers, func(c *container) bool { return c.image == id }) {
		delete(e.images, id)
	}
}

// tagged returns a reference with its tag.
func tagged(ref string) string {
	if strings.Contains(ref, "@") || strings.Contains(ref[strings.LastIndex(ref, "/")+1:], ":") {
		return ref
	}
	return ref + ":latest"
}

// familiar returns a repository as people write it.
func familiar(repository string) string {
	return strings.TrimPrefix(strings.TrimPrefix(repository, "docker.io/"), "library/")
}

// split returns the repository of a reference, and its digest or else its tag.
func split(ref string) (repository, version string) {
	if name, digest, pinned := strings.Cut(ref, "@"); pinned {
		name, _, _ = strings.Cut(name, ":")
		return familiar(name), digest
	}
	ref = tagged(ref)
	i := strings.LastIndex(ref, ":")
	return familiar(ref[:i]), ref[i+1:]
}

// id returns the id of the image of a name, an id or the digest of a manifest; empty if there is none.
func (e *Engine) id(ref string) string {
	if _, has := e.images[ref]; has {
		return ref
	}
	repository, version := split(ref)
	for name, id := range e.names {
		if name == tagged(ref) || name == repository+"@"+version || strings.HasSuffix(name, "@"+ref) {
			return id
		}
	}
	return ""
}

// find returns the image of a name, an id or the digest of a manifest; nil if there is none.
func (e *Engine) find(ref string) *release.Image {
	id := e.id(ref)
	if id == "" {
		return nil
	}
	i := &release.Image{Digest: id, Name: ref, Health: len(e.images[id].HealthTest) > 0,
		Volumes: e.images[id].Volumes}
	repository, _ := split(ref)
	if digest := e.images[id].digest(); e.names[repository+"@"+digest] == id {
		i.Digest, i.Source, i.Local = digest, release.SourceOf(ref, digest), id
	}
	return i
}

// Image returns an image that the engine has, by name or by id; nil if it has none.
func (m *Memory) Image(ctx context.Context, ref string) (*release.Image, error) {
	m.world.mu.Lock()
	defer m.world.mu.Unlock()
	return m.engine.find(ref), ctx.Err()
}

// Find returns an image of a release as the engine knows it; nil if it does not have it.
func (m *Memory) Find(ctx context.Context, i release.Image) (*release.Image, error) {
	m.world.mu.Lock()
	defer m.world.mu.Unlock()
	for _, ref := range []string{i.Local, i.Digest, i.Source} {
		if id := m.engine.id(ref); ref != "" && id != "" {
			if i.Local = ""; id != i.Digest {
				i.Local = id
			}
			return &i, ctx.Err()
		}
	}
	return nil, ctx.Err()
}

// Pull gets an image from a registry.
func (m *Memory) Pull(
	ctx context.Context, ref string, always bool, emit func(ui.Event),
) (release.Image, error) {
	m.world.mu.Lock()
	known := m.engine.find(ref)
	m.world.mu.Unlock()
	if known != nil && !always {
		return *known, ctx.Err()
	}
	if emit != nil {
		emit(ui.Said("pull", "pulling "+ref))
	}
	m.world.mu.Lock()
	defer m.world.mu.Unlock()
	a, err := m.world.artifact(ref)
	if err != nil {
		return release.Image{}, fault.Preconditionf("docker pull "+ref+" tells more",
			"image %q cannot be pulled: %v", ref, err)
	}
	repository, _ := split(ref)
	m.engine.add(repository+"@"+a.image.digest(), a.image)
	if !strings.Contains(ref, "@") {
		m.engine.add(tagged(ref), a.image)
	}
	return *m.engine.find(ref), ctx.Err()
}

// Fetch gets an image of a release from the registry that it was pulled from, or from the mirror of an
// environment.
func (m *Memory) Fetch(
	ctx context.Context, from release.Environment, service string, i release.Image, emit func(ui.Event),
) error {
	ref := history.Upstream(i)
	if ref == "" {
		if ref = history.MirrorImage(from, i); ref == "" {
			return errors.New("no registry has it")
		}
	}
	pulled, err := m.Pull(ctx, ref, true, emit)
	if err != nil {
		return err
	}
	if pulled.Digest != i.Digest && pulled.Ref() != i.Ref() {
		return fmt.Errorf("%s is a different image, with the id %s", ref, pulled.Ref())
	}
	return records{m}.Keep(ctx, service, i)
}

// Export returns an image as an archive.
func (m *Memory) Export(ctx context.Context, i release.Image) (io.ReadCloser, error) {
	m.world.mu.Lock()
	defer m.world.mu.Unlock()
	image, has := m.engine.images[m.engine.id(i.Ref())]
	if !has {
		return nil, m.missing(i)
	}
	text, err := json.Marshal(image)
	return io.NopCloser(bytes.NewReader(text)), errors.Join(err, ctx.Err())
}

// Import reads an archive of an image.
func (m *Memory) Import(ctx context.Context, i release.Image, archive io.Reader) error {
	var image Image
	if err := json.NewDecoder(archive).Decode(&image); err != nil {
		return fmt.Errorf("image %q cannot be sent to environment %q: %w", i.Name, m.Environment.Name, err)
	}
	m.world.mu.Lock()
	defer m.world.mu.Unlock()
	if image.ID() != i.Ref() {
		return m.missing(i)
	}
	m.engine.images[image.ID()] = image
	return ctx.Err()
}

func (m *Memory) missing(i release.Image) error {
	return fault.Preconditionf("davit releases "+m.Environment.Name,
		"the engine of environment %q has no image %q with the digest %q", m.Environment.Name, i.Name,
		i.Digest)
}
