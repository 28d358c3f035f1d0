package buildkit

import (
	"context"
	"fmt"
	"strings"

	gateway "github.com/moby/buildkit/frontend/gateway/client"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/buildkit/llb"
)

// applyEffects checks that a step changed only what its effect allows, and copies its results to the project.
func (r *Runner) applyEffects(
	ctx context.Context, n *llb.Node, after gateway.Reference, result runner.Result, emit func(ui.Event),
) (runner.Result, error) {
	if n.Step.Report != "" {
		code, err := r.report(ctx, n, emit)
		if err != nil {
			return result, err
		}
		if code != 0 {
			result = runner.Result{Status: ui.StatusFailed, Exit: code,
				Reason: fmt.Sprintf("exit status %d", code)}
		}
	}
	switch n.Step.Effect {
	case runner.Reads:
		changed, err := r.changedSources(ctx, n, after)
		if err != nil || len(changed) > 0 {
			return checkReadsOnly(result, changed), err
		}
	case runner.Writes:
		if result.OK() {
			return result, r.applyWrites(ctx, n, after)
		}
	}
	if !result.OK() || n.Step.Inside {
		return result, nil
	}
	if llb.UnknownOutputs(n.Step) {
		emit(ui.Event{
			Type: ui.EventWarning,
			Text: "its results stay in the container, since it declares no outputs",
			Hint: `declare outputs = ["…"] for its target in project.toml, or use --on host`,
		})
	}
	return result, r.export(ctx, n, after, emit)
}

// checkReadsOnly returns the failure of a step that changed files that it may only read, in the words of the
// host runner.
func checkReadsOnly(r runner.Result, changed []string) runner.Result {
	if len(changed) == 0 {
		return r
	}
	const shown = 5
	names := strings.Join(changed[:min(len(changed), shown)], ", ")
	if more := len(changed) - shown; more > 0 {
		names += fmt.Sprintf(" and %d more", more)
	}
	reason := "it must only read, and changed " + names
	if !r.OK() {
		reason = r.Reason + "; " + reason
	}
	return runner.Result{Status: ui.StatusFailed, Exit: r.Exit, Reason: reason,
		Hint: "the project is unchanged: the change was made in the container"}
}
