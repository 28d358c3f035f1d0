package history

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"

	"github.com/containerd/errdefs"

	"github.com/davit-dev/davit/runner/deploy/docker/images"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// recordFile is the one file in the one layer of a release.
const recordFile = "release.json"

// Record keeps a release, or how it ended, and the images that it is made of. An engine that has lost its releases gets back first what
// the registry has of them, the newest first: the number of the next one must not be taken.
func (h *History) Record(ctx context.Context, r release.Release) error {
	for len(h.onlyMirrored) > 0 {
		if err := h.keep(ctx, h.onlyMirrored[0]); err != nil {
			return err
		}
		h.onlyMirrored = h.onlyMirrored[1:]
	}
	return h.keep(ctx, r)
}

func (h *History) keep(ctx context.Context, r release.Release) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := h.tag(ctx, r); err != nil {
		return err
	}
	now := h.now()
	return h.store.Make(ctx, images.Scratch{
		Name: h.repository("release") + ":" + label.Number(r.Number) + "-" + r.Result, Created: now, File: images.File{Name: recordFile, Content: text},
		Labels: map[string]string{
			label.Project: r.Project, label.Environment: r.Environment, label.Release: label.Number(r.Number), label.Result: r.Result,
			label.Recorded: fmt.Sprintf("%020d", now.UnixNano()),
		},
	})
}

// tag names the images of a release: one that no container uses any more and that has no name is removed with the next "docker image
// prune", and the release could not come back.
func (h *History) tag(ctx context.Context, r release.Release) error {
	for service, i := range r.Images {
		if err := h.store.Tag(ctx, i.ID, h.imageTag(service, i)); err != nil && !errdefs.IsNotFound(err) { // what is lost, Restore names
			return err
		}
	}
	return nil
}

// read is the release in an image.
func (h *History) read(ctx context.Context, image string) (r release.Release, err error) {
	saved, err := h.store.Engine.ImageSave(ctx, []string{image})
	if err != nil {
		return r, err
	}
	defer saved.Close()
	record, err := find(saved)
	if err != nil {
		return r, fmt.Errorf("image %q has no release: %w", image, err)
	}
	return r, json.Unmarshal(record, &r)
}

// find looks for the record in the layers of an archive. Engines name layers in two ways, and none of the other files is a tar.
func find(archive io.Reader) ([]byte, error) {
	for t := tar.NewReader(archive); ; {
		if _, err := t.Next(); err != nil {
			return nil, err
		}
		if record, err := inLayer(t); err == nil {
			return record, nil
		}
	}
}

// inLayer is the record in a layer, which begins with it.
func inLayer(layer io.Reader) ([]byte, error) {
	t := tar.NewReader(layer)
	h, err := t.Next()
	if err == nil && path.Clean(h.Name) != recordFile {
		err = errors.New("it begins with " + h.Name)
	}
	if err != nil {
		return nil, err
	}
	return io.ReadAll(t)
}
