package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// verifyApplied asks the engine whether a release runs, before anybody is told so: each service with the images and in the number that it says, and
// healthy. Another field that the engine understands in its own way is no reason to take a release back, and a warning.
func (s *session) verifyApplied(ctx context.Context, r release.Release, emit func(ui.Event)) (release.Observed, error) {
	live, err := s.target.Live(ctx)
	if err != nil {
		return live, err
	}
	wrong, odd := classify(difference(r, r.Model, live, s.Ignore))
	if _, whole := release.Assess(r.Model, live, s.Ignore); !whole.Healthy {
		wrong = append(wrong, whole.Reason)
	}
	if len(wrong) > 0 {
		return live, fmt.Errorf("the engine has something else: %s", strings.Join(wrong, "; "))
	}
	for _, text := range odd {
		emit(ui.Event{Type: ui.EventWarning, Text: "the engine has something else than the release says, and each deploy will do that again: " + text})
	}
	return live, nil
}

// classify says what a plan would still do, as sentences: what is another release, and what is odd.
func classify(p release.Plan) (wrong, odd []string) {
	for _, c := range p.Changes {
		if c.Subject == "container" { // somebody has just begun "docker compose run"
			continue
		}
		text := c.Kind + " " + c.Subject + " " + c.Name
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

// ofRelease are fields by which a container is one of another release.
func ofRelease(d release.Difference) bool {
	return d.Path == "image" || d.Path == "replicas" || strings.HasPrefix(d.Path, "containers.")
}
