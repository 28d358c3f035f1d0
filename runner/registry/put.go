package registry

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/registry/remote"
)

// Put pushes an image of one layer, a tar, with labels, under a tag. The same layer and labels give the same
// image.
func (r Repository) Put(ctx context.Context, tag string, labels map[string]string, layer []byte) error {
	config, err := json.Marshal(ocispecs.Image{
		Platform: ocispecs.Platform{Architecture: "amd64", OS: "linux"}, // required, although nobody runs it
		Config:   ocispecs.ImageConfig{Labels: labels},
		RootFS:   ocispecs.RootFS{Type: "layers", DiffIDs: []digest.Digest{digest.FromBytes(layer)}},
	})
	if err != nil {
		return err
	}
	manifest, err := json.Marshal(ocispecs.Manifest{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispecs.MediaTypeImageManifest,
		Config: content.NewDescriptorFromBytes(ocispecs.MediaTypeImageConfig, config),
		Layers: []ocispecs.Descriptor{content.NewDescriptorFromBytes(ocispecs.MediaTypeImageLayer, layer)},
	})
	if err != nil {
		return err
	}
	return r.do(ctx, "accept", func(repo *remote.Repository) error {
		blobs := map[string][]byte{ocispecs.MediaTypeImageConfig: config, ocispecs.MediaTypeImageLayer: layer}
		for kind, data := range blobs {
			d := content.NewDescriptorFromBytes(kind, data)
			if err := repo.Blobs().Push(ctx, d, bytes.NewReader(data)); err != nil {
				return err
			}
		}
		d := content.NewDescriptorFromBytes(ocispecs.MediaTypeImageManifest, manifest)
		return repo.Manifests().PushReference(ctx, d, bytes.NewReader(manifest), tag)
	})
}
