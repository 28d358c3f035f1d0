package runner

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
)

// fake is a Runner whose steps do what a test says. It keeps what began and what ended, in order.
type fake struct {
	do      map[string]func(context.Context) Result
	missing error
	mu      sync.Mutex
	trail   []string
	steps   map[string]Step
}

func newFake() *fake {
	return &fake{do: map[string]func(context.Context) Result{}, steps: map[string]Step{}}
}

func (f *fake) Prepare(_ context.Context, steps []Step) (Versions, error) { return nil, f.missing }

func (f *fake) Run(ctx context.Context, s Step, emit func(ui.Event)) Result {
	f.note("+" + s.ID)
	f.mu.Lock()
	f.steps[s.ID] = s
	f.mu.Unlock()
	emit(ui.Event{Type: ui.EventStep, Status: ui.StatusRunning})
	r := Result{Status: ui.StatusOK}
	if do := f.do[s.ID]; do != nil {
		r = do(ctx)
	}
	f.note("-" + s.ID)
	return r
}

func (f *fake) note(what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.trail = append(f.trail, what)
}

func (f *fake) path() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Join(f.trail, " ")
}

func fails(context.Context) Result { return Result{Status: ui.StatusFailed, Exit: 1} }

func untilStopped(ctx context.Context) Result {
	<-ctx.Done()
	return Result{Status: ui.StatusCancelled, Reason: "interrupted"}
}

// steps reads "a b:writes c<a,b": an id, its effect, what it needs. The effect is "reads" unless given.
func steps(text string) (all []Step) {
	for _, word := range strings.Fields(text) {
		word, needs, _ := strings.Cut(word, "<")
		id, effect, _ := strings.Cut(word, ":")
		s := Step{ID: id, Effect: Effect(effect), Cacheable: true,
			Plan: plan.Step{Op: plan.OpExec, Argv: []string{id}}}
		if effect == "" {
			s.Effect = Reads
		}
		if effect == "interactive" {
			s.Effect, s.Plan.Interactive = Reads, true
		}
		if needs != "" {
			s.Plan.Needs = strings.Split(needs, ",")
		}
		all = append(all, s)
	}
	return all
}

func graph(t *testing.T, text string) *Graph {
	t.Helper()
	g, err := NewGraph(steps(text))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func statuses(s Summary) string {
	var all []string
	for _, e := range s.Steps {
		all = append(all, e.ID+"="+e.Status)
	}
	return strings.Join(all, " ")
}

func TestGraph(t *testing.T) {
	bad := steps("a")
	bad[0].Plan.Inputs = []string{"**/*.go", "a{b"}
	if _, err := NewGraph(bad); err == nil || err.Error() != `step "a": inputs: "a{b" is not a glob` {
		t.Errorf("got %v", err)
	}
	for text, want := range map[string]string{
		"":                "",
		"c<b b<a a":       "a b c",
		"b a":             "b a",
		"test<deps build": "deps test build",
		"a a":             `error: step "a" is defined twice`,
		"a<x":             `error: step "a" needs "x", which is not a step of this run`,
		"a<b b<c c<b":     `error: step "b" needs itself: b → c → b`,
		"a<a":             `error: step "a" needs itself: a → a`,
	} {
		all := steps(text)
		if text == "test<deps build" {
			all = append(all, steps("deps")...)
		}
		g, err := NewGraph(all)
		got := fmt.Sprintf("error: %v", err)
		if err == nil {
			var ids []string
			for _, s := range g.Steps() {
				ids = append(ids, s.ID)
			}
			got = strings.Join(ids, " ")
		}
		if got != want {
			t.Errorf("%q: got %q, wanted %q", text, got, want)
		}
	}
}

func TestWhatFollowsAFailure(t *testing.T) {
	for _, c := range []struct{ graph, fails, want string }{
		{"a b<a c", "", "a=ok b=ok c=ok"},
		{"a b<a c<b d", "a", "a=failed b=not-run c=not-run d=ok"},
		{"a b:ships", "a", "a=failed b=not-run"},
		{"a b:writes", "a", "a=failed b=ok"},
		{"a:ships b", "a", "a=failed b=ok"},
		{"a b:runs<a c:runs", "a", "a=failed b=not-run c=ok"},
	} {
		f := newFake()
		f.do[c.fails] = fails
		s := Run(t.Context(), graph(t, c.graph), f, Options{Jobs: 4})
		want := ui.StatusOK
		if c.fails != "" {
			want = ui.StatusFailed
		}
		if statuses(s) != c.want || s.Status != want {
			t.Errorf("%q: got %q, %s", c.graph, statuses(s), s.Status)
		}
	}
}

func TestAStepThatDidNotRunSaysWhy(t *testing.T) {
	f := newFake()
	f.do["a"] = fails
	s := Run(t.Context(), graph(t, "a b<a c<b d:ships"), f, Options{})
	for i, want := range []string{"", "needs a, which failed", "needs b, which was not run",
		"a failed before"} {
		if s.Steps[i].Reason != want {
			t.Errorf("%s: got %q, wanted %q", s.Steps[i].ID, s.Steps[i].Reason, want)
		}
	}
}

func TestTheHintOfACommandIsForItsOwnFailure(t *testing.T) {
	all := steps("a b")
	all[0].Plan.Hint, all[1].Plan.Hint = "read a", "read b"
	g, err := NewGraph(all)
	if err != nil {
		t.Fatal(err)
	}
	f := newFake()
	f.do["a"] = fails
	f.do["b"] = func(context.Context) Result { return Result{Status: ui.StatusFailed, Reason: "no image"} }
	s := Run(t.Context(), g, f, Options{Jobs: 1})
	if a, b := s.Steps[0].Hint, s.Steps[1].Hint; a != "read a" || b != "" {
		t.Errorf("got %q and %q, wanted the hint of the command that failed alone", a, b)
	}
}

func TestStepsRunAtOnceUpToJobs(t *testing.T) {
	f := newFake()
	var mu sync.Mutex
	now, most := 0, 0
	both := make(chan struct{})
	count := func(context.Context) Result {
		mu.Lock()
		if now++; now > most {
			most = now
		}
		if now == 2 {
			close(both)
		}
		mu.Unlock()
		<-both // deadlocks unless two run at once
		mu.Lock()
		now--
		if now == 0 {
			both = make(chan struct{})
		}
		mu.Unlock()
		return Result{Status: ui.StatusOK}
	}
	for _, id := range []string{"a", "b"} {
		f.do[id] = count
	}
	Run(t.Context(), graph(t, "a b c<a,b"), f, Options{Jobs: 2})
	if most != 2 {
		t.Errorf("at most %d ran at once", most)
	}
	f = newFake()
	Run(t.Context(), graph(t, "a b c"), f, Options{Jobs: 0})
	if f.path() != "+a -a +b -b +c -c" {
		t.Errorf("one by one: %s", f.path())
	}
}

func TestStepsThatWriteRunAlone(t *testing.T) {
	f := newFake()
	Run(t.Context(), graph(t, "a b w:writes c d s:ships e"), f, Options{Jobs: 8})
	trail := strings.Fields(f.path())
	w, s := slices.Index(trail, "+w"), slices.Index(trail, "+s")
	if w != 4 || trail[5] != "-w" || s != 10 || trail[11] != "-s" {
		t.Errorf("got %s", f.path())
	}
}

func TestServersAndDialogsStartWhenNothingElseIsLeft(t *testing.T) {
	for _, c := range []struct {
		graph, want string
		interactive string
	}{
		{"r:runs a b<a", "+a -a +b -b +r -r", "r"},
		{"i:interactive a j:interactive", "+a -a +i -i +j -j", "i j"},
		{"r:runs w:writes a", "+w -w +a -a +r -r", "r"},
		{"r:runs a<r", "+r -r +a -a", "r"},
	} {
		f := newFake()
		Run(t.Context(), graph(t, c.graph), f, Options{Jobs: 4})
		var interactive []string
		for _, id := range slices.Sorted(maps.Keys(f.steps)) {
			if f.steps[id].Plan.Interactive {
				interactive = append(interactive, id)
			}
		}
		if f.path() != c.want || strings.Join(interactive, " ") != c.interactive {
			t.Errorf("%q: got %s, interactive: %q", c.graph, f.path(), interactive)
		}
	}
}

func TestTwoServersRunAtOnceWithoutTheTerminal(t *testing.T) {
	f := newFake()
	var both sync.WaitGroup
	both.Add(2)
	meet := func(context.Context) Result {
		both.Done()
		both.Wait() // deadlocks unless both run
		return Result{Status: ui.StatusOK}
	}
	f.do["r"], f.do["s"] = meet, meet
	Run(t.Context(), graph(t, "r:runs s:runs a"), f, Options{Jobs: 1})
	if f.steps["r"].Plan.Interactive || f.steps["s"].Plan.Interactive ||
		!strings.HasPrefix(f.path(), "+a -a") {
		t.Errorf("got %s", f.path())
	}
}

func TestFailFastStopsTheOthers(t *testing.T) {
	f := newFake()
	begun := make(chan struct{})
	f.do["a"] = func(ctx context.Context) Result { close(begun); return untilStopped(ctx) }
	f.do["b"] = func(ctx context.Context) Result { <-begun; return fails(ctx) }
	s := Run(t.Context(), graph(t, "a b c<a"), f, Options{Jobs: 2, FailFast: true})
	if got := statuses(s); got != "a=cancelled b=failed c=not-run" || s.Status != ui.StatusFailed {
		t.Errorf("got %s, %s", got, s.Status)
	}
	if s.Steps[0].Reason != "stopped, because b failed" {
		t.Errorf("got %q", s.Steps[0].Reason)
	}
}

func TestWithoutFailFastTheOthersGoOn(t *testing.T) {
	f := newFake()
	failed := make(chan struct{})
	f.do["a"] = func(ctx context.Context) Result { defer close(failed); return fails(ctx) }
	f.do["b"] = func(ctx context.Context) Result {
		<-failed
		return Result{Status: ui.StatusOK}
	}
	if s := Run(t.Context(), graph(t, "a b c"), f, Options{Jobs: 2}); statuses(s) != "a=failed b=ok c=ok" {
		t.Errorf("got %s", statuses(s))
	}
}

func TestCtrlCEndsARun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	f := newFake()
	f.do["a"] = func(ctx context.Context) Result { cancel(); return untilStopped(ctx) }
	s := Run(ctx, graph(t, "a b"), f, Options{})
	if got := statuses(s); got != "a=cancelled b=not-run" || s.Status != ui.StatusCancelled {
		t.Errorf("got %s, %s", got, s.Status)
	}
}

// An interactive step gets Ctrl-C from the terminal, past davit.
func TestAStepThatCtrlCEndedEndsTheRunAsIfDavitHadHeardIt(t *testing.T) {
	f := newFake()
	f.do["r"] = func(context.Context) Result { return Result{Status: ui.StatusCancelled, Exit: Interrupted} }
	if s := Run(t.Context(), graph(t, "r:runs"), f, Options{}); s.Status != ui.StatusCancelled {
		t.Errorf("got %s", s.Status)
	}
}

func TestATimeoutIsAFailure(t *testing.T) {
	f := newFake()
	f.do["a"] = func(context.Context) Result { return Result{Status: ui.StatusCancelled, Exit: 124} }
	if s := Run(t.Context(), graph(t, "a"), f, Options{}); s.Status != ui.StatusFailed {
		t.Errorf("got %s", s.Status)
	}
}

func TestWhatCannotBePreparedIsNotRun(t *testing.T) {
	f := newFake()
	f.missing = fmt.Errorf("wrapped: %w", &EngineError{Step: "a", Reason: "assembles an image"})
	s := Run(t.Context(), graph(t, "a"), f,
		Options{Events: func(e ui.Event) { t.Errorf("there is an event: %+v", e) }})
	if !errors.Is(s.Err, f.missing) || fault.Of(s.Err) != fault.FailedPrecondition || f.path() != "" {
		t.Errorf("got %v", s.Err)
	}
}

func TestTheEventsOfARun(t *testing.T) {
	var got []string
	var mu sync.Mutex
	f := newFake()
	f.do["b"] = fails
	note := ui.Event{Type: ui.EventStep, Step: "test-e2e", Status: ui.StatusSkipped, Reason: "absent"}
	s := Run(t.Context(), graph(t, "a b c<b"), f, Options{
		Targets: []string{"test"}, Notes: []ui.Event{note},
		Events: func(e ui.Event) {
			mu.Lock()
			defer mu.Unlock()
			e.Seconds = 0
			got = append(got, fmt.Sprintf("%s %s %s", e.Type, e.Step, e.Status))
		},
	})
	want := []string{
		"run  ", "step test-e2e skipped", "step a running", "step a ok", "step b running", "step b failed",
		"step c not-run", "end  failed",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if fmt.Sprint(s.Counts) != "map[failed:1 not-run:1 ok:1 skipped:1]" {
		t.Errorf("counts are %v", s.Counts)
	}
}

func TestCommandsAreShownAsAShellTakesThem(t *testing.T) {
	for want, s := range map[string]Step{
		"go test -run '^Test A$' ./...": {Plan: plan.Step{Op: plan.OpExec,
			Argv: []string{"go", "test", "-run", "^Test A$"}}, Args: []string{"./..."}},
		`echo 'it'\''s' ''`: {Plan: plan.Step{Op: plan.OpExec, Argv: []string{"echo", "it's", ""}}},
		"a …":               {Plan: plan.Step{Op: plan.OpShell, Script: "\na\nb\n"}},
		"set -- x; a":       {Plan: plan.Step{Op: plan.OpShell, Script: "a"}, Args: []string{"x"}},
		"write a b":         {Plan: plan.Step{Op: plan.OpWrite, Files: map[string]string{"b": "", "a": ""}}},
	} {
		if got := s.Command(); got != want {
			t.Errorf("got %q, wanted %q", got, want)
		}
	}
}
