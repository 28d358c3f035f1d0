package main

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
)

// firstPlan measures "davit targets" as on a machine on which davit was never called.
func firstPlan(ctx context.Context, b *bench, d *Davit) ([]Line, error) {
	dir, err := b.project(d.ID, "first-plan", nil)
	if err != nil {
		return nil, err
	}
	cache := filepath.Join(b.temp, "cold", d.ID)
	targets := d.command(dir, "targets")
	targets.Env = override(targets.Env, map[string]string{"DAVIT_CACHE": cache})
	targets.Before = func(int) error { removeAll(cache); return nil }
	return []Line{{
		What: "first plan of one stack, cold caches: `davit targets`", Davit: targets,
		Peer: b.peer(ctx, "first-plan", turbo), Budget: inT(20, 10),
	}}, nil
}

// replan measures "davit targets" where davit has built before, and go.mod has changed since.
func replan(ctx context.Context, b *bench, d *Davit) ([]Line, error) {
	dir, err := b.project(d.ID, "replan", nil)
	if err != nil {
		return nil, err
	}
	from, err := b.buildFirst(ctx, d, dir)
	if err != nil {
		return nil, err
	}
	targets := d.command(dir, "targets")
	targets.Name += " (from " + from + ")"
	targets.Before = func(round int) error { return changeManifest(dir, round) }
	return []Line{{
		What: fmt.Sprintf("plan again, a manifest changed (from %s): `davit targets`", from), Davit: targets,
		Peer: b.peer(ctx, "replan", turbo), Budget: inT(7, 4),
	}}, nil
}

// changeManifest writes a go.mod that differs from that of every other round.
func changeManifest(dir string, round int) error {
	return write(filepath.Join(dir, "go.mod"), tree()["go.mod"]+fmt.Sprintf("\n// Round %d.\n", round))
}

// buildFirst builds as on a fresh machine: go's own build cache is empty, so the step takes seconds, in which
// davit compiles its plugin. On a busy machine that can be too short, so there are three attempts. It returns
// what davit answers from afterwards.
func (b *bench) buildFirst(ctx context.Context, d *Davit, dir string) (from string, err error) {
	for try := 1; try <= 3 && from != "compiler"; try++ {
		build := d.command(dir, "build", "--force")
		cache := filepath.Join(b.temp, "go-build", d.ID, fmt.Sprint(try))
		build.Env = override(build.Env, map[string]string{"GOCACHE": cache})
		if _, err := build.run(ctx); err != nil {
			return "", err
		}
		if err := changeManifest(dir, -try); err != nil {
			return "", err
		}
		output, err := d.command(dir, "targets", "--verbose").command(ctx).CombinedOutput()
		if err != nil {
			return "", fmt.Errorf("davit targets --verbose: %w: %s", err, lastLine(output))
		}
		from = origin(output)
	}
	return from, nil
}

var answered = regexp.MustCompile(`answered from (\w+)`)

// origin returns what a plan comes from according to davit --verbose: memo, interpreter or compiler.
func origin(verbose []byte) string {
	if m := answered.FindSubmatch(verbose); m != nil {
		return string(m[1])
	}
	return "unknown"
}
