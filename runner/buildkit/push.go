package buildkit

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/registry"
)

// runPush runs a "push" step: it sends the images of the steps that it needs to the registry of the project,
// byte for byte as they were built. davit sends them, not the engine, so that credentials stay on this
// machine.
func (r *Runner) runPush(ctx context.Context, s runner.Step, emit func(ui.Event)) runner.Result {
	emit(ui.Event{Type: ui.EventStep, Status: ui.StatusRunning, Command: s.Command()})
	result := runner.Result{Status: ui.StatusOK}
	for _, need := range r.imagesOf(s) {
		m, err := r.imageLayout(ctx, need)
		if err == nil {
			err = r.pushImage(ctx, need, m, emit)
		}
		if err != nil {
			return r.failure(ctx, s, err)
		}
		result.Image = r.repository(need) + "@" + m.digest
		result.Reason = "tagged " + strings.Join(r.pushTags(), ", ")
	}
	return result
}

// imagesOf returns the steps whose images a step pushes.
func (r *Runner) imagesOf(s runner.Step) (all []runner.Step) {
	for _, id := range s.Plan.Needs {
		if need := r.step(id); need != nil && need.Plan.Op == plan.OpImage {
			all = append(all, *need)
		}
	}
	return all
}

// imageLayout returns the image of a step as an OCI layout.
func (r *Runner) imageLayout(ctx context.Context, s runner.Step) (builtImage, error) {
	m, ok := r.images.get(s.ID)
	if !ok {
		return builtImage{}, fmt.Errorf("step %q made no image in this run", s.ID)
	}
	m, err := r.asLayout(ctx, s, m)
	if err == nil {
		r.images.keep(s.ID, m)
	}
	return m, err
}

// pushImage pushes one image, and emits its progress.
func (r *Runner) pushImage(ctx context.Context, s runner.Step, m builtImage, emit func(ui.Event)) error {
	var mu sync.Mutex
	return registry.Push{
		Layout: m.layout, Digest: m.digest, Repository: r.repository(s), Tags: r.pushTags(),
		Signer: r.o.Image.Signer, DockerConfig: r.conn.DockerConfigDir(),
		Say: func(line string) {
			mu.Lock()
			defer mu.Unlock()
			emit(ui.Said("", line))
		},
	}.Do(ctx)
}

// repository returns the repository to which the image of a step is pushed.
func (r *Runner) repository(s runner.Step) string {
	return strings.TrimSuffix(r.o.Image.Registry, "/") + "/" + imageName(r.optionsFor(s).Name)
}

// pushTags returns the tags of the version and the commit, and those that the user asks for.
func (r *Runner) pushTags() []string {
	var all []string
	for _, t := range append(tags(r.o), r.o.Image.Tags...) {
		if !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	return all
}

// checkPush refuses a push without a registry or without an image.
func (r *Runner) checkPush(s runner.Step) error {
	images := r.imagesOf(s)
	switch {
	case r.o.Image.Registry == "":
		return fault.Preconditionf(
			`registry = "registry.example.com/team" in project.toml, or --registry, names it`,
			"no registry is configured for pushing images")
	case len(images) == 0:
		return fault.Preconditionf("", "step %q pushes an image and needs no step that makes one", s.ID)
	}
	owner := map[string]string{}
	for _, image := range images {
		to := r.repository(image)
		if other, taken := owner[to]; taken {
			return fault.Preconditionf("", "step %q pushes the images of %s, which would have one name", s.ID,
				other+" and "+image.ID)
		}
		owner[to] = image.ID
	}
	for _, t := range r.o.Image.Tags {
		if t != tag(t) || t == "" {
			return fault.Preconditionf(fmt.Sprintf("%q could be one", tag(t)), "%q is not a tag", t)
		}
	}
	return nil
}
