package app

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// session is an environment with the way to its engine and what has been deployed there.
type session struct {
	release.Environment
	target   deploy.Target
	releases []release.Release // the newest first
	packaged string            // the only service of a project without a Compose file
	held     context.Context   // while the environment is locked
}

// openSession opens an environment, with what has been deployed there. Close its target.
func (p *Project) openSession(ctx context.Context, name string) (*session, error) {
	s, err := p.connectNamed(ctx, name)
	if err != nil {
		return nil, err
	}
	if s.releases, err = s.target.Releases(ctx); err != nil {
		s.target.Close()
		return nil, err
	}
	return s, nil
}

// connectNamed opens an environment. What has been deployed there is yet to be read.
func (p *Project) connectNamed(ctx context.Context, name string) (*session, error) {
	e, err := p.Environment(name)
	if err != nil {
		return nil, err
	}
	return p.connect(ctx, e)
}

// connect finds the way to the engine of an environment.
func (p *Project) connect(ctx context.Context, e release.Environment) (*session, error) {
	if p.Targets == nil {
		return nil, &runner.EngineError{Why: "an environment"}
	}
	e, packaged, err := p.packaged(e)
	if err != nil {
		return nil, err
	}
	t, err := p.Targets(ctx, e, p.secretVariables())
	if err != nil {
		return nil, err
	}
	return &session{Environment: e, target: t, packaged: packaged}, nil
}

// current is the release that stands: the newest that became healthy. What was begun after it has been taken back, or nobody knows.
func (s *session) current() *release.Release { return s.good(0) }

// good is a release that became healthy, so many of these before the newest one.
func (s *session) good(before int) *release.Release {
	for i, r := range s.releases {
		if r.Result != release.Healthy {
			continue
		}
		if before--; before < 0 {
			return &s.releases[i]
		}
	}
	return nil
}

// release is the one of a number.
func (s *session) release(number int) *release.Release {
	i := slices.IndexFunc(s.releases, func(r release.Release) bool { return r.Number == number })
	if i < 0 {
		return nil
	}
	return &s.releases[i]
}

// next is the number of the release to come.
func (s *session) next() (number int) {
	for _, r := range s.releases {
		number = max(number, r.Number)
	}
	return number + 1
}

// applied is the model that was deployed last, or none.
func (s *session) applied() release.Model {
	if r := s.current(); r != nil {
		return r.Model
	}
	return release.Model{}
}

// by is who deploys: as git knows the caller, else the user of this machine.
func (p *Project) by(ctx context.Context) string {
	name, address := p.gitConfig(ctx, "user.name"), p.gitConfig(ctx, "user.email")
	if name != "" && address != "" {
		return fmt.Sprintf("%s <%s>", name, address)
	}
	return p.owner() + "@" + hostname()
}

func (p *Project) gitConfig(ctx context.Context, key string) string {
	c := exec.CommandContext(ctx, "git", "config", "--get", key)
	c.Dir, c.Env = p.Root.Dir, p.Environ
	out, _ := c.Output() // without git nobody is known to it
	return strings.TrimSpace(string(out))
}

// owner is the user who calls davit.
func (p *Project) owner() string {
	for _, name := range []string{"USER", "LOGNAME", "USERNAME"} {
		if user := p.env(name); user != "" {
			return user
		}
	}
	return "someone"
}

func hostname() string {
	if name, err := os.Hostname(); err == nil {
		return name
	}
	return "a machine"
}
