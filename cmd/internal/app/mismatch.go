package app

import (
	"context"
	"slices"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// mayUseEngine reports whether steps may move to containers: an engine answers, or davit-engine has yet to ask for
// one.
func (p *Project) mayUseEngine(ctx context.Context, r Request) bool {
	if p.Engine == nil || r.NoEngine {
		return !r.NoEngine
	}
	_, err := p.Engine.Describe(ctx)
	return err == nil
}

// excluded reports whether a step runs in a container if there is an engine, since the pin of the project excludes
// the version on the host. A run with an interactive step stays on the host, where its terminal and its ports are.
func (l *placement) excluded(i int) bool {
	m := l.found[i].Mismatch
	return l.missing[i] == nil && m != nil && m.Excluded && stepImages{l.project}.imageFor(l.steps[i]) != "" &&
		!slices.ContainsFunc(l.steps, func(s runner.Step) bool { return s.Plan.Interactive })
}

// moved reports whether a step is in a container only because of a pin.
func (l *placement) moved() bool {
	return slices.ContainsFunc(l.steps, func(s runner.Step) bool {
		i := l.index[s.ID]
		return l.on == onAuto && s.Where == runner.InContainer && l.excluded(i)
	})
}

// mismatches returns a warning for each version of a runtime on the host that differs from what the project pins.
func (l *placement) mismatches() (all []ui.Event) {
	for i, s := range l.steps {
		m := l.found[i].Mismatch
		if m == nil || s.Where != runner.OnHost || l.missing[i] != nil {
			continue
		}
		text := m.Text
		if l.on == onAuto && l.excluded(i) {
			text += "; no container engine answers to run it there"
		}
		if !slices.ContainsFunc(all, func(e ui.Event) bool { return e.Text == text }) {
			all = append(all, ui.Event{Type: ui.EventWarning, Text: text, Hint: m.Hint})
		}
	}
	return all
}
