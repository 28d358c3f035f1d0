package deploy

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A course is one heal under way.
type course struct {
	*operation
	healer  deploy.Healer
	release release.Release
	ignore  []string
	keep    int
	also    func(release.Finding) bool // what is healed when it shows up during the heal
	covers  func(release.Finding) bool // what has to be healthy in the end
	live    release.Observed           // as it was last observed
	treated []release.Finding
	awaited []string // services
}

// treatAll does what a diagnosis says, waits for what is starting, and looks again: containers that share those of another
// service have to be replaced after it. A finding that was treated and is still there is an error, and so is what is not healthy in the end.
func (c *course) treatAll(ctx context.Context, d release.Diagnosis) error {
	for d = c.withStarting(d); len(d.Affected()) > 0 || !d.Empty(); d = c.withStarting(d) {
		next, err := c.step(ctx, d)
		if err != nil {
			return err
		}
		d = next
	}
	return c.verify()
}

// awaitStarting waits for services that nothing is wrong with and that were still starting. That nothing had to be changed
// is said of an environment that is healthy alone.
func (o *operation) awaitStarting(ctx context.Context, r release.Release, services []string) (err error) {
	healer, can := o.backend.(deploy.Healer)
	if !can || len(services) == 0 {
		return nil
	}
	c := course{operation: o, ignore: o.Ignore, healer: healer, release: r, covers: inServices(services)}
	if err := c.treat(ctx, release.Diagnosis{Starting: services}); err != nil {
		return err
	}
	if c.live, err = o.observe(ctx, deploy.ObserveOptions{}); err != nil {
		return err
	}
	return c.verify()
}

// withStarting returns a diagnosis with the services to wait for: each once, since what has been replaced was waited for.
func (c *course) withStarting(d release.Diagnosis) release.Diagnosis {
	treated := servicesOf(release.Diagnosis{Findings: c.treated})
	d.Starting = slices.DeleteFunc(slices.Clone(d.Starting), func(name string) bool {
		return !c.covers(release.Finding{Service: name}) || slices.Contains(treated, name) || slices.Contains(c.awaited, name)
	})
	return d
}

// step treats what is wrong, or waits if nothing is, and returns what is wrong after that. That a wait failed is no error
// if it shows what is wrong.
func (c *course) step(ctx context.Context, d release.Diagnosis) (release.Diagnosis, error) {
	waits := d.Empty()
	if c.treated = append(c.treated, d.Findings...); waits {
		c.awaited = append(c.awaited, d.Starting...)
	} else {
		d.Starting = nil
	}
	failed := c.treat(ctx, d)
	if failed != nil && (!waits || ctx.Err() != nil) {
		return d, failed
	}
	// fresh containers write files of their own
	live, err := c.observe(ctx, deploy.ObserveOptions{})
	if err == nil {
		err = restartedAgain(d.Services(), c.live, live)
	}
	if err != nil {
		return d, err
	}
	c.live = live
	d = release.Diagnose(c.release.Model, live, c.ignore).Filter(c.also)
	before := inServices(servicesOf(release.Diagnosis{Findings: c.treated}))
	if remaining := d.Filter(before); !remaining.Empty() {
		return d, fmt.Errorf("it still differs from release %d: %s", c.release.Number, remaining)
	}
	if d.Empty() {
		return d, failed
	}
	return d, nil
}

// verify returns an error for the services that are to be healthy now, and are not.
func (c *course) verify() error {
	services, _ := release.Assess(c.release.Model, c.live, c.ignore)
	for _, name := range slices.Sorted(maps.Keys(services)) {
		if s := services[name]; !s.Healthy && c.covers(release.Finding{Service: name}) {
			return fmt.Errorf("service %q is not healthy: %s", name, s.Reason)
		}
	}
	return nil
}

func (c *course) treat(ctx context.Context, d release.Diagnosis) error {
	t := c.track()
	options := deploy.HealOptions{ApplyOptions: deploy.ApplyOptions{Timeout: c.timeout(), Emit: t.event},
		Keep: c.keep}
	err := c.healer.Heal(ctx, d, c.release, options)
	if err == nil {
		err = c.watchCrashLoops(ctx, d, t.event)
	}
	if err == nil {
		err = ctx.Err() // a wait that was interrupted is no success
	}
	t.end(err)
	return err
}

// inServices returns whether a finding is of some services, "" for what they have in common.
func inServices(services []string) func(release.Finding) bool {
	return func(f release.Finding) bool { return slices.Contains(services, f.Service) }
}

// servicesOf returns the services of a diagnosis, and "" if there are findings that are no service's.
func servicesOf(d release.Diagnosis) (names []string) {
	names = d.Services()
	if slices.ContainsFunc(d.Findings, func(f release.Finding) bool { return f.Service == "" }) {
		names = append(names, "")
	}
	return names
}
