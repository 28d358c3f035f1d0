package app

import (
	"context"
	"io"

	"github.com/davit-dev/davit/internal/release"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// Destroy removes the containers and networks of an environment and, if that is asked for, its volumes. Its releases stay, so that it
// can be deployed again. Confirm gets what there is, and may refuse.
func (p *Project) Destroy(ctx context.Context, d DeployRequest, confirm func(context.Context, release.Live) error, emit func(ui.Event)) error {
	return p.locked(ctx, d, "destroy", emit, func(s *site) error {
		live, err := s.target.Live(ctx)
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

// Logs writes those of services of an environment, or of all.
func (p *Project) Logs(ctx context.Context, environment string, o runner.LogOptions, out io.Writer) error {
	s, err := p.site(ctx, environment)
	if err != nil {
		return err
	}
	defer s.target.Close()
	return s.target.Logs(ctx, o, out)
}
