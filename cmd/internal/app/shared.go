package app

import (
	"context"
	"errors"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// share copies the releases of an environment to the registry, however the last one ended. What the engine has is the truth: that a
// registry does not answer makes no release worse, and the next deploy copies what is missing.
func (p *Project) share(ctx context.Context, s *session, emit func(ui.Event)) {
	if ctx.Err() != nil {
		return
	}
	t := p.track("", emit)
	err := s.target.Mirror(ctx, s.Keep, t.event)
	t.end(err)
	if err != nil {
		text := "the releases of " + s.Name + " are on its engine alone, until the next deploy: " + err.Error()
		if h := ui.Hinter(nil); errors.As(err, &h) && h.Hint() != "" {
			text += "; " + h.Hint()
		}
		emit(ui.Event{Type: ui.EventWarning, Text: text})
	}
}

// restore has the images of a release in the engine again.
func (p *Project) restore(ctx context.Context, s *session, r release.Release, emit func(ui.Event)) error {
	t := p.track("", emit)
	err := s.target.Restore(ctx, r, t.event)
	t.end(err)
	return err
}
