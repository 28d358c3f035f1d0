package runner

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/davit-dev/davit/internal/ui"
)

// An Explanation says whether a step would run now, and why.
type Explanation struct {
	// Cacheable says whether results of the step are stored at all; if not, Reasons says why.
	Cacheable bool
	// Fresh says that an earlier result would be reused: the step would be cached.
	Fresh bool
	// Reasons are why the step would run, each in a few words: "changed: main.go", "tool is go 1.26.1, was go
	// 1.25.3".
	Reasons []string
	// Run is when the run ended that the step is compared with; zero if there was none.
	Run time.Time
	// Since are the differences from an earlier run, if that was asked for.
	Since []string
}

// since adds what changed since an earlier run.
func (x Explanation) since(l *lookup, until time.Time) Explanation {
	if until.IsZero() {
		return x
	}
	then, ok := l.lastRecord(l.step.ID, until)
	switch at := then.Time.Local().Format(time.DateTime); {
	case !ok:
		x.Since = []string{"no run is remembered that ended before " + until.Local().Format(time.DateTime)}
	case then.Key == l.key && len(l.f.differences(then.Fingerprint)) == 0:
		x.Since = []string{"nothing has changed since the run of " + at}
	default:
		x.Since = []string{"since the run of " + at + ", " + then.Status + ": " +
			strings.Join(l.f.differences(then.Fingerprint), "; ")}
	}
	return x
}

// Explain compares the fingerprints of the steps of a graph with those of their last runs in this project.
// The Cache must have been prepared for the same steps. Nothing is run: a step that makes inputs of others is
// assumed to make what it made before. With a time that is not zero, Since says what changed since the last run
// that ended no later.
func (c *Cache) Explain(ctx context.Context, g *Graph, since time.Time) (map[string]Explanation, error) {
	found := map[string]Explanation{}
	for _, s := range g.steps {
		l, err := c.lookup(ctx, s)
		if err != nil {
			return nil, err
		}
		found[s.ID] = l.explain(ctx).since(l, since)
	}
	return found, nil
}

func (l *lookup) explain(ctx context.Context) Explanation {
	last, known := l.lastRecord(l.step.ID, time.Time{})
	if l.kept != "" {
		return Explanation{Reasons: []string{l.kept}, Run: last.Time}
	}
	e, ok := l.find(ctx)
	if !ok {
		if e, _, ok = l.restorable(ctx); !ok {
			e, ok = l.matching(ctx)
		}
	}
	switch {
	case ok:
		if len(l.step.outputs()) > 0 {
			l.setMade(l.step.ID, outputsDigest(e.Outputs))
		}
		return Explanation{Cacheable: true, Fresh: true, Run: e.Time}
	case l.why != "" && (!known || last.Key == l.key && last.Status != ui.StatusFailed && l.changed):
		return Explanation{Cacheable: true, Reasons: []string{l.why}, Run: last.Time}
	case !known:
		return Explanation{Cacheable: true, Reasons: []string{"it has not been run here before"}}
	}
	return Explanation{Cacheable: true, Reasons: last.reasons(l), Run: last.Time}
}

// reasons returns why a step runs again.
func (r record) reasons(l *lookup) (reasons []string) {
	if r.Status == ui.StatusFailed {
		reasons = append(reasons, "it failed")
	}
	reasons = append(reasons, l.f.differences(r.Fingerprint)...)
	if len(reasons) == 0 && r.Note != "" {
		reasons = append(reasons, "its result was not kept: "+r.Note)
	}
	if len(reasons) == 0 && l.why != "" {
		reasons = append(reasons, l.why)
	}
	if len(reasons) == 0 {
		reasons = append(reasons, "its result is not stored any more")
	}
	return reasons
}

// differences returns how a fingerprint differs from an earlier one.
func (f fingerprint) differences(before fingerprint) (reasons []string) {
	note := func(what, is, was string) {
		if is != was {
			reasons = append(reasons, fmt.Sprintf("%s is %s, was %s", what, orNone(is), orNone(was)))
		}
	}
	note("place", f.where(), before.where())
	note("tool", f.Tool, before.Tool)
	if f.Where != before.Where {
		return reasons // the rest of the keys cannot be compared
	}
	if f.command() != before.command() {
		reasons = append(reasons, commandDifference(f.brief(), before.brief()))
	}
	note("argument list", Quote(f.Args), Quote(before.Args))
	note("way to count tests", Quote(f.Counting), Quote(before.Counting))
	note("folder", f.Dir, before.Dir)
	note("path", strings.Join(f.Path, ":"), strings.Join(before.Path, ":"))
	note("system", f.System, before.System)
	note("what it makes", strings.Join(f.Made, ", "), strings.Join(before.Made, ", "))
	reasons = append(reasons, differences("program ", f.Programs, before.Programs)...)
	reasons = append(reasons, differences("variable ", f.Env, before.Env)...)
	reasons = append(reasons, differences("variable of this shell ", f.Caller, before.Caller)...)
	reasons = append(reasons, differences("secret ", f.Secret, before.Secret)...)
	reasons = append(reasons, differences("image ", f.Image, before.Image)...)
	reasons = append(reasons, differences("", contents(f.Inputs), contents(before.Inputs))...)
	if len(reasons) == 0 {
		reasons = differences("permissions ", f.Inputs, before.Inputs)
	}
	reasons = append(reasons, differences("ignored by git, ", f.Ignored, before.Ignored)...)
	if len(reasons) > 0 { // which mostly explain what is new in the steps before, too
		return reasons
	}
	return differences("needed step ", f.Needs, before.Needs)
}

// contents returns sums without the permission bits.
func contents(sums map[string]string) map[string]string {
	bare := make(map[string]string, len(sums))
	for name, sum := range sums {
		_, bare[name], _ = strings.Cut(sum, " ")
		bare[name] = cmp.Or(bare[name], sum)
	}
	return bare
}

func (f fingerprint) where() string {
	if f.Where == "" {
		return string(OnHost)
	}
	return string(f.Where)
}

// brief returns the command for a reader: the first line of a script.
func (f fingerprint) brief() string {
	return strings.TrimSpace(firstLine(f.Script) + " " + Brief(f.Argv))
}

// commandDifference says how a command differs from an earlier one.
func commandDifference(is, was string) string {
	if is == was {
		return "command has changed behind its first line: " + is
	}
	return fmt.Sprintf("command is %s, was %s", orNone(is), orNone(was))
}

func (f fingerprint) command() string {
	return strings.TrimSpace(strings.Join(strings.Fields(f.Script), " ") + " " + Quote(f.Argv))
}

func orNone(text string) string {
	if text == "" {
		return "nothing"
	}
	return text
}

// differences returns "changed: …", "added: …" and "removed: …" for the names of two maps.
func differences(noun string, now, before map[string]string) (reasons []string) {
	var changed, added, removed []string
	for _, name := range slices.Sorted(maps.Keys(now)) {
		switch was, there := before[name]; {
		case !there:
			added = append(added, name)
		case was != now[name]:
			changed = append(changed, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if _, there := now[name]; !there {
			removed = append(removed, name)
		}
	}
	for _, group := range []struct {
		verb  string
		names []string
	}{{"changed", changed}, {"added", added}, {"removed", removed}} {
		if len(group.names) > 0 {
			reasons = append(reasons, noun+group.verb+": "+abbreviate(group.names))
		}
	}
	return reasons
}
