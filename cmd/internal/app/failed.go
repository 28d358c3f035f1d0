package app

import (
	"errors"
	"fmt"
	"slices"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins"
)

// A Failure is a plugin that knows the files of a project and gave no plan. What it would have offered is not
// known; the targets of the others are.
type Failure struct {
	Plugin    string
	Authority conventions.Authority
	Err       error
}

// addFailure keeps the failure of a plugin. Any other error is returned.
func (l loader) addFailure(plugin string, a conventions.Authority, err error) error {
	if err == nil || !plugins.IsFailure(err) {
		return err
	}
	l.Failures = append(l.Failures, Failure{plugin, a, err})
	return nil
}

// An IncompleteError refuses what would be done without the part of a plugin that failed.
type IncompleteError struct {
	// What is incomplete: `"test"`.
	What string
	Failure
}

func (e *IncompleteError) Error() string {
	return fmt.Sprintf("%s may be incomplete, since a plugin failed: %v", e.What, e.Err)
}

// Hint returns the hint of the failure, or how to go on without the plugin.
func (e *IncompleteError) Hint() string { return e.Failure.hint() }

func (f Failure) hint() string {
	var h ui.Hinter
	if errors.As(f.Err, &h) {
		return h.Hint()
	}
	return fmt.Sprintf(
		"correct it, or go on without the plugin: off = true under [plugins.%s] in project.toml", f.Plugin)
}

// notLoaded reports whether it is a published plugin that is not on this machine, not pinned, or not verified.
func (f Failure) notLoaded() bool {
	_, is := errors.AsType[*blobs.PinError](f.Err)
	return is
}

// WarnFailures warns of each plugin that failed, once.
func (p *Project) WarnFailures() {
	if p.warned {
		return
	}
	p.warned = true
	for _, f := range p.Failures {
		p.Streams.Warning(f.Err.Error(), f.hint())
	}
}

// FailuresOf returns the failed plugins that may be a part of a target, as it is resolved without them.
func (p *Project) FailuresOf(t conventions.Resolved) (all []Failure) {
	for _, f := range p.Failures {
		if p.affects(f, t) {
			all = append(all, f)
		}
	}
	return all
}

// affects reports whether a target, or a part of it, could be another one with the plan of a failed plugin.
func (p *Project) affects(f Failure, t conventions.Resolved) bool {
	if len(t.Winners) > 0 && !f.precedes(t.Winners[0]) {
		return false
	}
	if !t.Own || f.Authority == conventions.Explicit { // a task file may have any name
		return true
	}
	return slices.ContainsFunc(t.AllOf, func(name string) bool {
		part, ok := p.Resolution.Find(name)
		return ok && p.affects(f, part)
	})
}

// precedes reports whether an offer of the plugin would take the place of a winner, or win beside it.
func (f Failure) precedes(winner conventions.Candidate) bool {
	switch {
	case f.Authority == winner.Authority && f.Authority == conventions.Explicit:
		return f.Plugin < winner.Provider
	case f.Authority == winner.Authority:
		return true
	}
	return f.Authority.Beats(winner.Authority)
}

// checkComplete returns an error if a plugin that failed may be a part of a target.
func (p *Project) checkComplete(t conventions.Resolved) error {
	return incomplete(fmt.Sprintf("%q", t.Name), p.FailuresOf(t))
}

// incomplete returns an error about each of some failures.
func incomplete(what string, failures []Failure) error {
	var errs []error
	for _, f := range failures {
		errs = append(errs, &IncompleteError{what, f})
	}
	return errors.Join(errs...)
}

// CheckOffered returns an error if a plugin that failed may offer a target that the others do not offer.
func (p *Project) CheckOffered(name string) error {
	t, ok := p.Resolution.Find(name)
	if !ok {
		return incomplete(fmt.Sprintf("%q", name), p.Failures)
	}
	return p.checkComplete(t)
}
