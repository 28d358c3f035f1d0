package images

import (
	"context"
	"errors"

	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/ui"
)

// Push has the engine push an image: it has the layers, and gets the credentials of the caller for that. The image has the reference as a
// name only for as long.
func (s Store) Push(ctx context.Context, id, ref string, emit func(ui.Event)) error {
	if emit != nil {
		emit(ui.Event{Type: ui.EventOutput, Step: "registry", Text: "pushing " + ref + "\n"})
	}
	auth, err := credentials(s.Env, ref)
	if err != nil {
		return err
	}
	if err := s.Tag(ctx, id, ref); err != nil {
		return err
	}
	answer, err := s.Engine.ImagePush(ctx, ref, client.ImagePushOptions{RegistryAuth: auth})
	if err == nil {
		err = errors.Join(said(answer), answer.Close())
	}
	return errors.Join(err, s.Untag(context.WithoutCancel(ctx), ref))
}
