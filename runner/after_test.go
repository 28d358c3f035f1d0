package runner_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// recorder is a Runner that notes when steps begin and end, and fails the ones that it is told to.
type recorder struct {
	mu    sync.Mutex
	log   []string
	fails string
}

func (r *recorder) Prepare(context.Context, []runner.Step) (runner.Versions, error) { return nil, nil }

func (r *recorder) Run(_ context.Context, s runner.Step, _ func(ui.Event)) runner.Result {
	r.note("begin " + s.ID)
	time.Sleep(time.Millisecond)
	r.note("end " + s.ID)
	if s.ID == r.fails {
		return runner.Result{Status: ui.StatusFailed, Exit: 1}
	}
	return runner.Result{Status: ui.StatusOK}
}

func (r *recorder) note(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.log = append(r.log, text)
}

// A step that comes after another waits for its end, and then runs even if it failed.
func TestAfterWaitsWithoutNeeding(t *testing.T) {
	step := func(id string, after ...string) runner.Step {
		return runner.Step{ID: id, Effect: runner.Reads,
			Plan: plan.Step{Op: plan.OpExec, Argv: []string{id}, After: after}}
	}
	g, err := runner.NewGraph([]runner.Step{step("test", "build"), step("build")})
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{fails: "build"}
	runner.Run(t.Context(), g, r, runner.Options{Jobs: 4})
	want := []string{"begin build", "end build", "begin test", "end test"}
	if !slices.Equal(r.log, want) {
		t.Errorf("got %q, wanted %q", r.log, want)
	}
}

// A step that follows another is not run if that one failed, although it does not need it.
func TestFollowsStopsAfterAFailure(t *testing.T) {
	step := func(id string, follows ...string) runner.Step {
		return runner.Step{ID: id, Effect: runner.Builds, Follows: follows,
			Plan: plan.Step{Op: plan.OpExec, Argv: []string{id}, After: follows}}
	}
	g, err := runner.NewGraph([]runner.Step{step("build"), step("test", "build"), step("other")})
	if err != nil {
		t.Fatal(err)
	}
	s := runner.Run(t.Context(), g, &recorder{fails: "build"}, runner.Options{Jobs: 1})
	want := []string{"build failed ", "test not-run comes after build, which failed", "other ok "}
	var got []string
	for _, e := range s.Steps {
		got = append(got, e.ID+" "+e.Status+" "+e.Reason)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, wanted %q", got, want)
	}
}
