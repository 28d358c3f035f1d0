package images

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/ui"
)

// Push has the engine push an image: it has the layers, and gets the credentials of the caller for that. The
// image has the reference as a name only meanwhile.
func (s Store) Push(ctx context.Context, id, ref string, emit func(ui.Event)) error {
	if emit != nil {
		emit(ui.Said("registry", "pushing "+ref))
	}
	auth, err := credentials(s.Env, ref)
	if err != nil {
		return err
	}
	if err := s.Tag(ctx, id, ref); err != nil {
		return err
	}
	err = s.push(ctx, ref, auth)
	if errors.Is(err, errStalled) {
		err = s.push(ctx, ref, auth)
	}
	return errors.Join(err, s.Untag(context.WithoutCancel(ctx), ref))
}

// stallTimeout is how long a push may make no progress. An old engine has been seen to wait for ever for a
// registry that was there; it pushes once nobody waits for that any more.
var stallTimeout = time.Minute

var errStalled = errors.New("the engine reports no progress")

func (s Store) push(ctx context.Context, ref, auth string) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	timer := time.AfterFunc(stallTimeout, func() { cancel(errStalled) })
	defer timer.Stop()
	response, err := s.Engine.ImagePush(ctx, ref, client.ImagePushOptions{RegistryAuth: auth})
	if err == nil {
		err = errors.Join(readResult(progressReader{response, timer}), response.Close())
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// A progressReader restarts a timer each time that something is read.
type progressReader struct {
	io.Reader
	timer *time.Timer
}

// Read reads, and restarts the timer.
func (h progressReader) Read(b []byte) (int, error) {
	n, err := h.Reader.Read(b)
	h.timer.Reset(stallTimeout)
	return n, err
}
