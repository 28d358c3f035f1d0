// Package pluginreg has the use cases of published plugins: publish one, add it to a project, update and remove it, and
// download what a project pins.
//
// project.toml names a plugin by its reference, project.lock pins the digest of its module, and the store of the machine
// has the module under that digest. A tag is resolved when a plugin is added or updated, and never otherwise. A change is
// proposed first, with the permissions that it grants, and then applied.
package pluginreg

import (
	"context"
	"errors"
	"fmt"

	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/trust"
	"github.com/davit-dev/davit/plugins"
)

// A Registry has blobs by reference and digest.
type Registry interface {
	Push(ctx context.Context, kind blobs.Kind, ref string, blob []byte, annotations map[string]string) (string, error)
	Find(ctx context.Context, kind blobs.Kind, ref string) (digest string, err error)
	Pull(ctx context.Context, ref, digest string) ([]byte, error)
	Search(ctx context.Context, namespace string) ([]project.Listed, error)
	Signatures(ctx context.Context, ref, blob string) ([]trust.Signature, error)
	PushSignature(ctx context.Context, ref, artifact, blob string, s trust.Signature) error
	ImageName(ref string) (string, error)
	ImageSignatures(ctx context.Context, ref string) (digest string, all []trust.Signature, err error)
}

// Signatures verifies signatures, and signs.
type Signatures interface {
	Verify(trust.Key, trust.Signature) error
	Open(key string) (trust.Signer, error)
}

// Published are the published plugins that a machine can reach.
type Published struct {
	Registry Registry
	Store    blobs.Store
	// Trust says whose signatures count.
	Trust      trust.Rules
	Signatures Signatures
	// Offline refuses whatever needs the registry.
	Offline bool
}

// pull returns a blob that is pinned, from the store or else from where its reference is, and stores it. One that check
// refuses or that lacks a signature that is required is not stored.
func (p Published) pull(ctx context.Context, name, ref string, b blobs.Blob, check func([]byte) error) ([]byte, error) {
	if data, err := p.Store.Read(name, b); err == nil {
		return data, errors.Join(check(data), p.Verify(ctx, ref, b))
	}
	if err := p.online(ref); err != nil {
		return nil, err
	}
	data, err := p.Registry.Pull(ctx, ref, b.Digest)
	if err != nil {
		return nil, err
	}
	if err := check(data); err != nil {
		return nil, err
	}
	if got := blobs.Digest(data); got != b.Digest {
		return nil, fault.Refusef("", "%q is %s, wanted %s", ref, blobs.Short(got), blobs.Short(b.Digest))
	}
	if err := p.Verify(ctx, ref, b); err != nil {
		return nil, err
	}
	return data, p.Store.Put(b.Kind, data)
}

// pullPlugin returns the plugin of a digest. One that no davit would load is refused.
func (p Published) pullPlugin(ctx context.Context, name, ref, digest string) (m *plugins.Module, err error) {
	_, err = p.pull(ctx, name, ref, blobs.Blob{Kind: blobs.Plugin, Digest: digest}, func(data []byte) error {
		m, err = plugins.Parse(name, data)
		if err == nil {
			err = m.Scan()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// find returns the digest of the blob that a reference names.
func (p Published) find(ctx context.Context, kind blobs.Kind, ref string) (string, error) {
	if err := p.online(ref); err != nil {
		return "", err
	}
	digest, err := p.Registry.Find(ctx, kind, ref)
	if err == nil && digest == "" {
		err = fault.Preconditionf(fmt.Sprintf("davit %s publish %s publishes one", kind, ref), "there is no %s %q", kind, ref)
	}
	return digest, err
}

// online refuses a request without a network, unless it is for a folder of this machine.
func (p Published) online(ref string) error {
	if _, _, local := project.Layout(ref); p.Offline && !local {
		return fault.Preconditionf("leave out --offline", "%q is in a registry, which takes a network connection", ref)
	}
	return nil
}
