package deploy

import (
	"context"
	"errors"
	"slices"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Logs passes the lines of services of an environment, or of all, to give.
func (e *Environments) Logs(
	ctx context.Context, environment string, o deploy.LogOptions, give func(deploy.LogLine) error,
) error {
	return e.withSession(ctx, environment, func(s *session) (err error) {
		if s.releases, err = s.backend.Releases(ctx); err == nil { // else logs are all there is
			s.learn(ctx)
		}
		return s.backend.Logs(ctx, o, give)
	})
}

// Exec runs a command in a container of a service, and returns its exit code. The log of the environment gets
// the program, and not its arguments, which may have secrets.
func (e *Environments) Exec(
	ctx context.Context, environment string, o deploy.ExecOptions,
) (exit int, err error) {
	err = e.withSession(ctx, environment, func(s *session) error {
		entry := release.AuditEntry{Action: release.Executed, Detail: o.Service + ": " + o.Command[0]}
		exit, err = s.backend.Exec(ctx, o)
		if failure := s.audit(ctx, e, entry, err); failure != nil {
			e.warn(errors.New(notAudited(s.Name, failure)))
		}
		return err
	})
	return exit, err
}

// Services returns the services of the Compose files of an environment.
func (e *Environments) Services(ctx context.Context, environment string) (names []string, err error) {
	err = e.withSession(ctx, environment, func(s *session) error {
		r, err := s.backend.Render(ctx)
		if err == nil {
			names = serviceNames(r)
		}
		return err
	})
	slices.Sort(names)
	return names, err
}
