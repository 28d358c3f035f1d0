package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// longest is how long a service is left alone at the most that is sick again and again.
const longest = 5 * time.Minute

// The types of sights.
const (
	WatchStarted     = "watching" // the watch has begun
	WatchFound       = "ill"      // something is wrong, and is mended if it still is when it is looked at again
	WatchHealed      = "healed"   // it was mended
	WatchFailed      = "failed"   // it could not be
	WatchBackoff     = "left"     // it is wrong again so soon that it is left alone for a while
	WatchLocked      = "locked"   // somebody else is at it, who is waited for
	WatchUnreachable = "lost"     // the engine does not answer
	WatchReconnected = "found"    // it does again
	WatchWarning     = "warning"
)

// WatchEvent is one thing that a watch has seen or done.
type WatchEvent struct {
	Time        time.Time `json:"time"`
	Environment string    `json:"environment"`
	Type        string    `json:"type"`
	Text        string    `json:"text"`
	Hint        string    `json:"hint,omitempty"`
	// Findings that it is about.
	Findings []release.Finding `json:"findings,omitempty"`
}

// watch heals an environment for as long as it is let.
type watch struct {
	p       *Project
	session *session
	h       HealRequest
	tell    func(WatchEvent)
	every   time.Duration
	last    release.Diagnosis
	paces   map[string]*pace
	said    map[string]string // by type, what has been told last of what goes on
}

// HealWatch looks at an environment again and again, and heals what is wrong twice in a row: what has just begun may end by itself. It ends
// with its context, and for nothing else.
func (p *Project) HealWatch(ctx context.Context, h HealRequest, every time.Duration, tell func(WatchEvent)) error {
	s, err := p.openSession(ctx, h.Environment)
	if err != nil {
		return err
	}
	defer s.target.Close()
	r, err := s.healable(h.Services)
	if err != nil {
		return err
	}
	if err := s.target.Ready(ctx, *r, sorted(r.Model.Services)); err != nil {
		return err
	}
	if err := h.Confirm(ctx, HealPlan{Environment: s.Name, Release: r.Number}, s.Confirm); err != nil {
		return err
	}
	w := &watch{p: p, session: s, h: h, every: every, tell: tell, paces: map[string]*pace{}, said: map[string]string{}}
	w.h.Confirm = func(context.Context, HealPlan, bool) error { return nil }
	w.say(WatchStarted, fmt.Sprintf("release %d, every %s", r.Number, every), "", nil)
	for {
		w.look(ctx)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(every):
		}
	}
}

func (w *watch) say(what, text, hint string, ills []release.Finding) {
	w.tell(WatchEvent{Time: w.p.Streams.Now().UTC(), Environment: w.session.Name, Type: what, Text: text, Hint: hint, Findings: ills})
}

// once says what goes on for a while when it begins, and when it becomes something else.
func (w *watch) once(what, text, hint string, ills []release.Finding) {
	w.onceOf(what, "", text, hint, ills)
}

// onceOf is once for each part.
func (w *watch) onceOf(what, part, text, hint string, ills []release.Finding) {
	if key := what + " " + part; w.said[key] != text {
		w.said[key] = text
		w.say(what, text, hint, ills)
	}
}

// look is one look, after which what was wrong at the last one too is healed.
func (w *watch) look(ctx context.Context) {
	d, err := w.diagnose(ctx)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		w.once(WatchUnreachable, firstLine(err.Error()), "", nil)
		return
	}
	if w.said[WatchUnreachable+" "] != "" {
		delete(w.said, WatchUnreachable+" ")
		w.say(WatchReconnected, "the engine answers again", "", nil)
	}
	lasting := d.Lasting(w.last)
	if began := d.Of(func(i release.Finding) bool { return !lasting.Has(i) }); !began.Empty() {
		w.say(WatchFound, began.String(), "", began.Findings)
	}
	w.last = d
	w.rest(d)
	if due := lasting.Of(inServices(w.due(lasting))); !due.Empty() {
		w.heal(ctx, due)
	}
}

// diagnose compares what is there with the last good release. Which one that is is asked for when something is wrong: then somebody may
// have deployed another.
func (w *watch) diagnose(ctx context.Context) (d release.Diagnosis, err error) {
	live, err := w.session.target.Live(ctx)
	if err != nil {
		return d, err
	}
	if d = release.Diagnose(w.session.applied(), live, w.session.Ignore, w.h.Services...); d.Empty() {
		return d, nil
	}
	if w.session.releases, err = w.session.target.Releases(ctx); err != nil {
		return d, err
	}
	return release.Diagnose(w.session.applied(), live, w.session.Ignore, w.h.Services...), nil
}

// heal mends what is due. What has changed since the last look, under the lock, is none of it any more.
func (w *watch) heal(ctx context.Context, due release.Diagnosis) {
	var out Healed
	err := w.p.locked(ctx, w.h.deploy(), "heal", w.event, func(ctx context.Context, s *session) (err error) {
		out, err = w.p.heal(ctx, s, w.h, &due, w.event)
		return err
	})
	if errors.Is(err, context.Canceled) { // before anything was done
		return
	}
	if locked, is := errors.AsType[*deploy.LockedError](err); is {
		w.once(WatchLocked, fmt.Sprintf("waiting for the %s of %s", locked.Holder.Operation, locked.Holder), "", nil)
		return
	}
	delete(w.said, WatchLocked+" ")
	w.last = w.last.Of(func(i release.Finding) bool { return !slices.Contains(servicesOf(due), i.Service) })
	if err == nil && len(out.Findings) == 0 {
		return
	}
	w.treated(due)
	if err != nil {
		w.say(WatchFailed, firstLine(err.Error()), hintOf(err), due.Findings)
		return
	}
	w.say(WatchHealed, release.Diagnosis{Findings: out.Findings}.String(), "", out.Findings)
}

// event tells what a heal warns of: the last lines of what did not become healthy, a lock that was taken over.
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

// pace is how a service is treated that is wrong again and again.
type pace struct {
	times int // how often it was treated, without a rest between
	next  time.Time
	calm  time.Time // when it will have rested, if nothing is wrong with it until then
}

// treated says that something was done for services, whether it helped or not: each time in a row they are left alone for twice as long.
func (w *watch) treated(d release.Diagnosis) {
	for _, name := range servicesOf(d) {
		one := w.paces[name]
		if one == nil {
			one = &pace{}
			w.paces[name] = one
		}
		pause := delay(w.every, one.times)
		one.times++
		one.next = w.p.Streams.Now().Add(pause)
		one.calm = one.next.Add(2 * max(pause, w.every))
	}
}

// delay before something is treated again that was treated so often before.
func delay(every time.Duration, times int) time.Duration {
	if times == 0 {
		return 0
	}
	return min(longest, every<<min(times, 10))
}

// rest forgets how often something was treated that has been well for some time.
func (w *watch) rest(d release.Diagnosis) {
	sick := servicesOf(d)
	for name, one := range w.paces {
		if !slices.Contains(sick, name) && w.p.Streams.Now().After(one.calm) {
			delete(w.paces, name)
		}
	}
}

// due are those parts of what is wrong that are treated now. Of others it is said when they are.
func (w *watch) due(d release.Diagnosis) (due []string) {
	for _, name := range servicesOf(d) {
		one := w.paces[name]
		if one == nil || !w.p.Streams.Now().Before(one.next) {
			due = append(due, name)
			continue
		}
		some := d.Of(inServices([]string{name}))
		w.onceOf(WatchBackoff, name, fmt.Sprintf("%s, after %d heals in a row; the next one comes at %s", some, one.times, one.next.Local().Format(time.TimeOnly)), w.advice(some), some.Findings)
	}
	return due
}

// advice is what ends that something is wrong again and again.
func (w *watch) advice(d release.Diagnosis) string {
	for _, i := range d.Findings {
		if i.Unhealthy == "" && i.ID != "" {
			return fmt.Sprintf("if that is meant, ignore = [%q] in [environments.%s] of project.toml leaves it alone", i.Service+"."+i.Drift[0].Path, w.session.Name)
		}
	}
	return "if the release itself is bad, davit rollback " + w.session.Name
}

// servicesOf are the services of a diagnosis, and "" if there is more.
func servicesOf(d release.Diagnosis) (names []string) {
	names = d.Services()
	if slices.ContainsFunc(d.Findings, func(i release.Finding) bool { return i.Service == "" }) {
		names = append(names, "")
	}
	return names
}
