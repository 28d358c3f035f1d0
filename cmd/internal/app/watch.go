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
	SightWatching = "watching" // the watch has begun
	SightIll      = "ill"      // something is wrong, and is mended if it still is when it is looked at again
	SightHealed   = "healed"   // it was mended
	SightFailed   = "failed"   // it could not be
	SightLeft     = "left"     // it is wrong again so soon that it is left alone for a while
	SightLocked   = "locked"   // somebody else is at it, who is waited for
	SightLost     = "lost"     // the engine does not answer
	SightFound    = "found"    // it does again
	SightWarning  = "warning"
)

// Sight is one thing that a watch has seen or done.
type Sight struct {
	Time        time.Time `json:"time"`
	Environment string    `json:"environment"`
	Type        string    `json:"type"`
	Text        string    `json:"text"`
	Hint        string    `json:"hint,omitempty"`
	// Ills that it is about.
	Ills []release.Ill `json:"ills,omitempty"`
}

// watch heals an environment for as long as it is let.
type watch struct {
	p     *Project
	s     *site
	h     HealRequest
	tell  func(Sight)
	every time.Duration
	last  release.Diagnosis
	paces map[string]*pace
	said  map[string]string // by type, what has been told last of what goes on
}

// HealWatch looks at an environment again and again, and heals what is wrong twice in a row: what has just begun may end by itself. It ends
// with its context, and for nothing else.
func (p *Project) HealWatch(ctx context.Context, h HealRequest, every time.Duration, tell func(Sight)) error {
	s, err := p.site(ctx, h.Environment)
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
	if err := h.Confirm(ctx, Sickbed{Environment: s.Name, Release: r.Number}, s.Confirm); err != nil {
		return err
	}
	w := &watch{p: p, s: s, h: h, every: every, tell: tell, paces: map[string]*pace{}, said: map[string]string{}}
	w.h.Confirm = func(context.Context, Sickbed, bool) error { return nil }
	w.say(SightWatching, fmt.Sprintf("release %d, every %s", r.Number, every), "", nil)
	for {
		w.look(ctx)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(every):
		}
	}
}

func (w *watch) say(what, text, hint string, ills []release.Ill) {
	w.tell(Sight{Time: w.p.Streams.Now().UTC(), Environment: w.s.Name, Type: what, Text: text, Hint: hint, Ills: ills})
}

// once says what goes on for a while when it begins, and when it becomes something else.
func (w *watch) once(what, text, hint string, ills []release.Ill) {
	w.onceOf(what, "", text, hint, ills)
}

// onceOf is once for each part.
func (w *watch) onceOf(what, part, text, hint string, ills []release.Ill) {
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
		w.once(SightLost, firstLine(err.Error()), "", nil)
		return
	}
	if w.said[SightLost+" "] != "" {
		delete(w.said, SightLost+" ")
		w.say(SightFound, "the engine answers again", "", nil)
	}
	lasting := d.Lasting(w.last)
	if began := d.Of(func(i release.Ill) bool { return !lasting.Has(i) }); !began.Empty() {
		w.say(SightIll, began.String(), "", began.Ills)
	}
	w.last = d
	w.rest(d)
	if due := lasting.Of(of(w.due(lasting))); !due.Empty() {
		w.heal(ctx, due)
	}
}

// diagnose compares what is there with the last good release. Which one that is is asked for when something is wrong: then somebody may
// have deployed another.
func (w *watch) diagnose(ctx context.Context) (d release.Diagnosis, err error) {
	live, err := w.s.target.Live(ctx)
	if err != nil {
		return d, err
	}
	if d = release.Diagnose(w.s.applied(), live, w.s.Ignore, w.h.Services...); d.Empty() {
		return d, nil
	}
	if w.s.releases, err = w.s.target.Releases(ctx); err != nil {
		return d, err
	}
	return release.Diagnose(w.s.applied(), live, w.s.Ignore, w.h.Services...), nil
}

// heal mends what is due. What has changed since the last look, under the lock, is none of it any more.
func (w *watch) heal(ctx context.Context, due release.Diagnosis) {
	var out Healed
	err := w.p.locked(ctx, w.h.deploy(), "heal", w.event, func(ctx context.Context, s *site) (err error) {
		out, err = w.p.heal(ctx, s, w.h, &due, w.event)
		return err
	})
	if errors.Is(err, context.Canceled) { // before anything was done
		return
	}
	if locked, is := errors.AsType[*deploy.Locked](err); is {
		w.once(SightLocked, fmt.Sprintf("waiting for the %s of %s", locked.Holder.What, locked.Holder), "", nil)
		return
	}
	delete(w.said, SightLocked+" ")
	w.last = w.last.Of(func(i release.Ill) bool { return !slices.Contains(parts(due), i.Service) })
	if err == nil && len(out.Ills) == 0 {
		return
	}
	w.treated(due)
	if err != nil {
		w.say(SightFailed, firstLine(err.Error()), hintOf(err), due.Ills)
		return
	}
	w.say(SightHealed, release.Diagnosis{Ills: out.Ills}.String(), "", out.Ills)
}

// event tells what a heal warns of: the last lines of what did not become healthy, a lock that was taken over.
func (w *watch) event(e ui.Event) {
	if e.Type == ui.EventWarning {
		w.say(SightWarning, e.Text, e.Hint, nil)
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
	for _, name := range parts(d) {
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
	sick := parts(d)
	for name, one := range w.paces {
		if !slices.Contains(sick, name) && w.p.Streams.Now().After(one.calm) {
			delete(w.paces, name)
		}
	}
}

// due are those parts of what is wrong that are treated now. Of others it is said when they are.
func (w *watch) due(d release.Diagnosis) (due []string) {
	for _, name := range parts(d) {
		one := w.paces[name]
		if one == nil || !w.p.Streams.Now().Before(one.next) {
			due = append(due, name)
			continue
		}
		some := d.Of(of([]string{name}))
		w.onceOf(SightLeft, name, fmt.Sprintf("%s, after %d heals in a row; the next one comes at %s", some, one.times, one.next.Local().Format(time.TimeOnly)), w.advice(some), some.Ills)
	}
	return due
}

// advice is what ends that something is wrong again and again.
func (w *watch) advice(d release.Diagnosis) string {
	for _, i := range d.Ills {
		if i.Sick == "" && i.ID != "" {
			return fmt.Sprintf("if that is meant, ignore = [%q] in [environments.%s] of project.toml leaves it alone", i.Service+"."+i.Drift[0].Path, w.s.Name)
		}
	}
	return "if the release itself is bad, davit rollback " + w.s.Name
}

// parts are the services of a diagnosis, and "" if there is more.
func parts(d release.Diagnosis) (names []string) {
	names = d.Services()
	if slices.ContainsFunc(d.Ills, func(i release.Ill) bool { return i.Service == "" }) {
		names = append(names, "")
	}
	return names
}
