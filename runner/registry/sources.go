package registry

import (
	"context"

	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/trust"
)

// Sources are all sources that published blobs may be in: registries, layouts in folders, and addresses. The reference
// says which.
type Sources struct {
	Modules
	Layouts
	Addresses
}

// A source has blobs.
type source interface {
	Push(ctx context.Context, kind blobs.Kind, ref string, blob []byte, annotations map[string]string) (string, error)
	Find(ctx context.Context, kind blobs.Kind, ref string) (string, error)
	Pull(ctx context.Context, ref, wanted string) ([]byte, error)
	Signatures(ctx context.Context, ref, module string) ([]trust.Signature, error)
	PushSignature(ctx context.Context, ref, artifact, module string, s trust.Signature) error
}

// of returns the source of a reference.
func (s Sources) of(ref string) source {
	if _, _, is := project.Layout(ref); is {
		return s.Layouts
	}
	if project.AddressDigest(ref) != "" {
		return s.Addresses
	}
	return s.Modules
}

// Push pushes a blob under a reference, and returns the digest of its artifact.
func (s Sources) Push(ctx context.Context, kind blobs.Kind, ref string, blob []byte, annotations map[string]string) (string, error) {
	return s.of(ref).Push(ctx, kind, ref, blob, annotations)
}

// Find returns the digest of the blob that a reference names; "" if there is none.
func (s Sources) Find(ctx context.Context, kind blobs.Kind, ref string) (string, error) {
	return s.of(ref).Find(ctx, kind, ref)
}

// Pull returns the blob of a digest from where a reference is.
func (s Sources) Pull(ctx context.Context, ref, wanted string) ([]byte, error) {
	return s.of(ref).Pull(ctx, ref, wanted)
}

// Search returns the modules in a registry, a namespace of it, or a layout.
func (s Sources) Search(ctx context.Context, namespace string) ([]project.Listed, error) {
	if _, _, is := project.Layout(namespace); is {
		return s.Layouts.search(namespace)
	}
	all, err := s.Modules.search(ctx, namespace)
	if isNotFound(err) || isDenied(err) {
		err = fault.Preconditionf("davit plugin inspect shows a plugin whose reference is known", "the registry does not list what is in %q", namespace)
	}
	return all, err
}
