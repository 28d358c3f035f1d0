package buildkit

import (
	"cmp"
	"context"
	"strings"
	"time"

	bk "github.com/moby/buildkit/client/llb"
	gateway "github.com/moby/buildkit/frontend/gateway/client"

	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/buildkit/llb"
)

// logPatience is how long the last output of a command may take to arrive after the command has ended.
const logPatience = 3 * time.Second

// runCommand runs the command of a step.
func (r *Runner) runCommand(ctx context.Context, s runner.Step, emit func(ui.Event)) (runner.Result, error) {
	r.warnOfProxies(emit)
	n, err := r.node(ctx, s, nil)
	if err != nil {
		return runner.Result{}, err
	}
	if s.Plan.Provides != nil && len(s.Plan.Provides.Check) > 0 {
		reason, skip, err := r.skipReason(ctx, n)
		if err != nil || skip {
			return runner.Result{Status: ui.StatusSkipped, Reason: reason}, err
		}
	}
	if s.Plan.Interactive || s.Effect == runner.Runs {
		emit(ui.Event{
			Type: ui.EventWarning,
			Text: "in a container it has no terminal and no ports, and sees the files as they are now",
			Hint: "--on host runs it on this machine; what davit package makes, any container engine runs",
		})
	}
	definition, err := n.After.Marshal(ctx, bk.Platform(n.Platform))
	if err != nil {
		return runner.Result{}, err
	}
	vertex, err := definition.Head()
	if err != nil {
		return runner.Result{}, err
	}
	w := r.router.watch(vertex, s.Command(), emit)
	after, err := r.evaluate(ctx, definition)
	r.router.forget(vertex, w, r.logWait(ctx, err))
	if err != nil {
		return runner.Result{}, err
	}
	r.keepResult(s.ID, after)
	result := runner.Result{Status: ui.StatusOK}
	if w.cached {
		result.Status = ui.StatusCached
	}
	return r.applyEffects(ctx, n, after, result, emit)
}

// logWait returns how long to wait for the rest of the output: not at all if the connection or the user ended
// the command.
func (r *Runner) logWait(ctx context.Context, err error) time.Duration {
	if ctx.Err() != nil || r.isConnectionError(err) {
		return 0
	}
	return logPatience
}

// solve makes the engine compute a state.
func (r *Runner) solve(ctx context.Context, state bk.State, n *llb.Node) (gateway.Reference, error) {
	definition, err := state.Marshal(ctx, bk.Platform(n.Platform))
	if err != nil {
		return nil, err
	}
	return r.evaluate(ctx, definition)
}

func (r *Runner) evaluate(ctx context.Context, definition *bk.Definition) (gateway.Reference, error) {
	b, err := r.open(ctx)
	if err != nil {
		return nil, err
	}
	result, err := b.gateway.Solve(ctx, gateway.SolveRequest{Definition: definition.ToPB(), Evaluate: true,
		CacheImports: r.cacheImports()})
	if err != nil {
		return nil, err
	}
	return result.SingleRef()
}

// skipReason runs the check of a step in a container, and returns whether and why the step is not needed.
func (r *Runner) skipReason(ctx context.Context, n *llb.Node) (reason string, skip bool, err error) {
	reason, err = r.check(ctx, n)
	if _, failed := exitCode(err); failed {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, g := range r.graphs {
		if g.Node(n.Step.ID) == n {
			g.Skip(n.Step.ID)
		}
	}
	return reason, true, nil
}

// check runs the check of a step, and returns the first line of its output. An engine that has the result
// from an earlier run does not have the output any more.
func (r *Runner) check(ctx context.Context, n *llb.Node) (line string, err error) {
	definition, err := n.Check.Marshal(ctx, bk.Platform(n.Platform))
	if err != nil {
		return "", err
	}
	vertex, err := definition.Head()
	if err != nil {
		return "", err
	}
	var printed strings.Builder
	w := r.router.watch(vertex, "", func(e ui.Event) { printed.WriteString(e.Text) })
	_, err = r.evaluate(ctx, definition)
	r.router.forget(vertex, w, r.logWait(ctx, err))
	return cmp.Or(text.FirstLine(printed.String()), "its check says that it is not needed"), err
}

// keepResult stores what a step left, for the shared cache.
func (r *Runner) keepResult(id string, ref gateway.Reference) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.results == nil {
		r.results = map[string]gateway.Reference{}
	}
	r.results[id] = ref
}
