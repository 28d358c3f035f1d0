package main

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
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
	from, err := b.buildFirst(ctx, dir)
	if err != nil {
		return nil, err
	}
	davit, empty := b.davitCase(dir, "targets"), b.emptyCase(dir)
	davit.Before = func(round int) error { return touch(dir, round) }
	err = interleave(ctx, []*Case{davit, empty}, 1, b.runs)
	what := fmt.Sprintf("plan again, a manifest changed (from %s): `davit targets`", from)
	return []Row{compare(what, davit, empty, within(replanLimit))}, err
}

// touch gives go.mod a content that it never had before.
func touch(dir string, round int) error {
	return write(filepath.Join(dir, "go.mod"), tree()["go.mod"]+fmt.Sprintf("\n// Round %d.\n", round))
}

// buildFirst builds as on a fresh machine: nothing is in go's own build cache, so the step takes seconds, in which davit
// compiles its plugin. On a machine that is busy that can be too short, so there are three tries. What davit answers from
// afterwards is returned.
func (b *bench) buildFirst(ctx context.Context, dir string) (from string, err error) {
	for try := 1; try <= 3 && from != "compiler"; try++ {
		build := b.davitCase(dir, "build", "--force")
		build.Env = override(build.Env, map[string]string{"GOCACHE": filepath.Join(b.temp, fmt.Sprint("go-build-", try))})
		if _, err := build.run(ctx); err != nil {
			return "", err
		}
		if err := touch(dir, -try); err != nil {
			return "", err
		}
		said, err := b.davitCase(dir, "targets", "--verbose").command(ctx).CombinedOutput()
		if err != nil {
			return "", fmt.Errorf("davit targets --verbose: %w: %s", err, lastLine(said))
		}
		from = origin(said)
	}
	return from, nil
}

var answered = regexp.MustCompile(`answered from (\w+)`)

// origin is what davit --verbose says a plan comes from: memo, interpreter or compiler.
func origin(verbose []byte) string {
	if m := answered.FindSubmatch(verbose); m != nil {
		return string(m[1])
	}
	return "unknown"
}
