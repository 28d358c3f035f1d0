package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"
)

const (
	firstPlanLimit = 300 * time.Millisecond
	replanLimit    = 100 * time.Millisecond
)

// firstPlan is davit targets on a machine that davit was never called on.
func firstPlan(ctx context.Context, b *bench) ([]Row, error) {
	dir, err := b.project("first-plan", nil)
	if err != nil {
		return nil, err
	}
	cache := filepath.Join(b.temp, "cold")
	davit, empty := b.davitCase(dir, "targets"), b.emptyCase(dir)
	davit.Env = override(davit.Env, map[string]string{"DAVIT_CACHE": cache})
	davit.Before = func(int) error { removeAll(cache); return nil }
	err = interleave(ctx, []*Case{davit, empty}, 1, b.runs)
	return []Row{compare("first plan of one stack, cold caches: `davit targets`", davit, empty, within(firstPlanLimit))}, err
}

// replan is davit targets where davit has built before, and go.mod has changed since.
func replan(ctx context.Context, b *bench) ([]Row, error) {
	dir, err := b.project("replan", nil)
	if err != nil {
		return nil, err
	}
	build := b.davitCase(dir, "build")
	if _, err := build.run(ctx); err != nil {
		return nil, err
	}
	davit, empty := b.davitCase(dir, "targets"), b.emptyCase(dir)
	davit.Before = func(round int) error {
		return write(filepath.Join(dir, "go.mod"), tree()["go.mod"]+fmt.Sprintf("\n// Round %d.\n", round))
	}
	err = interleave(ctx, []*Case{davit, empty}, 1, b.runs)
	return []Row{compare("plan again, a manifest changed: `davit targets`", davit, empty, within(replanLimit))}, err
}
