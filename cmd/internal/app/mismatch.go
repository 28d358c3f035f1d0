package app

import (
	"context"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// mayUseEngine reports whether steps may move to containers: an engine answers, or davit-engine has yet to ask for
// one.
func (p *Project) mayUseEngine(ctx context.Context, r Request) bool {
	switch {
	case r.NoEngine:
		return false
	case p.Engine == nil:
		return true
	}
	_, err := p.Engine.Describe(ctx)
	return err == nil
}

// hasInteractive reports whether a step of the run owns the terminal.
func (l *placement) hasInteractive() bool {
	return slices.ContainsFunc(l.steps, func(s runner.Step) bool { return s.Plan.Interactive })
}

// excluded reports whether a step runs in a container if there is an engine, since the pin of the project excludes
// the version on the host. A version that the caller chose is kept, and a run with an interactive step stays on the
// host, where its terminal and its ports are.
func (l *placement) excluded(i int) bool {
	m := l.found[i].Mismatch
	return l.on == onAuto && l.missing[i] == nil && m != nil && m.Excluded && !m.Chosen && !l.hasInteractive() &&
		stepImages{l.project}.imageFor(l.steps[i]) != ""
}

// moved reports whether a step is in a container only because of a pin.
func (l *placement) moved() bool {
	return slices.ContainsFunc(l.steps, func(s runner.Step) bool {
		i := l.index[s.ID]
		return s.Where == runner.InContainer && l.excluded(i)
	})
}

// findMismatches adds to a job each version of a runtime on the host that differs from what the project pins.
func (l *placement) findMismatches(job *Job) {
	for i, s := range l.steps {
		m := l.found[i].Mismatch
		if m == nil || s.Where != runner.OnHost || l.missing[i] != nil ||
			slices.ContainsFunc(job.Mismatches, func(e ui.Event) bool { return strings.HasPrefix(e.Text, m.Text) }) {
			continue
		}
		warning := ui.Event{Type: ui.EventWarning, Text: m.Text, Hint: m.Hint}
		if l.excluded(i) {
			warning.Text += "; no container engine answers to run it there"
		}
		job.Mismatches = append(job.Mismatches, warning)
		if m.Excluded {
			job.Caveats = append(job.Caveats, m.Text)
		}
	}
}
