package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/registry/remote"

	"github.com/davit-dev/davit/internal/blobs"
)

// The media types of a WebAssembly module in a registry, as in the layout for Wasm of the CNCF.
const (
	MediaTypeWasmConfig = "application/vnd.wasm.config.v0+json"
	MediaTypeWasm       = "application/wasm"
)

// layerTypes are the media types of the only layer of an artifact, by what it is.
var layerTypes = map[blobs.Kind]string{
	blobs.Plugin:     MediaTypeWasm,
	blobs.Convention: "application/vnd.davit.convention.v1.tar",
	blobs.Template:   "application/vnd.davit.template.v1.tar",
}

// Modules are blobs in registries that teams publish: WebAssembly modules and archives, one for each tag.
type Modules struct {
	// DockerConfig is the folder of docker's configuration, which names the credentials.
	DockerConfig string
	// Timeout is how long a registry may take for a blob; 0 is a minute.
	Timeout time.Duration
	// Mirrors are asked in place of a registry, by its host: "mirror.example.com/cache". What a mirror does not have, or
	// where it does not answer, the registry is asked for.
	Mirrors map[string]string
}

// Push pushes a blob under a reference, with annotations for other tools. The same blob and annotations give the
// same artifact, whose digest it returns.
func (m Modules) Push(ctx context.Context, kind blobs.Kind, ref string, blob []byte, annotations map[string]string) (string, error) {
	a, err := newArtifact(kind, blob, annotations)
	if err != nil {
		return "", err
	}
	return digest.FromBytes(a.manifest).String(), m.do(ctx, ref, "accept", func(ctx context.Context, repo *remote.Repository, tag string) error {
		for kind, data := range a.blobs {
			d := content.NewDescriptorFromBytes(kind, data)
			if err := repo.Blobs().Push(ctx, d, bytes.NewReader(data)); err != nil {
				return err
			}
		}
		d := content.NewDescriptorFromBytes(ocispecs.MediaTypeImageManifest, a.manifest)
		return repo.Manifests().PushReference(ctx, d, bytes.NewReader(a.manifest), tag)
	})
}

// An artifact is a blob as it is in a registry.
type artifact struct {
	blobs    map[string][]byte // by media type
	manifest []byte
}

// newArtifact returns the artifact of a blob.
func newArtifact(kind blobs.Kind, blob []byte, annotations map[string]string) (a artifact, err error) {
	layer := content.NewDescriptorFromBytes(layerTypes[kind], blob)
	configType, config, err := configOf(kind, layer.Digest)
	if err != nil {
		return a, err
	}
	a.blobs = map[string][]byte{configType: config, layer.MediaType: blob}
	a.manifest, err = json.Marshal(ocispecs.Manifest{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispecs.MediaTypeImageManifest,
		Config: content.NewDescriptorFromBytes(configType, config),
		Layers: []ocispecs.Descriptor{layer}, Annotations: annotations,
	})
	return a, err
}

// configOf returns the configuration of an artifact, by which other tools know what it is, and its media type.
func configOf(kind blobs.Kind, layer digest.Digest) (mediaType string, config []byte, err error) {
	if kind != blobs.Plugin {
		return "application/vnd.davit." + string(kind) + ".config.v1+json", []byte("{}"), nil
	}
	config, err = json.Marshal(map[string]any{"architecture": "wasm", "os": "wasip1", "layerDigests": []digest.Digest{layer}})
	return MediaTypeWasmConfig, config, err
}

// Find returns the digest of the blob that a reference names; "" if there is none.
func (m Modules) Find(ctx context.Context, kind blobs.Kind, ref string) (found string, err error) {
	err = m.read(ctx, ref, func(ctx context.Context, repo *remote.Repository, tag string) error {
		layer, _, err := layerOf(ctx, kind, repo, tag)
		found = layer.Digest.String()
		return err
	})
	if isNotFound(err) {
		return "", nil
	}
	return found, err
}

// Pull returns the blob of a digest that the repository of a reference has.
func (m Modules) Pull(ctx context.Context, ref, wanted string) (blob []byte, err error) {
	err = m.read(ctx, ref, func(ctx context.Context, repo *remote.Repository, _ string) error {
		d, err := repo.Blobs().Resolve(ctx, wanted)
		if err == nil {
			err = checkSize(d)
		}
		if err == nil {
			blob, err = content.FetchAll(ctx, repo.Blobs(), d)
		}
		return err
	})
	return blob, err
}

// layerOf returns the descriptor of the blob that a tag names, and the annotations of its artifact.
func layerOf(ctx context.Context, kind blobs.Kind, repo *remote.Repository, tag string) (ocispecs.Descriptor, map[string]string, error) {
	_, text, err := oras.FetchBytes(ctx, repo, tag, oras.FetchBytesOptions{})
	if err != nil {
		return ocispecs.Descriptor{}, nil, err
	}
	return parseArtifact(kind, text)
}

// parseArtifact returns the descriptor of the only layer of a manifest, which is of a kind, and the annotations.
func parseArtifact(kind blobs.Kind, text []byte) (ocispecs.Descriptor, map[string]string, error) {
	var manifest ocispecs.Manifest
	if err := json.Unmarshal(text, &manifest); err != nil || len(manifest.Layers) != 1 || manifest.Layers[0].MediaType != layerTypes[kind] {
		return ocispecs.Descriptor{}, nil, errors.New("it is no " + string(kind))
	}
	return manifest.Layers[0], manifest.Annotations, checkSize(manifest.Layers[0])
}

// checkSize returns an error for a blob that is too large.
func checkSize(d ocispecs.Descriptor) error {
	if d.Size > blobs.MaxSize {
		return fmt.Errorf("it has %s, and may have %s", size(d.Size), size(blobs.MaxSize))
	}
	return nil
}

// read performs a request at the mirror of a registry, if it has one, and otherwise or without success at the registry.
func (m Modules) read(ctx context.Context, ref string, do func(context.Context, *remote.Repository, string) error) error {
	mirrored := m.mirrored(ref)
	if mirrored == "" {
		return m.do(ctx, ref, "serve", do)
	}
	mirrorErr := m.do(ctx, mirrored, "serve", do)
	if mirrorErr == nil {
		return nil
	}
	err := m.do(ctx, ref, "serve", do)
	if both, is := errors.AsType[*Error](err); is && !isNotFound(err) && !isNotFound(mirrorErr) {
		both.Reason += "; and its mirror: " + mirrorErr.Error()
	}
	return err
}

// mirrored returns a reference at the mirror of its registry; "" if that has none.
func (m Modules) mirrored(ref string) string {
	host, rest, _ := strings.Cut(ref, "/")
	if mirror := m.Mirrors[host]; mirror != "" {
		return mirror + "/" + rest
	}
	return ""
}

// do performs a request about a reference, and repeats it after a broken connection until the time is over.
func (m Modules) do(ctx context.Context, ref, what string, do func(context.Context, *remote.Repository, string) error) error {
	limit := m.Timeout
	if limit == 0 {
		limit = time.Minute
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("it did not answer within %s", limit))
	defer cancel()
	at := strings.LastIndex(ref, ":")
	repo, err := openRepository(ref[:at], m.DockerConfig)
	if err != nil {
		return err
	}
	err = retry(ctx, func(string) {}, func() error { return do(ctx, repo, ref[at+1:]) })
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return wrapError(err, what, repo.Reference)
}

// A redirectError is a redirect that is not followed. To ask again would lead to it again.
type redirectError struct{ where string }

func (e *redirectError) Error() string { return "it redirects " + e.where }

// maxRedirects is how often one request is redirected: to a store of blobs, and once more.
const maxRedirects = 5

// checkRedirect returns an error for a redirect without end, or to where anybody could change the answer.
func checkRedirect(r *http.Request, before []*http.Request) error {
	switch {
	case len(before) > maxRedirects:
		return &redirectError{"without end"}
	case r.URL.Scheme != "https" && !loopback(r.URL.Host):
		return &redirectError{fmt.Sprintf("to %s://%s, and only a registry on this machine is spoken to in plain HTTP", r.URL.Scheme, r.URL.Host)}
	}
	return nil
}
