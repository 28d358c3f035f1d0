package pluginreg

import (
	"context"

	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/trust"
	"github.com/davit-dev/davit/plugins"
)

// An Artifact is something published, as it is in a registry.
type Artifact struct {
	Ref string `json:"ref"`
	// Digest is that of the blob, which project.lock pins.
	Digest string `json:"digest"`
	// Artifact is the digest of the artifact in the registry; empty if it was not pushed now.
	Artifact string `json:"artifact,omitempty"`
	// Size of the blob, in bytes.
	Size int `json:"size"`
	// SignedBy is the digest of the public key that signed it now.
	SignedBy string `json:"signed_by,omitempty"`
}

// A Plugin is a published plugin.
type Plugin struct {
	Artifact
	Manifest plugins.Manifest `json:"manifest"`
}

// A Publication says where something is published, and how.
type Publication struct {
	Ref string
	// Key is the private key that signs it; "" is none.
	Key string
	// Move has a tag that names another blob name this one.
	Move   bool
	signer trust.Signer // see ready
}

// Publish pushes the plugin in a file, and signs it if a key is named. A tag that names another module is left
// alone, unless it is to be moved.
func (p Published) Publish(ctx context.Context, file string, to Publication) (*Plugin, error) {
	if err := p.ready(&to); err != nil {
		return nil, err
	}
	data, err := regular.Read(file, blobs.MaxSize)
	if err != nil {
		return nil, fault.Preconditionf("davit plugin build makes it", "%q cannot be read: %s", file, regular.Reason(err))
	}
	m, err := plugins.Parse("", data)
	if err == nil {
		err = m.Scan()
	}
	if err != nil {
		return nil, err
	}
	a, err := p.push(ctx, to, blobs.Plugin, data, annotations(m.Manifest.Name, m.Manifest.Version, m.Manifest.Summary))
	return &Plugin{a, m.Manifest}, err
}

// ready returns why nothing can be published, before anything is. It opens the key.
func (p Published) ready(to *Publication) (err error) {
	if err = p.refer(to.Ref); err == nil && to.Key != "" {
		to.signer, err = p.Signatures.Open(to.Key)
	}
	return err
}

// annotations returns what other tools show of an artifact.
func annotations(name, version, summary string) map[string]string {
	return map[string]string{"org.opencontainers.image.title": name, "org.opencontainers.image.version": version,
		"org.opencontainers.image.description": summary}
}

// push pushes a blob, and signs it.
func (p Published) push(ctx context.Context, to Publication, kind blobs.Kind, data []byte, annotations map[string]string) (
	a Artifact, err error,
) {
	a = Artifact{Ref: to.Ref, Digest: blobs.Digest(data), Size: len(data)}
	there, err := p.Registry.Find(ctx, kind, to.Ref)
	if err != nil {
		return a, err
	}
	if there != "" && there != a.Digest && !to.Move {
		return a, fault.Refusef("publish it under another tag, or with --move", "%q is %s already, and this is %s", to.Ref,
			blobs.Short(there), blobs.Short(a.Digest))
	}
	a.Artifact, err = p.Registry.Push(ctx, kind, to.Ref, data, annotations)
	if err == nil && to.signer != nil {
		err = p.sign(ctx, &a, to.signer)
	}
	return a, err
}

// Inspect returns what is known of a published plugin, without adding it.
func (p Published) Inspect(ctx context.Context, ref string) (*Plugin, error) {
	if err := p.refer(ref); err != nil {
		return nil, err
	}
	digest, err := p.find(ctx, blobs.Plugin, ref)
	if err != nil {
		return nil, err
	}
	m, err := p.pullPlugin(ctx, "", ref, digest)
	if err != nil {
		return nil, err
	}
	data, err := m.Bytes()
	return &Plugin{Artifact{Ref: ref, Digest: digest, Size: len(data)}, m.Manifest}, err
}

// refer checks a reference, and that there is a network to reach it by.
func (p Published) refer(ref string) error {
	if !project.ValidReference(ref) {
		return project.ReferenceError(ref)
	}
	return p.online(ref)
}
