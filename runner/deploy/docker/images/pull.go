package images

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/distribution/reference"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
	"github.com/davit-dev/davit/runner/engine"
)

// Pull gets an image from a registry, by digest if the reference has one. Without always, an image that the
// engine has under that name is taken without asking a registry, for it may be in none. Offline no registry is asked.
func (s Store) Pull(
	ctx context.Context, ref string, always bool, emit func(ui.Event),
) (release.Image, error) {
	if i, err := s.Image(ctx, ref); err != nil || i != nil && (!always || s.Offline) {
		return deref(i), err
	}
	if s.Offline {
		return release.Image{}, &engine.MissingImageError{Image: ref}
	}
	return s.pull(ctx, ref, emit)
}

// pull asks the registry in any case.
func (s Store) pull(ctx context.Context, ref string, emit func(ui.Event)) (release.Image, error) {
	if emit != nil {
		emit(ui.Said("pull", "pulling "+ref))
	}
	auth, err := credentials(s.Env, ref)
	if err != nil {
		return release.Image{}, err
	}
	response, err := s.Engine.ImagePull(ctx, ref, client.ImagePullOptions{RegistryAuth: auth})
	if err == nil {
		err = errors.Join(readResult(response), response.Close())
	}
	if err != nil {
		return release.Image{}, pullError(ref, err)
	}
	i, err := s.Image(ctx, ref)
	if err == nil && i == nil {
		return release.Image{}, pullError(ref, errors.New("the engine removed it at once"))
	}
	return deref(i), err
}

func deref(i *release.Image) release.Image {
	if i == nil {
		return release.Image{}
	}
	return *i
}

func pullError(ref string, err error) error {
	reason, hint := firstLine(err.Error()), "docker pull "+ref+", on the machine of the engine, shows more"
	if named, bad := reference.ParseNormalizedNamed(ref); bad == nil && isAuthError(reason) {
		hint = "docker login " + reference.Domain(named) + ", if the image is there and is not public"
	}
	return fault.Preconditionf(hint, "image %q cannot be pulled: %s", ref, reason)
}

// isAuthError reports whether other credentials may help, from the text of engines and registries. There is
// no code for it: engines say "not found" or "internal error".
func isAuthError(reason string) bool {
	return slices.ContainsFunc([]string{"auth credentials", "unauthorized", "authentication required",
		"denied", "forbidden"}, func(said string) bool {
		return strings.Contains(strings.ToLower(reason), said)
	})
}

// firstLine returns the first line of a message.
func firstLine(text string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return first
}
