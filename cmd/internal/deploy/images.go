package deploy

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// collectImages gets the images of all services to the backend: those that are built there, those of
// registries, or those of the release of another environment, which are not built again.
func (o *operation) collectImages(ctx context.Context, from *source) (map[string]release.Image, error) {
	if o.request.Pull && o.environments.Offline {
		return nil, usage("leave out --offline", "--pull asks registries, which --offline forbids")
	}
	rendered, err := o.backend.Render(ctx)
	if err != nil {
		return nil, err
	}
	if err := o.checkDown(serviceNames(rendered)); err != nil {
		return nil, err
	}
	if _, err := o.notAllowed(rendered.Access); err != nil {
		return nil, err
	}
	for _, text := range append(rendered.Ignored,
		o.environments.sharedWith(o.Environment, rendered.SharedResources)...) {
		o.emit(ui.Event{Type: ui.EventWarning, Text: text})
	}
	images, err := o.build(ctx, rendered, from)
	if err != nil {
		return nil, err
	}
	if err := o.addImages(ctx, rendered, from, images); err != nil {
		return nil, err
	}
	if len(images) == 0 {
		return nil, usage(`profiles = ["NAME"] in [environments.`+o.Name+"] enables services",
			"the Compose files have no service for %s", o.Name)
	}
	return images, nil
}

// addImages adds the images of the services that are not built. Services with one reference have one image, unless each
// takes its own from a registry or from another release.
func (o *operation) addImages(
	ctx context.Context, rendered *deploy.Rendered, from *source, images map[string]release.Image,
) error {
	pulled := map[string]release.Image{} // by reference
	for _, service := range serviceNames(rendered) {
		if _, built := images[service]; built {
			continue
		}
		ref, pulls := rendered.Pulls[service]
		if known, has := pulled[ref]; has && pulls && from == nil && !rendered.AlwaysPull[service] {
			images[service] = known
			continue
		}
		i, err := o.imageOf(ctx, rendered, service, from)
		if err != nil {
			return err
		}
		images[service], pulled[ref] = *i, *i
	}
	return nil
}

// serviceNames returns the services that are rendered.
func serviceNames(r *deploy.Rendered) []string {
	all := slices.AppendSeq(slices.Collect(maps.Keys(r.Builds)), maps.Keys(r.Pulls))
	slices.Sort(all)
	return slices.Compact(all)
}

// imageOf returns the image of one service, once the backend has it.
func (o *operation) imageOf(
	ctx context.Context, rendered *deploy.Rendered, service string, from *source,
) (*release.Image, error) {
	_, builds := rendered.Builds[service]
	if from != nil {
		if i, has := from.release.Images[service]; has {
			if _, err := o.signedImage(ctx, i.Source); err != nil {
				return nil, err
			}
			return o.copyImage(ctx, from, i)
		}
		if builds || service == o.packaged {
			return nil, refused("davit deploy "+from.session.Name+" first",
				"%s has no service %q, whose image would have to be built, and %s builds nothing",
				from, service, o.Name)
		}
	}
	if service == o.packaged && o.request.NoBuild {
		images, err := o.notBuilt([]string{service})
		i := images[service]
		return &i, err
	}
	if service == o.packaged {
		ref, err := o.environments.Builder.Package(ctx, o.Environment, nested(o.emit))
		if err != nil {
			return nil, err
		}
		return o.built(ctx, ref)
	}
	return o.pull(ctx, rendered.Pulls[service], o.request.Pull || rendered.AlwaysPull[service])
}

// pull gets an image from a registry, or takes the one that the backend has. One that needs a signature is verified first,
// and pulled by its digest.
func (o *operation) pull(ctx context.Context, ref string, always bool) (*release.Image, error) {
	ref, err := o.signedReference(ctx, ref, always)
	if err != nil {
		return nil, err
	}
	t := o.track()
	i, err := o.backend.Pull(ctx, ref, always, t.event)
	t.end(err)
	return &i, err
}

// signedReference returns the reference of an image, with the digest that has a signature if one is required and the
// backend does not have the image.
func (o *operation) signedReference(ctx context.Context, ref string, always bool) (string, error) {
	if o.environments.SignedImage == nil {
		return ref, nil
	}
	known, err := o.backend.Image(ctx, ref)
	if err != nil {
		return "", err
	}
	if known != nil && known.Source != "" && !always {
		_, err = o.signedImage(ctx, known.Source)
		return ref, err
	}
	digest, err := o.signedImage(ctx, ref)
	if digest != "" && !strings.Contains(ref, "@") {
		ref += "@" + digest
	}
	return ref, err
}

// signedImage returns the digest of an image that has the signature which is required; "" if none is required, or if the
// image is in no registry.
func (o *operation) signedImage(ctx context.Context, ref string) (string, error) {
	if o.environments.SignedImage == nil || ref == "" {
		return "", nil
	}
	return o.environments.SignedImage(ctx, ref)
}

// build builds the images of services in the store of the backend. An environment that takes a release from
// another one builds nothing.
func (o *operation) build(
	ctx context.Context, rendered *deploy.Rendered, from *source,
) (map[string]release.Image, error) {
	images := map[string]release.Image{}
	switch {
	case from != nil || len(rendered.Builds) == 0:
		return images, nil
	case o.request.NoBuild:
		return o.notBuilt(slices.Sorted(maps.Keys(rendered.Builds)))
	}
	refs, err := o.environments.Builder.Build(ctx, o.Environment, rendered.Builds, nested(o.emit))
	if err != nil {
		return nil, err
	}
	for service, ref := range refs {
		i, err := o.built(ctx, ref)
		if err != nil {
			return nil, err
		}
		images[service] = *i
	}
	return images, nil
}

// notBuilt returns the images of the current release for services that would be built.
func (s *session) notBuilt(services []string) (map[string]release.Image, error) {
	images, now := map[string]release.Image{}, s.current()
	for _, service := range services {
		if now == nil || now.Images[service].Digest == "" {
			return nil, usage("davit plan "+s.Name+" builds it", "%s has no image of service %q, and --no-build builds none",
				s.Name, service)
		}
		images[service] = now.Images[service]
	}
	return images, nil
}

// built returns an image that was built, as the backend knows it: by the digest that the build has returned
// or, where the store wraps it in a manifest of its own, by its name.
func (s *session) built(ctx context.Context, ref string) (*release.Image, error) {
	name, digest, _ := strings.Cut(ref, "@")
	for _, known := range []string{digest, name + ":latest"} {
		i, err := s.backend.Image(ctx, known)
		if err != nil {
			return nil, err
		}
		if i != nil {
			i.Name = name
			return i, nil
		}
	}
	return nil, errors.New("the image " + ref + " was built, and the engine of " + s.Name +
		" does not have it")
}
