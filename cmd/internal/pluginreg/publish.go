package pluginreg

import (
	"context"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/plugins"
)

// An Artifact is a plugin in a registry.
type Artifact struct {
	Ref      string           `json:"ref"`
	Manifest plugins.Manifest `json:"manifest"`
	// Digest is that of the module, which project.lock pins.
	Digest string `json:"digest"`
	// Artifact is the digest of the artifact in the registry; empty if it was not pushed now.
	Artifact string `json:"artifact,omitempty"`
	// Size of the module, in bytes.
	Size int `json:"size"`
	// SignedBy is the digest of the public key that signed it now.
	SignedBy string `json:"signed_by,omitempty"`
}

// Publish pushes the plugin in a file, and signs it if there is a file with a key. A tag that names another module is left
// alone, unless it is to be moved.
func (p Published) Publish(ctx context.Context, file, ref, key string, move bool) (*Artifact, error) {
	if err := p.refer(ref); err != nil {
		return nil, err
	}
	if key != "" {
		if _, err := p.openKey(key); err != nil { // before anything is published
			return nil, err
		}
	}
	data, err := regular.Read(file, maxModule)
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
	there, err := p.Registry.Find(ctx, ref)
	if err != nil {
		return nil, err
	}
	if there != "" && there != m.Digest && !move {
		return nil, fault.Refusef("publish it under another tag, or with --move", "%q is %s already, and this is %s", ref,
			plugins.Short(there), plugins.Short(m.Digest))
	}
	a := &Artifact{Ref: ref, Manifest: m.Manifest, Digest: m.Digest, Size: len(data)}
	a.Artifact, err = p.Registry.Push(ctx, ref, data, map[string]string{
		"org.opencontainers.image.title": m.Manifest.Name, "org.opencontainers.image.version": m.Manifest.Version,
		"org.opencontainers.image.description": m.Manifest.Summary})
	if err == nil && key != "" {
		err = p.sign(ctx, a, key)
	}
	return a, err
}

// maxModule is the size of the largest module that is read, in bytes.
const maxModule = 64 << 20

// Inspect returns what is known of a published plugin, without adding it.
func (p Published) Inspect(ctx context.Context, ref string) (*Artifact, error) {
	if err := p.refer(ref); err != nil {
		return nil, err
	}
	digest, err := p.find(ctx, ref)
	if err != nil {
		return nil, err
	}
	m, err := p.pull(ctx, "", ref, digest)
	if err != nil {
		return nil, err
	}
	data, err := m.Bytes()
	return &Artifact{Ref: ref, Manifest: m.Manifest, Digest: digest, Size: len(data)}, err
}

// refer checks a reference, and that there is a network to reach it by.
func (p Published) refer(ref string) error {
	if !project.ValidReference(ref) {
		return project.ReferenceError(ref)
	}
	return p.online(ref)
}
