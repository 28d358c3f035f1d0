package runner

import (
	"context"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/ui"
)

// A lookup is the search for a result of a step that can be reused.
type lookup struct {
	*Cache
	step  Step
	key   string
	f     fingerprint
	kept  string   // why no result of the step is kept, or ""
	now   []output // what is in place
	fit   []entry  // the results that come into question, once known
	known bool
	// why is the reason why a stored result that came into question is not reused, or "".
	why string
	// changed says that the reason is a file of the user's.
	changed bool
}

func (c *Cache) lookup(ctx context.Context, s Step) (*lookup, error) {
	f, err := c.fingerprint(ctx, s)
	if err != nil {
		return nil, err
	}
	l := &lookup{Cache: c, step: s, f: f, key: f.key(), kept: c.uncacheable(s)}
	if l.kept == "" && len(f.doubts) > 0 {
		l.kept = strings.Join(f.doubts, "; ")
	}
	c.setKey(s.ID, l.key)
	return l, nil
}

// statesFound returns the states of ignored files as the step found them. A step that builds, and does not say
// what, may have made any of them, so its result is good only for what the run leaves.
func (l *lookup) statesFound() []string {
	if l.step.Effect == Builds && len(l.step.outputs()) == 0 && l.f.Ignored != nil {
		return nil
	}
	return []string{digest(l.f.Ignored)}
}

// warn says what the user should know before the step runs.
func (l *lookup) warn(emit func(ui.Event)) {
	texts := l.f.misspelt
	if l.changed {
		texts = append(texts, "it runs, although a result is stored: "+l.why)
	}
	for _, text := range texts {
		emit(ui.Event{Type: ui.EventWarning, Step: l.step.ID, Text: text})
	}
}

// findKept is find, if results of the step are kept and are to be used.
func (l *lookup) findKept(ctx context.Context) (entry, bool) {
	if l.kept != "" || l.o.Force {
		return entry{}, false
	}
	return l.find(ctx)
}

// find returns a result that can be reused without writing anything: its outputs are in place. If what a clean
// run makes is known, nothing else will do.
func (l *lookup) find(ctx context.Context) (found entry, ok bool) {
	e, ok := l.matching(ctx)
	if ok && !e.Complete && slices.ContainsFunc(l.candidates(ctx), func(e entry) bool { return e.Complete }) {
		return entry{}, false
	}
	return e, ok
}

// matching returns a result whose outputs are as they are now.
func (l *lookup) matching(ctx context.Context) (found entry, ok bool) {
	candidates := l.candidates(ctx)
	if len(candidates) == 0 {
		return entry{}, false
	}
	if l.step.provides() != nil {
		return candidates[0], true
	}
	var err error
	if l.now, err = l.describe(l.step.outputs()); err != nil {
		l.why = err.Error()
		return entry{}, false
	}
	i := slices.IndexFunc(candidates, func(e entry) bool { return slices.Equal(e.Outputs, l.now) })
	if i < 0 {
		return entry{}, false
	}
	return candidates[i], true
}

// candidates returns the results whose key, ignored files, stamp and image are as they are now.
func (l *lookup) candidates(ctx context.Context) []entry {
	if !l.known {
		l.fit, l.known = l.fitting(ctx), true
	}
	return l.fit
}

func (l *lookup) fitting(ctx context.Context) (found []entry) {
	state := digest(l.f.Ignored)
	for _, e := range l.load(l.step, l.key) {
		_, reports := l.reports(e)
		notWritten := l.notWritten(ctx, e.Written)
		switch {
		case l.step.provides() != nil && e.Stamp != l.stampNow(ctx):
			l.why = notFilled(l.step, l.exists(l.step.Plan.Provides.Dir))
		case notWritten != "":
			l.why = notWritten
		case l.step.provides() == nil && !slices.Contains(e.States, state):
			l.why = "files that git ignores have changed"
		case !reports:
			l.why = "its reports are not in the store any more"
		case !l.imageStored(ctx, l.step, e):
			l.why = "its image is not in the store any more"
		default:
			found = append(found, e)
		}
	}
	return found
}

// stampNow returns what the environment says of itself, or "" if that cannot be read.
func (l *lookup) stampNow(ctx context.Context) string {
	stamp, err := l.stampOf(ctx, l.step)
	if err != nil {
		return ""
	}
	return stamp
}

// restorable returns a result whose outputs can be put in place, and how.
func (l *lookup) restorable(ctx context.Context) (found entry, r restoring, ok bool) {
	for _, e := range l.candidates(ctx) {
		switch {
		case l.step.provides() != nil:
			continue
		case !e.Complete:
			l.why = "what it made is not in place any more, and was not the result of a clean run"
			continue
		}
		if r, l.why, l.changed = l.restoring(e); l.why == "" {
			return e, r, true
		}
	}
	return entry{}, restoring{}, false
}

// reuse puts a stored result in place, and reports whether there was one. Several results of the same key are
// tried, the newest first.
func (l *lookup) reuse(ctx context.Context) (entry, bool) {
	if e, ok := l.findKept(ctx); ok || l.kept != "" || l.o.Force {
		return e, ok
	}
	l.removeAbandoned(l.step.outputs())
	e, r, ok := l.restorable(ctx)
	if !ok {
		return l.matching(ctx)
	}
	if !l.restore(r) {
		return entry{}, false
	}
	l.saveMade(l.step, e.Outputs) // those that were in place already are the same
	return e, true
}
