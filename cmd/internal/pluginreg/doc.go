// Package pluginreg has the use cases of published plugins: publish one, add it to a project, update and remove it, and
// download what a project pins.
//
// project.toml names a plugin by its reference, project.lock pins the digest of its module, and the store of the machine
// has the module under that digest. A tag is resolved when a plugin is added or updated, and never otherwise. A change is
// proposed first, with the permissions that it grants, and then applied.
package pluginreg

import (
	"context"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/trust"
	"github.com/davit-dev/davit/plugins"
)

// A Registry has modules by reference and digest.
type Registry interface {
	Push(ctx context.Context, ref string, module []byte, annotations map[string]string) (string, error)
	Find(ctx context.Context, ref string) (digest string, err error)
	Pull(ctx context.Context, ref, digest string) ([]byte, error)
	Search(ctx context.Context, namespace string) ([]project.Listed, error)
	Signatures(ctx context.Context, ref, module string) ([]trust.Signature, error)
	PushSignature(ctx context.Context, ref, artifact, module string, s trust.Signature) error
}

// Signatures verifies signatures, and signs.
type Signatures interface {
	Verify(trust.Key, trust.Signature) error
	Open(private []byte, password string) (trust.Signer, error)
}

// Published are the published plugins that a machine can reach.
type Published struct {
	Registry Registry
	Store    plugins.Store
	// Trust says whose signatures count.
	Trust      trust.Rules
	Signatures Signatures
	// Password is that of the private key that signs; "" is none.
	Password string
	// Offline refuses whatever needs the registry.
	Offline bool
}

// pull returns the plugin of a digest, from the store or else from the registry, and stores it. One that lacks a signature
// that is required is refused.
func (p Published) pull(ctx context.Context, name, ref, digest string) (*plugins.Module, error) {
	if m, err := p.Store.Load(name, digest); err == nil {
		return m, p.verify(ctx, ref, digest)
	}
	if err := p.online(ref); err != nil {
		return nil, err
	}
	data, err := p.Registry.Pull(ctx, ref, digest)
	if err != nil {
		return nil, err
	}
	m, err := plugins.Parse(name, data)
	if err == nil {
		err = m.Scan()
	}
	if err != nil {
		return nil, err
	}
	if m.Digest != digest {
		return nil, fault.Refusef("", "%q is %s, wanted %s", ref, plugins.Short(m.Digest), plugins.Short(digest))
	}
	if err := p.verify(ctx, ref, digest); err != nil {
		return nil, err
	}
	return m, p.Store.Put(data)
}

// find returns the digest of the module that a reference names.
func (p Published) find(ctx context.Context, ref string) (string, error) {
	if err := p.online(ref); err != nil {
		return "", err
	}
	digest, err := p.Registry.Find(ctx, ref)
	if err == nil && digest == "" {
		err = fault.Preconditionf("davit plugin publish "+ref+" publishes one", "there is no plugin %q", ref)
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
