package app

import (
	"context"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/host"
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

// mismatch returns how the runtime of a step differs from the pin of the project; nil if it does not, if the step
// cannot run on the host, or if an earlier step of the run decides about the environment that it is in.
func (l *placement) mismatch(i int) *host.Mismatch {
	m := l.found[i].Mismatch
	if m == nil || l.missing[i] != nil || m.Environment != "" && l.fillsEnvironment(l.steps[i].Plan.Needs) {
		return nil
	}
	return m
}

// fillsEnvironment reports whether one of the steps fills an environment.
func (l *placement) fillsEnvironment(ids []string) bool {
	return slices.ContainsFunc(ids, func(id string) bool { return l.steps[l.index[id]].Plan.Provides != nil })
}

// excluded reports whether a step runs in a container if there is an engine, since the pin of the project excludes
// the version on the host. A version that the caller chose is kept, and a run with an interactive step stays on the
// host, where its terminal and its ports are.
func (l *placement) excluded(i int) bool {
	m := l.mismatch(i)
	return l.on == onAuto && m != nil && m.Excluded && !m.Chosen && !l.hasInteractive() &&
		stepImages{l.project}.imageFor(l.steps[i]) != ""
}

// moved reports whether a step is in a container only because of a pin.
func (l *placement) moved() bool {
	return slices.ContainsFunc(l.steps, func(s runner.Step) bool {
		i := l.index[s.ID]
		return s.Where == runner.InContainer && l.excluded(i)
	})
}

// mismatches returns a warning about each version of a runtime on the host that differs from what the project pins.
func (l *placement) mismatches() (all []ui.Event) {
	for i, s := range l.steps {
		m := l.mismatch(i)
		if m == nil || s.Where != runner.OnHost ||
			slices.ContainsFunc(all, func(e ui.Event) bool { return strings.HasPrefix(e.Text, m.Text) }) {
			continue
		}
		warning := ui.Event{Type: ui.EventWarning, Text: m.Text, Hint: m.Hint}
		if l.excluded(i) {
			warning.Text += "; no container engine answers to run it there"
		}
		all = append(all, warning)
	}
	return all
}

// caveats returns the versions of runtimes with which steps ran on the host that differ from what the project pins by
// more than the patch. Steps of the run may have made the environments that they are in.
func caveats(ctx context.Context, h *host.Runner, job *Job) (all []string) {
	for _, s := range job.Graph.Steps() {
		if s.Where != runner.OnHost || s.Tool == nil || s.Tool.Pin == "" {
			continue
		}
		found, err := h.Probe(ctx, s)
		m := found.Mismatch
		if err != nil || m == nil || !m.Excluded {
			continue
		}
		text := m.Text
		if m.Environment != "" {
			text += "; " + m.Hint
		}
		if !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}
