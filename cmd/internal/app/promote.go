package app

import (
	"cmp"
	"context"
	"fmt"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// source is a release of one environment that another one takes its images from.
type source struct {
	session *session
	release *release.Release
	// skips says that a rung of the ladder is left out.
	skips bool
}

// String is how a release names where it is from: "staging 12".
func (f *source) String() string { return fmt.Sprintf("%s %d", f.session.Name, f.release.Number) }

// close ends the connection to its engine; nil has none.
func (f *source) close() {
	if f != nil {
		f.session.target.Close()
	}
}

// copyImage has an image in the engine of another environment.
func (f *source) copyImage(ctx context.Context, to *session, i release.Image, t *track) error {
	there, err := to.target.Image(ctx, i.ID)
	if err != nil || there != nil {
		return err
	}
	err = to.target.Send(ctx, f.session.target, i, t.event)
	t.end(err)
	return err
}

// source is where the images of an environment come from; nil for one that builds its own. What is not healthy there is refused, and
// so is to leave out a rung, unless that is forced.
func (p *Project) source(ctx context.Context, e release.Environment, from string, force bool) (*source, error) {
	name := cmp.Or(from, e.Require)
	if name == "" {
		return nil, nil
	}
	f := &source{skips: e.Require != "" && name != e.Require}
	if name == e.Name {
		return nil, usage("", "%s cannot take a release from itself", name)
	}
	if f.skips && !force {
		return nil, refused("davit deploy "+e.Require+" first, or --force-skip, which is recorded",
			"%s requires what stands healthy in %s, and --from %s leaves that out", e.Name, e.Require, name)
	}
	var err error
	if f.session, err = p.openSession(ctx, name); err != nil {
		return nil, err
	}
	if err := f.requireHealthy(ctx, e, force); err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

// requireHealthy finds the release that stands in the environment, and whether it does so in good health.
func (f *source) requireHealthy(ctx context.Context, to release.Environment, force bool) error {
	if f.release = f.session.current(); f.release == nil {
		return refused("davit deploy "+f.session.Name, "%s takes what stands healthy in %s, and nothing has been deployed there", to.Name, f.session.Name)
	}
	live, err := f.session.target.Glance(ctx)
	if err != nil {
		return err
	}
	_, whole := release.Assess(f.release.Model, live, f.session.Ignore)
	switch {
	case whole.Healthy:
		return nil
	case force:
		f.skips = true
		return nil
	}
	return refused("davit status "+f.session.Name+" says more; --force-skip goes on nevertheless, which is recorded",
		"%s takes what stands healthy in %s, and there it is not: %s", to.Name, f.session.Name, whole.Reason)
}
