package deploy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/davit-dev/davit/internal/text"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// WatchType is what a watch event is about.
type WatchType string

// The types of watch events.
const (
	WatchStarted WatchType = "started"
	// something is wrong, and is healed if it still is at the next look
	WatchFound   WatchType = "finding"
	WatchHealed  WatchType = "healed"  // it was healed
	WatchFailed  WatchType = "failed"  // it could not be healed
	WatchBackoff WatchType = "backoff" // it is wrong again so soon that the next heal waits
	WatchStopped WatchType = "stopped" // it was healed in vain so often that it is left alone
	// another davit changes the environment; the watch waits for it
	WatchLocked WatchType = "locked"
	// the environment was destroyed; the watch waits for a deploy
	WatchDown        WatchType = "down"
	WatchUnreachable WatchType = "unreachable" // the engine does not answer
	WatchReconnected WatchType = "reconnected" // it answers again
	WatchWarning     WatchType = "warning"
)

// WatchEvent is one thing that a watch has seen or done.
type WatchEvent struct {
	Time        time.Time `json:"time"`
	Environment string    `json:"environment"`
	Type        WatchType `json:"type"`
	Text        string    `json:"text"`
	Hint        string    `json:"hint,omitempty"`
	// Findings that it is about.
	Findings []release.Finding `json:"findings,omitempty"`
}

// watch is a heal that goes on.
type watch struct {
	environments *Environments
	session      *session
	request      HealRequest
	report       func(WatchEvent)
	interval     time.Duration
	last         release.Diagnosis
	backoff      *backoff
	lastTexts    map[string]string // by type and service, the last text about a state that lasts
}

// Watch observes an environment again and again, and heals what is wrong twice in a row: a state that has
// just begun may end by itself. It ends with its context, and for nothing else.
func (e *Environments) Watch(
	ctx context.Context, h HealRequest, interval time.Duration, report func(WatchEvent),
) error {
	s, err := e.openSession(ctx, h.Environment)
	if err != nil {
		return err
	}
	defer s.close()
	_, r, err := e.healable(ctx, s, h.Services)
	if err != nil {
		return err
	}
	if err := s.verifyHistory(ctx, h.AcceptHistory, nil); err != nil {
		return err
	}
	if err := s.backend.CheckRelease(ctx, *r, slices.Sorted(maps.Keys(r.Model.Services))); err != nil {
		return err
	}
	if err := h.Confirm(ctx, HealPlan{Environment: s.Name, Release: r.Number}, s.Confirm); err != nil {
		return err
	}
	w := &watch{environments: e, session: s, request: h, interval: interval, report: report,
		backoff: newBackoff(interval), lastTexts: map[string]string{}}
	w.request.Confirm = func(context.Context, HealPlan, bool) error { return nil }
	w.say(WatchStarted, fmt.Sprintf("release %d, every %s", r.Number, interval), "", nil)
	for {
		w.look(ctx)
		if err := sleep(ctx, interval); err != nil {
			return err
		}
	}
}

func (w *watch) say(what WatchType, text, hint string, findings []release.Finding) {
	w.report(WatchEvent{Time: w.environments.Now().UTC(), Environment: w.session.Name, Type: what, Text: text,
		Hint: hint, Findings: findings})
}

// sayOnce reports a state that lasts when it begins, and when its text changes, for each service apart.
func (w *watch) sayOnce(what WatchType, service, text, hint string, findings []release.Finding) {
	if key := string(what) + " " + service; w.lastTexts[key] != text {
		w.lastTexts[key] = text
		w.say(what, text, hint, findings)
	}
}

// over reports whether a state was reported, and forgets it.
func (w *watch) over(what WatchType) bool {
	key := string(what) + " "
	_, was := w.lastTexts[key]
	delete(w.lastTexts, key)
	return was
}

// look observes once, and heals what was wrong at the last look too.
func (w *watch) look(ctx context.Context) {
	if w.waits(ctx) {
		return
	}
	d, err := w.diagnose(ctx)
	if ctx.Err() != nil || err == nil && !d.Empty() && w.waits(ctx) {
		return
	}
	if _, down := errors.AsType[*downError](err); down {
		w.last = release.Diagnosis{}
		w.sayOnce(WatchDown, "", err.Error(), hintOf(err), nil)
		return
	}
	if err != nil {
		w.sayOnce(WatchUnreachable, "", text.FirstLine(err.Error()), "", nil)
		return
	}
	if w.over(WatchUnreachable) {
		w.say(WatchReconnected, "the engine answers again", "", nil)
	}
	w.over(WatchDown)
	lasting := d.Persisting(w.last)
	if began := d.Filter(func(f release.Finding) bool { return !lasting.Has(f) }); !began.Empty() {
		w.say(WatchFound, began.String(), "", began.Findings)
	}
	w.last = d
	now := w.environments.Now()
	w.backoff.forget(servicesOf(d), now)
	if due := lasting.Filter(inServices(w.due(lasting, now))); !due.Empty() {
		w.heal(ctx, due)
	}
}

// waits reports whether another davit changes the environment. What differs meanwhile is what it changes, so nothing
// of that counts.
func (w *watch) waits(ctx context.Context) bool {
	holder, err := w.session.backend.Holder(ctx)
	if err != nil { // the look says so
		return false
	}
	if holder == nil || holder.Exited() || !holder.Expires.After(w.environments.Now()) {
		w.over(WatchLocked)
		return false
	}
	w.last = release.Diagnosis{}
	w.sayWaits(*holder)
	return true
}

func (w *watch) sayWaits(h deploy.Holder) {
	w.sayOnce(WatchLocked, "", fmt.Sprintf("waiting for the %s of %s", h.Operation, h), "", nil)
}

// diagnose compares what runs with the last healthy release. When something is wrong, the releases are read
// again: somebody may have deployed another.
func (w *watch) diagnose(ctx context.Context) (d release.Diagnosis, err error) {
	s := w.session
	live, err := s.observe(ctx, deploy.ObserveOptions{Files: true})
	if err != nil {
		return d, err
	}
	if d = release.Diagnose(s.applied(), live, w.request.ignore(s.Ignore), w.request.Services...); d.Empty() {
		return d, nil
	}
	before := s.current()
	if err := s.readReleases(ctx); err != nil {
		return d, err
	}
	if err := s.verifyUp(ctx, live); err != nil {
		return d, err
	}
	if now := s.current(); before != nil && now != nil && now.Number != before.Number {
		w.backoff = newBackoff(w.interval)
	}
	return release.Diagnose(s.applied(), live, w.request.ignore(s.Ignore), w.request.Services...), nil
}

// heal repairs what is due. What has changed since the last look is found again under the lock.
func (w *watch) heal(ctx context.Context, due release.Diagnosis) {
	var out Healed
	err := w.environments.change(ctx, w.request.change(), "heal", w.event,
		func(ctx context.Context, o *operation) (err error) {
			out, err = o.heal(ctx, w.request, &due)
			return err
		})
	if errors.Is(err, context.Canceled) { // before anything was done
		return
	}
	if locked, is := errors.AsType[*deploy.LockedError](err); is {
		w.sayWaits(locked.Holder)
		return
	}
	w.over(WatchLocked)
	w.last = w.last.Filter(func(f release.Finding) bool {
		return !slices.Contains(servicesOf(due),
			f.Service)
	})
	if err == nil && len(out.Findings) == 0 {
		return
	}
	w.backoff.healed(servicesOf(due), w.environments.Now())
	if err != nil {
		w.say(WatchFailed, text.FirstLine(err.Error()), hintOf(err), due.Findings)
		return
	}
	w.say(WatchHealed, release.Diagnosis{Findings: out.Findings}.String(), "", out.Findings)
}

// event reports the warnings of a heal: the last lines of what did not become healthy, a lock that was taken
// over.
func (w *watch) event(e ui.Event) {
	if e.Type == ui.EventWarning {
		w.say(WatchWarning, e.Text, e.Hint, nil)
	}
}

func hintOf(err error) string {
	var h ui.Hinter
	if errors.As(err, &h) {
		return h.Hint()
	}
	return ""
}

// due returns the services of a diagnosis that are healed now. Of the others it reports when they will be.
func (w *watch) due(d release.Diagnosis, now time.Time) (due []string) {
	for _, name := range servicesOf(d) {
		next, times := w.backoff.next(name)
		some := d.Filter(inServices([]string{name}))
		if times >= maxHeals {
			w.sayOnce(WatchStopped, name, fmt.Sprintf("%s, after %d heals in a row; it is left alone until it is right again, or another release is deployed",
				some, times), w.advice(some), some.Findings)
			continue
		}
		if !now.Before(next) {
			due = append(due, name)
			continue
		}
		w.sayOnce(WatchBackoff, name, fmt.Sprintf("%s, after %d heals in a row; the next heal is at %s", some,
			times, next.Local().Format(time.TimeOnly)),
			w.advice(some), some.Findings)
	}
	return due
}

// advice returns what ends a finding that comes back again and again.
func (w *watch) advice(d release.Diagnosis) string {
	for _, f := range d.Findings {
		if f.Unhealthy == "" && f.ID != "" {
			return fmt.Sprintf(
				"if that is intended, ignore = [%q] in [environments.%s] of project.toml ignores it",
				f.Service+"."+f.Drift[0].Path, w.session.Name)
		}
	}
	return "if the release itself is bad, davit rollback " + w.session.Name
}
