package deploy

import (
	"cmp"
	"context"
	"fmt"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A source is a release of one environment that another one takes its images from.
type source struct {
	session *session
	release *release.Release
	// skips says that a stage of the promotion order is skipped, or that the release is not healthy there.
	skips bool
}

// String returns how a release names its source: "staging 12".
func (f *source) String() string { return fmt.Sprintf("%s %d", f.session.Name, f.release.Number) }

// close ends the connection to its backend; nil has none.
func (f *source) close() {
	if f != nil {
		f.session.close()
	}
}

// source returns where the images of an environment come from; nil for one that builds its own. A source that
// is not healthy is refused, and so is skipping a stage, unless that is forced.
func (e *Environments) source(
	ctx context.Context, to release.Environment, from string, force bool,
) (*source, error) {
	name := cmp.Or(from, to.Require)
	if name == "" {
		return nil, nil
	}
	f := &source{skips: to.Require != "" && name != to.Require}
	if name == to.Name {
		return nil, usage("", "%s cannot take a release from itself", name)
	}
	if f.skips && !force {
		return nil, refused("davit deploy "+to.Require+" first, or --force-skip, which is recorded",
			"%s requires a release that is healthy in %s, and --from %s skips that", to.Name, to.Require,
			name)
	}
	var err error
	if f.session, err = e.openSession(ctx, name); err != nil {
		return nil, err
	}
	err = f.requireHealthy(ctx, to, force)
	if err == nil {
		err = e.verifySigned(ctx, f.session, *f.release, "davit deploy "+name+" --accept-history deploys a signed one there")
	}
	if err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

// requireHealthy finds the current release of the source, and returns an error if it is not healthy there.
func (f *source) requireHealthy(ctx context.Context, to release.Environment, force bool) error {
	if err := f.session.verifyHistory(ctx, false, nil); err != nil {
		return err // what this davit does not know of a release, it would leave out
	}
	if f.release = f.session.current(); f.release == nil {
		return refused("davit deploy "+f.session.Name,
			"%s takes a release that is healthy in %s, and nothing has been deployed there", to.Name,
			f.session.Name)
	}
	live, err := f.session.observe(ctx, deploy.ObserveOptions{})
	if err != nil {
		return err
	}
	down, err := f.session.down(ctx, live)
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
	if down != nil {
		return refused(fmt.Sprintf("davit deploy %[1]s deploys it again; --force-skip takes release %[2]d of it nevertheless, which is recorded",
			f.session.Name, f.release.Number),
			"%s takes a release that is healthy in %s, and %[2]s is down: %s has destroyed it", to.Name, f.session.Name, down.By)
	}
	return refused("davit status "+f.session.Name+
		" says more; --force-skip deploys it nevertheless, which is recorded",
		"%s takes a release that is healthy in %s, and %s is not: %s", to.Name, f.session.Name,
		f.session.Name, whole.Reason)
}
