package host

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// Prepare refuses what cannot be run here, and finds the tools of all steps at once. An error is a
// *runner.EngineError, a *ScriptError or a MissingToolsError.
func (r *Runner) Prepare(ctx context.Context, steps []runner.Step) (runner.Versions, error) {
	for _, s := range steps {
		if err := r.checkSupported(ctx, s); err != nil {
			return nil, err
		}
	}
	found, faults := make([]Found, len(steps)), make([]error, len(steps))
	var wg sync.WaitGroup
	for i, s := range steps {
		wg.Go(func() { found[i], faults[i] = r.FindTool(ctx, s) })
	}
	wg.Wait()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	versions := runner.Versions{}
	for i, s := range steps {
		versions[s.ID] = found[i].identity()
	}
	return versions, missingTools(faults)
}

// identity returns the version of a tool, with that of its runtime.
func (f Found) identity() string { return strings.TrimSpace(f.Version + " " + f.with) }

// FindTool finds the tool of a step. It returns a *ToolError if the tool is missing, and no earlier step may
// install it.
func (r *Runner) FindTool(ctx context.Context, s runner.Step) (Found, error) {
	if s.Tool == nil || len(s.Tool.Check) == 0 && s.ToolName == "" {
		return Found{}, nil
	}
	found, err := r.Probe(ctx, s)
	if err != nil && r.mayBeInstalled(s) {
		err = nil
	}
	return found, err
}

// Version returns the version of the tool of a step as it is now.
func (r *Runner) Version(ctx context.Context, s runner.Step) string {
	found, _ := r.FindTool(ctx, s) // a tool that is missing has none
	return found.identity()
}

func (r *Runner) checkSupported(ctx context.Context, s runner.Step) error {
	if s.Plan.Op == plan.OpImage || s.Plan.Op == plan.OpPush {
		return engineError(s)
	}
	if s.Plan.Op == plan.OpShell {
		return r.checkScript(ctx, s)
	}
	return nil
}

func engineError(s runner.Step) *runner.EngineError {
	why := runner.ReasonInContainer
	switch {
	case s.Plan.Op == plan.OpImage:
		why = "assembles an image"
	case s.Plan.Op == plan.OpPush:
		why = "pushes an image"
	}
	return &runner.EngineError{Step: s.ID, Reason: why}
}

// mayBeInstalled reports whether an earlier step may install a missing tool: the step looks for it first in a
// folder of the project that does not exist yet, such as a virtual environment.
func (r *Runner) mayBeInstalled(s runner.Step) bool {
	return len(s.Plan.Needs) > 0 && len(r.folders(s.Plan.Path)) < len(s.Plan.Path)
}

// missingTools joins the errors of tools, each once.
func missingTools(faults []error) error {
	var all MissingToolsError
	seen := map[string]bool{}
	for _, fault := range faults {
		tool, ok := errors.AsType[*ToolError](fault)
		if ok && !seen[tool.Error()] {
			seen[tool.Error()] = true
			all = append(all, tool)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all
}
