package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/content/oci"
	"oras.land/oras-go/v2/errdef"

	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/regular"
)

// Layouts are OCI layouts in folders, which have blobs as a registry has them.
type Layouts struct {
	// Dir is the folder that relative paths in references are relative to.
	Dir string
}

// maxManifest is the size of the largest index or manifest that is read, in bytes.
const maxManifest = 4 << 20

// Push adds a blob to a layout under a tag, and returns the digest of its artifact. A folder that is not there is made.
func (l Layouts) Push(ctx context.Context, kind blobs.Kind, ref string, blob []byte, annotations map[string]string) (string, error) {
	dir, tag := l.open(ref)
	a, err := newArtifact(kind, blob, annotations)
	if err != nil {
		return "", err
	}
	store, err := oci.NewWithContext(ctx, dir)
	if err != nil {
		return "", layoutError(dir, err)
	}
	for kind, data := range a.blobs {
		if err := pushOnce(ctx, store, kind, data); err != nil {
			return "", layoutError(dir, err)
		}
	}
	if err := pushOnce(ctx, store, ocispecs.MediaTypeImageManifest, a.manifest); err != nil {
		return "", layoutError(dir, err)
	}
	d := content.NewDescriptorFromBytes(ocispecs.MediaTypeImageManifest, a.manifest)
	return d.Digest.String(), layoutError(dir, store.Tag(ctx, d, tag))
}

// pushOnce pushes a blob, unless it is there already.
func pushOnce(ctx context.Context, store *oci.Store, kind string, data []byte) error {
	err := store.Push(ctx, content.NewDescriptorFromBytes(kind, data), bytes.NewReader(data))
	if errors.Is(err, errdef.ErrAlreadyExists) {
		return nil
	}
	return err
}

// Find returns the digest of the blob that a tag of a layout names; "" if there is none.
func (l Layouts) Find(_ context.Context, kind blobs.Kind, ref string) (string, error) {
	dir, tag := l.open(ref)
	manifests, err := manifestsOf(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	for _, d := range manifests {
		if err == nil && d.Annotations[ocispecs.AnnotationRefName] == tag {
			layer, _, err := layerIn(kind, dir, d)
			return layer.Digest.String(), layoutError(dir, err)
		}
	}
	return "", layoutError(dir, err)
}

// Pull returns the blob of a digest that a layout has.
func (l Layouts) Pull(_ context.Context, ref, wanted string) ([]byte, error) {
	dir, _ := l.open(ref)
	data, err := blobOf(dir, digest.Digest(wanted), blobs.MaxSize)
	return data, layoutError(dir, err)
}

// open returns the folder of a reference, and its tag.
func (l Layouts) open(ref string) (dir, tag string) {
	dir, tag, _ = project.Layout(ref)
	if dir = filepath.FromSlash(dir); !filepath.IsAbs(dir) {
		dir = filepath.Join(l.Dir, dir)
	}
	return dir, tag
}

// manifestsOf returns the manifests that the index of a layout lists.
func manifestsOf(dir string) ([]ocispecs.Descriptor, error) {
	text, err := regular.Read(filepath.Join(dir, ocispecs.ImageIndexFile), maxManifest)
	if err != nil {
		return nil, err
	}
	var index ocispecs.Index
	if err := json.Unmarshal(text, &index); err != nil {
		return nil, errors.New(ocispecs.ImageIndexFile + " is not one of an OCI layout")
	}
	return index.Manifests, nil
}

// layerIn returns the descriptor of the only layer of a manifest, and its annotations.
func layerIn(kind blobs.Kind, dir string, manifest ocispecs.Descriptor) (ocispecs.Descriptor, map[string]string, error) {
	text, err := blobOf(dir, manifest.Digest, maxManifest)
	if err != nil {
		return ocispecs.Descriptor{}, nil, err
	}
	return parseArtifact(kind, text)
}

// blobOf returns a blob of a layout, which is what its digest says.
func blobOf(dir string, wanted digest.Digest, limit int64) ([]byte, error) {
	if err := wanted.Validate(); err != nil {
		return nil, fmt.Errorf("%q is not a digest", wanted)
	}
	data, err := regular.ReadInside(dir, "blobs/"+wanted.Algorithm().String()+"/"+wanted.Encoded(), limit)
	if err == nil && wanted.Algorithm().FromBytes(data) != wanted {
		err = errors.New("a blob is not what its name says")
	}
	return data, err
}

// layoutError returns an error about a layout as one sentence.
func layoutError(dir string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the layout %q cannot be used: %s", dir, regular.Reason(err))
}
