package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/content/oci"
	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry/remote"

	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/trust"
)

// Signatures of an artifact are the layers of another one, as cosign writes it, under a tag that is made of the digest of
// the artifact. davit writes them also under the digest of the module, which project.lock has.
const (
	mediaTypePayload = "application/vnd.dev.cosign.simplesigning.v1+json"
	mediaTypeBundle  = "application/vnd.dev.sigstore.bundle" // and its version
	maxSignatures    = 64
	maxPayload       = 1 << 20
)

// formats are the annotations that signatures are in, and the ends of tags, by format. Those of ssh have a tag of their
// own, so that cosign does not meet them.
var formats = map[string]struct{ annotation, suffix string }{
	trust.Cosign: {"dev.cosignproject.cosign/signature", ".sig"},
	trust.SSH:    {"dev.davit.ssh-signature", ".sshsig"},
}

// signatureTag returns the tag of the signatures in a format of what has a digest.
func signatureTag(of, format string) string {
	return strings.ReplaceAll(of, ":", "-") + formats[format].suffix
}

// A reader reads artifacts by tag.
type reader interface {
	// manifest returns a manifest. The error is errdef.ErrNotFound if there is none.
	manifest(ctx context.Context, tag string) ([]byte, error)
	blob(ctx context.Context, d ocispecs.Descriptor) ([]byte, error)
	// bundles returns the manifests of the bundles that refer to a manifest.
	bundles(ctx context.Context, of string) ([][]byte, error)
}

type remoteReader struct{ *remote.Repository }

func (r remoteReader) manifest(ctx context.Context, tag string) ([]byte, error) {
	_, text, err := oras.FetchBytes(ctx, r, tag, oras.FetchBytesOptions{})
	return text, err
}

func (r remoteReader) blob(ctx context.Context, d ocispecs.Descriptor) ([]byte, error) {
	return content.FetchAll(ctx, r.Blobs(), d)
}

// bundles returns what the registry lists as referrers. Those without a list are asked for the tag that stands for it.
func (r remoteReader) bundles(ctx context.Context, of string) (all [][]byte, err error) {
	d := ocispecs.Descriptor{MediaType: ocispecs.MediaTypeImageManifest, Digest: digest.Digest(of)}
	err = r.Referrers(ctx, d, "", func(referrers []ocispecs.Descriptor) error {
		for _, one := range referrers {
			if !strings.HasPrefix(one.ArtifactType, mediaTypeBundle) || len(all) == maxSignatures || one.Size > maxManifest {
				continue
			}
			text, err := content.FetchAll(ctx, r.Manifests(), one)
			if err != nil {
				return err
			}
			all = append(all, text)
		}
		return nil
	})
	if isNotFound(err) {
		return nil, nil
	}
	return all, err
}

type layoutReader struct{ dir string }

// bundles returns none: cosign writes none into a layout.
func (layoutReader) bundles(context.Context, string) ([][]byte, error) { return nil, nil }

func (r layoutReader) manifest(_ context.Context, tag string) ([]byte, error) {
	all, err := manifestsOf(r.dir)
	i := slices.IndexFunc(all, func(d ocispecs.Descriptor) bool { return d.Annotations[ocispecs.AnnotationRefName] == tag })
	switch {
	case err == nil && i < 0 || errors.Is(err, fs.ErrNotExist):
		return nil, errdef.ErrNotFound
	case err != nil:
		return nil, err
	}
	return blobOf(r.dir, all[i].Digest, maxManifest)
}

func (r layoutReader) blob(_ context.Context, d ocispecs.Descriptor) ([]byte, error) {
	return blobOf(r.dir, d.Digest, maxPayload)
}

// signaturesOf returns the signatures of a module, which a tag may name: those of the module itself, and those of the
// artifact of the tag, if it has that module.
func signaturesOf(ctx context.Context, r reader, tag, module string) (all []trust.Signature, err error) {
	artifact, manifest := "", []byte(nil)
	if text, err := r.manifest(ctx, tag); err == nil {
		if hasLayer(text, module) {
			artifact, manifest = digest.FromBytes(text).String(), text
		}
	}
	for _, of := range []string{module, artifact} {
		if of == "" {
			continue
		}
		some, err := attached(ctx, r, of)
		if err != nil {
			return nil, err
		}
		for _, s := range some {
			s.Manifest = manifest
			all = append(all, s)
		}
	}
	return slices.DeleteFunc(all, func(s trust.Signature) bool { return !s.Covers(module) }), nil
}

// hasLayer reports whether the only layer of a manifest has a digest.
func hasLayer(manifest []byte, wanted string) bool {
	var m ocispecs.Manifest
	return json.Unmarshal(manifest, &m) == nil && len(m.Layers) == 1 && m.Layers[0].Digest.String() == wanted
}

// imageSignatures returns the signatures of an image.
func imageSignatures(ctx context.Context, r reader, of string) ([]trust.Signature, error) {
	all, err := attached(ctx, r, of)
	return slices.DeleteFunc(all, func(s trust.Signature) bool { return !s.CoversImage(of) }), err
}

// attached returns the signatures that are attached to what has a digest, whatever they are about.
func attached(ctx context.Context, r reader, of string) (all []trust.Signature, err error) {
	for _, format := range slices.Sorted(maps.Keys(formats)) {
		layers, err := signatureLayers(ctx, r, signatureTag(of, format))
		if err != nil {
			return nil, err
		}
		for _, d := range layers {
			if payload, err := r.blob(ctx, d); err == nil {
				all = append(all, trust.Signature{Format: format, Payload: payload, Text: d.Annotations[formats[format].annotation]})
			}
		}
	}
	bundles, err := r.bundles(ctx, of)
	for _, manifest := range bundles {
		all = append(all, bundleIn(ctx, r, manifest)...)
	}
	return all, err
}

// bundleIn returns the signature of a bundle, by its manifest; none for another form.
func bundleIn(ctx context.Context, r reader, manifest []byte) []trust.Signature {
	var m ocispecs.Manifest
	if json.Unmarshal(manifest, &m) != nil || len(m.Layers) != 1 || m.Layers[0].Size > maxPayload ||
		!strings.HasPrefix(m.Layers[0].MediaType, mediaTypeBundle) {
		return nil
	}
	text, err := r.blob(ctx, m.Layers[0])
	if err != nil {
		return nil
	}
	if s, ok := trust.ParseBundle(text); ok {
		return []trust.Signature{s}
	}
	return nil
}

// signatureLayers returns the layers of the artifact with signatures under a tag; none if there is none.
func signatureLayers(ctx context.Context, r reader, tag string) ([]ocispecs.Descriptor, error) {
	text, err := r.manifest(ctx, tag)
	if errors.Is(err, errdef.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var m ocispecs.Manifest
	if err := json.Unmarshal(text, &m); err != nil || len(m.Layers) > maxSignatures {
		return nil, errors.New("its signatures are no artifact of cosign's form")
	}
	return slices.DeleteFunc(m.Layers, func(d ocispecs.Descriptor) bool { return d.MediaType != mediaTypePayload || d.Size > maxPayload }), nil
}

// pushSignature adds a signature to those of what has a digest.
func pushSignature(ctx context.Context, r reader, to oras.Target, of string, s trust.Signature) error {
	tag := signatureTag(of, s.Format)
	layers, err := signatureLayers(ctx, r, tag)
	if err != nil {
		return err
	}
	layer := content.NewDescriptorFromBytes(mediaTypePayload, s.Payload)
	layer.Annotations = map[string]string{formats[s.Format].annotation: s.Text}
	layers = append(layers, layer)
	config, manifest, err := signatureArtifact(layers)
	if err != nil {
		return err
	}
	for _, b := range []struct {
		kind string
		data []byte
	}{{mediaTypePayload, s.Payload}, {ocispecs.MediaTypeImageConfig, config}, {ocispecs.MediaTypeImageManifest, manifest}} {
		err := to.Push(ctx, content.NewDescriptorFromBytes(b.kind, b.data), bytes.NewReader(b.data))
		if err != nil && !errors.Is(err, errdef.ErrAlreadyExists) {
			return err
		}
	}
	return to.Tag(ctx, content.NewDescriptorFromBytes(ocispecs.MediaTypeImageManifest, manifest), tag)
}

// signatureArtifact returns the configuration and the manifest of an artifact with signatures.
func signatureArtifact(layers []ocispecs.Descriptor) (config, manifest []byte, err error) {
	image := ocispecs.Image{RootFS: ocispecs.RootFS{Type: "layers"}}
	for _, d := range layers {
		image.RootFS.DiffIDs = append(image.RootFS.DiffIDs, d.Digest)
	}
	if config, err = json.Marshal(image); err != nil {
		return nil, nil, err
	}
	manifest, err = json.Marshal(ocispecs.Manifest{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispecs.MediaTypeImageManifest,
		Config: content.NewDescriptorFromBytes(ocispecs.MediaTypeImageConfig, config), Layers: layers,
	})
	return config, manifest, err
}

// Signatures returns the signatures of a module in the repository of a reference.
func (m Modules) Signatures(ctx context.Context, ref, module string) (all []trust.Signature, err error) {
	err = m.read(ctx, ref, func(ctx context.Context, repo *remote.Repository, tag string) (err error) {
		all, err = signaturesOf(ctx, remoteReader{repo}, tag, module)
		if err == nil && len(all) == 0 && !strings.HasPrefix(ref, repo.Reference.Registry+"/"+repo.Reference.Repository+":") {
			err = errdef.ErrNotFound // a mirror may lack them
		}
		return err
	})
	if isNotFound(err) {
		return nil, nil
	}
	return all, err
}

// PushSignature adds a signature of an artifact and its module.
func (m Modules) PushSignature(ctx context.Context, ref, artifact, module string, s trust.Signature) error {
	return m.do(ctx, ref, "accept", func(ctx context.Context, repo *remote.Repository, _ string) error {
		return errors.Join(pushSignature(ctx, remoteReader{repo}, repo, artifact, s), pushSignature(ctx, remoteReader{repo}, repo, module, s))
	})
}

// Signatures returns the signatures of a module in a layout.
func (l Layouts) Signatures(ctx context.Context, ref, module string) ([]trust.Signature, error) {
	dir, tag := l.open(ref)
	all, err := signaturesOf(ctx, layoutReader{dir}, tag, module)
	return all, layoutError(dir, err)
}

// PushSignature adds a signature of an artifact and its module to a layout.
func (l Layouts) PushSignature(ctx context.Context, ref, artifact, module string, s trust.Signature) error {
	dir, _ := l.open(ref)
	store, err := oci.NewWithContext(ctx, dir)
	if err != nil {
		return layoutError(dir, err)
	}
	return layoutError(dir, errors.Join(pushSignature(ctx, layoutReader{dir}, store, artifact, s),
		pushSignature(ctx, layoutReader{dir}, store, module, s)))
}

// Signatures returns none: there is no form for signatures beside a file.
func (Addresses) Signatures(context.Context, string, string) ([]trust.Signature, error) {
	return nil, nil
}

// PushSignature returns an error: nothing is published to a server of the web.
func (a Addresses) PushSignature(ctx context.Context, ref, _, _ string, _ trust.Signature) error {
	_, err := a.Push(ctx, blobs.Plugin, ref, nil, nil)
	return err
}

// Signatures returns the signatures of a module from where a reference is.
func (s Sources) Signatures(ctx context.Context, ref, module string) ([]trust.Signature, error) {
	return s.of(ref).Signatures(ctx, ref, module)
}

// PushSignature adds a signature of an artifact and its module.
func (s Sources) PushSignature(ctx context.Context, ref, artifact, module string, by trust.Signature) error {
	return s.of(ref).PushSignature(ctx, ref, artifact, module, by)
}
