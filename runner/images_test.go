package runner_test

import (
	"context"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// imageRunner makes an image of what it says, and stores one.
type imageRunner struct {
	of     *runner.ImageInputs
	stored string
	runs   int
}

func (k *imageRunner) Prepare(context.Context, []runner.Step) (runner.Versions, error) {
	return nil, nil
}

func (k *imageRunner) Run(context.Context, runner.Step, func(ui.Event)) runner.Result {
	k.runs++
	return runner.Result{Status: ui.StatusOK, Image: "shop@sha256:1"}
}

func (k *imageRunner) ImageInputs(context.Context, runner.Step) (*runner.ImageInputs, error) {
	return k.of, nil
}

func (k *imageRunner) Stored(context.Context, runner.Step) string { return k.stored }

func TestAnImageIsMadeAgainWhenAnythingOfItChanges(t *testing.T) {
	for name, c := range map[string]struct {
		change func(p *project, k *imageRunner)
		status string
	}{
		"nothing": {func(*project, *imageRunner) {}, ui.StatusCached},
		"a file that is no part": {func(p *project, _ *imageRunner) { p.put("other", "1") },
			ui.StatusCached},
		"a file": {func(p *project, _ *imageRunner) { p.put("a", "1") }, ui.StatusOK},
		"a file more": {func(_ *project,
			k *imageRunner) {
			k.of.Files = append(k.of.Files, "b")
		}, ui.StatusOK},
		"a file that is not there": {func(_ *project,
			k *imageRunner) {
			k.of.Files = append(k.of.Files, "none")
		}, ui.StatusOK},
		"a property": {func(_ *project,
			k *imageRunner) {
			k.of.Properties = map[string]string{"base": "2"}
		}, ui.StatusOK},
		"the store has another":      {func(_ *project, k *imageRunner) { k.stored = "2" }, ui.StatusOK},
		"the store has none":         {func(_ *project, k *imageRunner) { k.stored = "" }, ui.StatusOK},
		"not all of it can be known": {func(_ *project, k *imageRunner) { k.of = nil }, ui.StatusOK},
		"it is forced":               {func(p *project, _ *imageRunner) { p.force = true }, ui.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t, "a", "b")
			k := &imageRunner{of: &runner.ImageInputs{Files: []string{"a"},
				Properties: map[string]string{"base": "1"}}, stored: "1"}
			check(t, "first", p.buildImage(k), ui.StatusOK)
			check(t, "again", p.buildImage(k), ui.StatusCached)
			c.change(p, k)
			check(t, "then", p.buildImage(k), c.status)
		})
	}
}

// buildImage makes an image as a new davit does.
func (p *project) buildImage(k *imageRunner) string {
	p.t.Helper()
	files, err := tree.Open(p.dir)
	if err != nil {
		p.t.Fatal(err)
	}
	defer files.Close()
	store := cache.Open(p.cache, cache.Options{})
	defer store.Close()
	s := runner.Step{ID: "image", Effect: runner.Builds, Cacheable: true,
		Plan: plan.Step{Op: plan.OpImage, Image: &plan.Image{Dockerfile: "a"}}}
	c := runner.Cached(k, runner.NewFiles(files, "", time.Now), store,
		runner.CacheOptions{Project: p.dir, Force: p.force, Images: k})
	if _, err := c.Prepare(p.t.Context(), []runner.Step{s}); err != nil {
		p.t.Fatal(err)
	}
	before := k.runs
	r := c.Run(p.t.Context(), s, func(ui.Event) {})
	if r.Image != "shop@sha256:1" || (k.runs > before) != (r.Status == ui.StatusOK) {
		p.t.Errorf("%+v, made %d times", r, k.runs-before)
	}
	return r.Status
}
