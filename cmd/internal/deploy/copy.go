package deploy

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// copyImage gets an image of the source to the backend, from a registry that has it, else over the
// connections to both, and returns it as the backend knows it.
func (o *operation) copyImage(ctx context.Context, from *source, i release.Image) (*release.Image, error) {
	found, err := o.backend.Find(ctx, i)
	if err != nil || found != nil {
		return found, err
	}
	t := o.track()
	err = o.transfer(ctx, from, i, t.event)
	t.end(err)
	if err != nil {
		return nil, err
	}
	if found, err = o.backend.Find(ctx, i); err == nil && found == nil {
		err = errors.New("image " + i.Name + " was copied to " + o.Name +
			", and its engine does not have it under " + i.Digest)
	}
	return found, err
}

func (o *operation) transfer(ctx context.Context, from *source, i release.Image, emit func(ui.Event)) error {
	var unfetched error
	if from.session.Registry != "" {
		if unfetched = o.backend.Fetch(ctx, from.session.Environment, "sent", i, emit); unfetched == nil {
			return nil
		}
	}
	archive, err := from.session.backend.Export(ctx, i)
	if err != nil && unfetched != nil {
		return usage("davit releases "+from.session.Name,
			"the engine of %s has no image %q any more, and the registry does not help: %v",
			from.session.Name, i.Name, unfetched)
	}
	if err != nil {
		return err
	}
	defer archive.Close()
	return o.backend.Import(ctx, i, &progressReader{Reader: archive, step: i.Name, emit: emit})
}

// A progressReader reports how many bytes have been read, a few times a second.
type progressReader struct {
	io.Reader
	step string
	emit func(ui.Event)
	done int64
	last time.Time
}

// Read reads, and reports.
func (p *progressReader) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	p.done += int64(n)
	if time.Since(p.last) > 200*time.Millisecond {
		p.last = time.Now()
		p.emit(ui.Event{Type: ui.EventProgress, Step: p.step, Done: p.done})
	}
	return n, err
}
