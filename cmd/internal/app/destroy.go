package app

import (
	"context"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Destroy removes the containers and networks of an environment and, if that is asked for, its volumes. Its releases stay, so that it
// can be deployed again. Confirm gets what there is, and may refuse.
func (p *Project) Destroy(ctx context.Context, d DeployRequest, confirm func(context.Context, release.Observed) error, emit func(ui.Event)) error {
	return p.locked(ctx, d, "destroy", emit, func(ctx context.Context, s *session) error {
		live, err := s.target.Glance(ctx)
		if err != nil {
			return err
		}
		if err := confirm(ctx, live); err != nil {
			return err
		}
		t := p.track("", emit)
		err = s.target.Destroy(ctx, d.Volumes, t.event)
		t.end(err)
		return err
	})
}
