package deploy

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// verify runs the targets that decide whether a deploy is good. They know the environment and the addresses
// of its services by variables, which replace those of the caller: a smoke test of dev must not reach
// production.
func (o *operation) verify(ctx context.Context) error {
	if len(o.Verify) == 0 {
		return nil
	}
	return o.runTargets(ctx, "verify", o.Verify, map[string]string{"DAVIT_ENVIRONMENT": o.Name})
}

// runTargets runs the targets of a key of project.toml with variables, and with the addresses of the services.
func (o *operation) runTargets(ctx context.Context, key string, targets []string, variables map[string]string) error {
	live, err := o.observe(ctx, deploy.ObserveOptions{})
	if err != nil {
		return err
	}
	env := addresses(live, o.backend.Host())
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		env = append(env, name+"="+variables[name])
	}
	slices.Sort(env)
	if err := o.environments.Verifier.Verify(ctx, targets, env, nested(o.emit)); err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	return nil
}

// nested takes the events of a run that is a part of another: its own begin and end are left out.
func nested(emit func(ui.Event)) func(ui.Event) {
	return func(e ui.Event) {
		if e.Type != ui.EventRun && e.Type != ui.EventEnd {
			emit(e)
		}
	}
}

// verifyApplied checks that a release runs before anybody is told so: each service with the images and in the
// number that it says, and healthy. Another field that the backend reads differently is no reason to take a
// release back, and a warning. The state that it returns has the files that containers of some services have changed.
func (o *operation) verifyApplied(
	ctx context.Context, r release.Release, filesOf func(service string) bool,
) (release.Observed, error) {
	live, err := o.observe(ctx, deploy.ObserveOptions{Files: filesOf != nil, FilesOf: filesOf})
	if err != nil {
		return live, err
	}
	wrong, odd := classify(release.Compare(r.Model, r.Model, live, o.Ignore))
	if _, whole := release.Assess(r.Model, live, o.Ignore); !whole.Healthy {
		wrong = append(wrong, whole.Reason)
	}
	if len(wrong) > 0 {
		return live, fmt.Errorf("what runs is not what was applied: %s", strings.Join(wrong, "; "))
	}
	for _, text := range odd {
		o.emit(ui.Event{Type: ui.EventWarning,
			Text: "a field differs from the release right after the deploy, and each deploy will change it again: " + text})
	}
	return live, nil
}

// classify returns what a plan would still change, as sentences: what makes it another release, and what is
// only odd.
func classify(p release.Plan) (wrong, odd []string) {
	for _, c := range p.Changes {
		if c.Subject == release.SubjectContainer { // somebody has just run "docker compose run"
			continue
		}
		text := fmt.Sprintf("%s %s %s", c.Kind, c.Subject, c.Name)
		for _, f := range c.Fields {
			text += ", " + f.Path
		}
		if c.Kind != release.Replace || slices.ContainsFunc(c.Fields, ofRelease) {
			wrong = append(wrong, text)
		} else {
			odd = append(odd, text)
		}
	}
	return wrong, odd
}

// ofRelease reports whether a field decides of which release a container is.
func ofRelease(d release.Difference) bool {
	return d.Path == "image" || d.Path == "replicas" || strings.HasPrefix(d.Path, release.MixedPrefix)
}
