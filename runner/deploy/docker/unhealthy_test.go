package docker

import (
	"strings"
	"testing"

	"github.com/moby/moby/api/types/container"
)

// TestAnswersOfHealthChecks: an answer of one line is in the sentence, and a longer one is shown whole.
func TestAnswersOfHealthChecks(t *testing.T) {
	for output, want := range map[string]struct{ sentence, lines string }{
		"":                              {" (exit code 1)", "log"},
		"no route\n":                    {` (exit code 1: "no route")`, "log"},
		"Error: no route\n\n  at x\r\n": {" (exit code 1)", "the health check of web-1 answered:/Error: no route/  at x/its log:/log"},
	} {
		h := &container.Health{Log: []*container.HealthcheckResult{{ExitCode: 1, Output: output}}}
		e := &UnhealthyError{container: "web-1", answer: answer(h), lines: []string{"log"}}
		if got := lastCheckOutput(h); got != want.sentence {
			t.Errorf("%q: %s", output, got)
		}
		if got := strings.Join(e.Lines(), "/"); got != want.lines {
			t.Errorf("%q: %s", output, got)
		}
	}
}

func TestFailuresInARow(t *testing.T) {
	c := container.InspectResponse{
		State:  &container.State{Health: &container.Health{FailingStreak: 2}},
		Config: &container.Config{Healthcheck: &container.HealthConfig{}},
	}
	if got := failures(c); got != ", failure 2 of 3" {
		t.Errorf("%q", got)
	}
	c.State.Health = nil
	if got := failures(c); got != "" {
		t.Errorf("without a health check: %q", got)
	}
}
