package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Rollback brings an environment back to a release of it, as a new one: by default to the last good one before that which stands.
// Nothing is built, and a registry is asked only for images that the engine has lost.
func (p *Project) Rollback(ctx context.Context, d DeployRequest, number int, emit func(ui.Event)) (o Outcome, err error) {
	err = p.locked(ctx, d, "rollback", emit, func(ctx context.Context, s *session) error {
		to, err := s.earlier(number)
		if err != nil {
			return err
		}
		if err := s.target.Ready(ctx, *to, nil); err != nil {
			return err
		}
		if err := p.restore(ctx, s, *to, emit); err != nil {
			return err
		}
		r := *to
		r.Number, r.Time, r.By, r.Reason, r.Forced = s.next(), p.Streams.Now().UTC(), p.by(ctx), "", false
		r.From = fmt.Sprintf("%s %d", s.Name, to.Number)
		proposal, err := p.compared(ctx, s, r)
		if err != nil {
			return err
		}
		o, err = p.carryOut(ctx, s, proposal, d, emit)
		return err
	})
	return o, err
}

// earlier is the release to go back to.
func (s *session) earlier(number int) (to *release.Release, err error) {
	list := "davit releases " + s.Name + " lists them"
	switch {
	case number != 0:
		to = s.release(number)
	case len(s.releases) > 0 && s.releases[0].Result == release.Pending: // that davit was killed: before it stood the last good one
		to = s.good(0)
	default:
		to = s.good(1)
	}
	switch {
	case to == nil && number != 0:
		return nil, usage(list, "%s has no release %d", s.Name, number)
	case to == nil:
		return nil, usage(list, "%s has no good release before the one that stands", s.Name)
	case to.Result != release.Healthy:
		return nil, refused(list, "release %d of %s was never healthy", number, s.Name)
	}
	return to, nil
}

// Releases are those of an environment, the newest first, each with its heals.
func (p *Project) Releases(ctx context.Context, environment string) ([]ReleaseSummary, error) {
	s, err := p.openSession(ctx, environment)
	if err != nil {
		return nil, err
	}
	defer s.target.Close()
	repairs, err := s.target.ListRepairs(ctx)
	all := []ReleaseSummary{}
	for _, r := range s.releases {
		ofOther := func(one release.Repair) bool { return one.Release != r.Number }
		all = append(all, ReleaseSummary{Release: r, Repairs: slices.DeleteFunc(slices.Clone(repairs), ofOther)})
	}
	return all, err
}
