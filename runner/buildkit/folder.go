package buildkit

import (
	"context"
	"fmt"

	"github.com/moby/buildkit/client"
	bk "github.com/moby/buildkit/client/llb"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/buildkit/llb"
)

// stepFolder returns the project as a step left it, for a platform; nil is the platform of the engine.
func (r *Runner) stepFolder(ctx context.Context, id string, platform *ocispecs.Platform) (bk.State, error) {
	s := r.step(id)
	if s == nil || !hasCommand(*s) {
		return bk.State{}, fmt.Errorf("step %q leaves no files in a container", id)
	}
	n, err := r.node(ctx, *s, platform)
	if err != nil {
		return bk.State{}, err
	}
	return n.After, nil
}

// projectFolder returns the project for a step without a command, for a platform: the sources, and on them
// the outputs of all steps that it needs.
func (r *Runner) projectFolder(
	ctx context.Context, s runner.Step, platform *ocispecs.Platform,
) (bk.State, error) {
	inputs, err := r.stepInputs(ctx, s)
	if err != nil {
		return bk.State{}, err
	}
	target := r.platform()
	if platform != nil {
		target = *platform
	}
	r.mu.Lock()
	g := r.graph(target)
	work := bk.Scratch().File(bk.Copy(g.Files(r.serveFiles(s, inputs)), "/", "/",
		&bk.CopyInfo{CopyDirContentsOnly: true}))
	r.mu.Unlock()
	for _, id := range r.closure(s) {
		need := r.step(id)
		if need == nil || !hasCommand(*need) {
			continue
		}
		n, err := r.node(ctx, *need, platform)
		if err != nil {
			return bk.State{}, err
		}
		work = llb.Overlay(work, n, "["+s.ID+"] outputs of "+id)
	}
	return work, nil
}

// watchBuild emits the progress of a build that is one step. The step starts with the first vertex of the
// build. The returned function waits for the last status.
func (r *Runner) watchBuild(s runner.Step, emit func(ui.Event)) (chan *client.SolveStatus, func()) {
	statuses, done := make(chan *client.SolveStatus), make(chan struct{})
	go func() {
		defer close(done)
		h := &buildLog{emit: emit, command: s.Command()}
		for status := range statuses {
			h.add(status)
		}
	}()
	return statuses, func() { <-done }
}
