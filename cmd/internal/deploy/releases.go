package deploy

import (
	"context"
	"errors"
	"slices"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// ReleaseSummary is a release without its models.
type ReleaseSummary struct {
	release.Release
	Model   *release.Model `json:"model,omitempty"`
	Compose []byte         `json:"compose,omitempty"`
	Chain   []release.Link `json:"chain,omitempty"`
	// Digest is that of the record, and Invalid says why it cannot be used.
	Digest  string `json:"digest,omitempty"`
	Invalid string `json:"invalid,omitempty"`
	// Repairs of it, the newest first, in a list of releases.
	Repairs []release.Repair `json:"repairs,omitempty"`
	// Interrupted means that no davit applies it any more, and that none has recorded its end, in a list of releases.
	Interrupted bool `json:"interrupted,omitempty"`
}

// Releases returns those of an environment, the newest first, each with its repairs.
func (e *Environments) Releases(ctx context.Context, environment string) ([]ReleaseSummary, error) {
	s, err := e.openLook(ctx, environment)
	if err != nil {
		return nil, err
	}
	defer s.close()
	current, err := s.inProgress(ctx)
	if err != nil {
		return nil, err
	}
	repairs, err := s.backend.ListRepairs(ctx)
	all := []ReleaseSummary{}
	for _, r := range s.releases {
		ofOther := func(one release.Repair) bool { return one.Release != r.Number }
		all = append(all, ReleaseSummary{Release: r, Digest: r.Digest, Invalid: r.Invalid,
			Repairs:     slices.DeleteFunc(slices.Clone(repairs), ofOther),
			Interrupted: r.Result == release.Pending && r.Number != current})
	}
	return all, err
}

// inProgress returns the number of the only release that a davit may apply: the newest one, if somebody has the lock. It
// reads the releases again where nobody has, since that one may just have ended.
func (s *session) inProgress(ctx context.Context) (number int, err error) {
	if len(s.releases) == 0 || s.releases[0].Result != release.Pending {
		return 0, nil
	}
	number = s.releases[0].Number
	holder, err := s.backend.Holder(ctx)
	if err != nil || holder != nil && !holder.Exited() {
		return number, err
	}
	s.releases, err = s.backend.Releases(ctx)
	if err != nil || len(s.releases) == 0 || s.releases[0].Number == number {
		return 0, err
	}
	return s.releases[0].Number, nil
}

// summary returns the current release without its models; nil where nothing was deployed.
func (s *session) summary() *ReleaseSummary {
	r := s.current()
	if r == nil {
		return nil
	}
	return &ReleaseSummary{Release: *r, Digest: r.Digest}
}

// mirror copies the releases to the registry, however the last one ended. The engine is the truth: a registry
// that does not answer makes no release worse, and the next deploy copies what is missing.
func (o *operation) mirror(ctx context.Context) {
	m, can := o.backend.(deploy.ReleaseMirror)
	if !can || ctx.Err() != nil {
		return
	}
	t := o.track()
	err := m.Mirror(ctx, o.Keep, t.event)
	t.end(err)
	if err == nil {
		return
	}
	warning := ui.Event{Type: ui.EventWarning,
		Text: "the releases of " + o.Name + " are on its engine alone, until the next deploy: " + err.Error()}
	if h := ui.Hinter(nil); errors.As(err, &h) {
		warning.Hint = h.Hint()
	}
	o.emit(warning)
}
