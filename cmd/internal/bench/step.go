package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

const manySteps = 10

// step measures what davit adds to a command that has to run: to a single one, start of davit included, and
// to each of ten in a row. The steps are of the kind that costs davit most: it hashes their inputs, checks
// that tracked files are unchanged, and stores the result.
func step(ctx context.Context, b *bench, d *Davit) ([]Line, error) {
	program, err := b.program("pause", pauseSource)
	if err != nil {
		return nil, err
	}
	dir, err := b.project(d.ID, "step", map[string]string{"project.toml": pauses(manySteps)})
	if err != nil {
		return nil, err
	}
	// Otherwise davit waits up to two seconds at the end of each run for the compilation of its plugin.
	from, err := b.buildFirst(ctx, d, dir)
	if err != nil {
		return nil, err
	}
	bare := func(name string, repeat int) *Case {
		return b.once("step", name, func() (*Case, error) {
			return &Case{Name: name, Argv: []string{program}, Dir: dir, Env: b.env, Repeat: repeat}, nil
		})
	}
	steps := func(n int) *Case {
		c := d.command(dir, "--force", fmt.Sprintf("pause%d", n))
		c.Env = prependPath(filepath.Dir(program), c.Env)
		c.After = func() error { return checkRan(c, n) }
		return c
	}
	t, budget := b.peer(ctx, "step", turbo), inT(1, 0.3)
	return []Line{
		{
			What: fmt.Sprintf("overhead of one step (plans from %s)", from), Davit: steps(1), Peer: t,
			Budget: budget,
			Bare:   bare("bare command", 1), Steps: 1,
		},
		{
			What:  fmt.Sprintf("overhead of each of %d steps in a row", manySteps),
			Davit: steps(manySteps), Peer: t, Budget: budget,
			Bare: bare("bare commands", manySteps), Steps: manySteps,
		},
	}, nil
}

// checkRan checks by the time of the last call that all steps ran.
func checkRan(c *Case, steps int) error {
	if took := c.Sample.Times[len(c.Sample.Times)-1]; took < time.Duration(steps)*pause {
		return fmt.Errorf("%s: %d steps in %s ms: not all of them ran", c.Name, steps, millis(took))
	}
	return nil
}

// pauses returns a project.toml in which pause1 is one step, and each further one needs the one before it.
func pauses(n int) string {
	var s strings.Builder
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&s, "[targets.pause%d]\nrun = [\"pause\"]\neffect = \"reads\"\n", i)
		if i > 1 {
			fmt.Fprintf(&s, "needs = [\"pause%d\"]\n", i-1)
		}
	}
	return s.String()
}
