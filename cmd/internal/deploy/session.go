package deploy

import (
	"context"
	"errors"
	"slices"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A session is an open environment: its backend, and what has been deployed there.
type session struct {
	release.Environment
	backend  deploy.Backend
	releases []release.Release // the newest first
	packaged string            // the only service of a project without a Compose file
	removed  int               // the number of the newest release that a destroy has removed, where there is no release
}

// openSession opens an environment and reads its releases.
func (e *Environments) openSession(ctx context.Context, name string) (*session, error) {
	s, err := e.connectNamed(ctx, name)
	if err != nil {
		return nil, err
	}
	if err := s.readReleases(ctx); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// readReleases reads the releases, with what the way back to the current one has skipped, and what was undone.
func (s *session) readReleases(ctx context.Context) error {
	all, err := s.backend.Releases(ctx)
	s.releases = release.MarkUndone(release.MarkSkipped(all))
	if s.removed = 0; err == nil && len(all) == 0 {
		s.removed, err = s.backend.Removed(ctx)
	}
	return err
}

// observe returns the live state, without ways down that a killed davit has left.
func (s *session) observe(ctx context.Context, o deploy.ObserveOptions) (release.Observed, error) {
	live, err := s.backend.Observe(ctx, o)
	if names := release.WaysDown(s.releases); err == nil && len(names) > 0 {
		live = live.Without(names)
	}
	return live, err
}

// openLook opens an environment for a command that only looks, and warns if its releases are not as this
// machine has left them.
func (e *Environments) openLook(ctx context.Context, name string) (*session, error) {
	s, err := e.openSession(ctx, name)
	if err != nil {
		return nil, err
	}
	if err := s.learn(ctx); err != nil {
		e.warn(err)
	}
	err = s.backend.VerifyHistory(ctx, false, false)
	if fault.Of(err) == fault.Refused || notRemembered(err) {
		e.warn(err)
		return s, nil
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// learn has the backend pass on which values are to be hidden in what is shown. A value that nobody has any more
// cannot be printed. An error says that no secret can be compared.
func (s *session) learn(ctx context.Context) error {
	if r := s.current(); r != nil && r.HasSecrets() {
		if unknown, is := errors.AsType[*deploy.UnknownKeyError](s.backend.CheckRelease(ctx, *r, nil)); is {
			return unknown
		}
	}
	return nil
}

// warn warns of an error that is no reason to end.
func (e *Environments) warn(err error) {
	e.warning.Lock()
	defer e.warning.Unlock()
	hint := ""
	if h := ui.Hinter(nil); errors.As(err, &h) {
		hint = h.Hint()
	}
	e.Warn(err.Error(), hint)
}

func notRemembered(err error) bool {
	_, is := errors.AsType[*deploy.NotRememberedError](err)
	return is
}

// head returns the digest of the newest record; empty for none.
func (s *session) head() string {
	if len(s.releases) == 0 {
		return ""
	}
	return s.releases[0].Digest
}

// connectNamed opens an environment without reading its releases.
func (e *Environments) connectNamed(ctx context.Context, name string) (*session, error) {
	env, err := e.Find(name)
	if err != nil {
		return nil, err
	}
	return e.connect(ctx, env)
}

// withSession opens an environment for do, without reading its releases.
func (e *Environments) withSession(ctx context.Context, name string, do func(*session) error) error {
	s, err := e.connectNamed(ctx, name)
	if err != nil {
		return err
	}
	defer s.close()
	return do(s)
}

// close ends the connection to the backend.
func (s *session) close() { _ = s.backend.Close() } // nothing is lost with a connection

// current returns the newest release that became healthy and whose record can be used; nil if there is none. A later one was taken back,
// or nobody knows how it ended.
func (s *session) current() *release.Release { return s.healthy(0) }

// last returns the current release or, if none has become healthy, the newest one; nil if there is none.
func (s *session) last() *release.Release {
	if now := s.current(); now != nil || len(s.releases) == 0 {
		return now
	}
	return &s.releases[0]
}

// healthy returns the newest healthy release but for so many.
func (s *session) healthy(skip int) *release.Release {
	for i, r := range s.releases {
		if r.Result != release.Healthy || r.Invalid != "" {
			continue
		}
		if skip--; skip < 0 {
			return &s.releases[i]
		}
	}
	return nil
}

// release returns the one of a number; nil if there is none.
func (s *session) release(number int) *release.Release {
	i := slices.IndexFunc(s.releases, func(r release.Release) bool { return r.Number == number })
	if i < 0 {
		return nil
	}
	return &s.releases[i]
}

// next returns the number of the next release.
func (s *session) next() int {
	number := s.removed
	for _, r := range s.releases {
		number = max(number, r.Number)
	}
	return number + 1
}

// applied returns the model that was deployed last, or an empty one.
func (s *session) applied() release.Model {
	if r := s.current(); r != nil {
		return r.Model
	}
	return release.Model{}
}

// attempted returns the model of the current release or, if none has become healthy, of the newest that was tried.
func (s *session) attempted() release.Model {
	if r := s.last(); r != nil && r.Invalid == "" {
		return r.Model
	}
	return release.Model{}
}

// writable returns an error if a newer davit has recorded releases: this one may not know what they mean.
func (s *session) writable() error {
	for _, r := range s.releases {
		if err := r.Writable(); err != nil {
			return err
		}
	}
	return nil
}
