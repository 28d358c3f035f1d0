package app

import (
	"context"
	"slices"

	"github.com/davit-dev/davit/runner/deploy"
)

// Logs gives the lines of services of an environment, or of all.
func (p *Project) Logs(ctx context.Context, environment string, o deploy.LogOptions, give func(deploy.LogLine) error) error {
	return p.withSession(ctx, environment, func(s *session) error { return s.target.Logs(ctx, o, give) })
}

// Exec runs a command in a container of a service, and returns how it ended.
func (p *Project) Exec(ctx context.Context, environment string, o deploy.ExecOptions) (exit int, err error) {
	err = p.withSession(ctx, environment, func(s *session) error {
		exit, err = s.target.Exec(ctx, o)
		return err
	})
	return exit, err
}

// Services are those of the Compose files of an environment.
func (p *Project) Services(ctx context.Context, environment string) (names []string, err error) {
	err = p.withSession(ctx, environment, func(s *session) error {
		r, err := s.target.Render(ctx)
		if err != nil {
			return err
		}
		names = slices.Sorted(slices.Values(append(sorted(r.Pulls), sorted(r.Builds)...)))
		return nil
	})
	return names, err
}

// withSession opens an environment for a look into its containers. What has been deployed is not asked for.
func (p *Project) withSession(ctx context.Context, environment string, do func(*session) error) error {
	e, err := p.Environment(environment)
	if err != nil {
		return err
	}
	s, err := p.connect(ctx, e)
	if err != nil {
		return err
	}
	defer s.target.Close()
	return do(s)
}
