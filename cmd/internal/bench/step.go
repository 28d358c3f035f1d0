package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

const (
	stepLimit = 10 * time.Millisecond
	manySteps = 10
)

// step is what davit adds to a command that has to run: to one of them, start of davit included, and to ten in a row. The
// steps are those that cost davit most: their inputs are hashed, the tracked files are seen to be unchanged, and the result
// is stored.
func step(ctx context.Context, b *bench) ([]Row, error) {
	bare, err := b.program("nap", napSource)
	if err != nil {
		return nil, err
	}
	dir, err := b.project("step", map[string]string{"project.toml": naps(manySteps)})
	if err != nil {
		return nil, err
	}
	env := inFront(filepath.Dir(bare), b.env)
	one, ten := b.napping(dir, env, 1), b.napping(dir, env, manySteps)
	bareOne := &Case{Name: "bare command", Argv: []string{bare}, Dir: dir, Env: env}
	bareTen := &Case{Name: "bare commands", Argv: []string{bare}, Dir: dir, Env: env, Repeat: manySteps}
	err = interleave(ctx, []*Case{one, bareOne, ten, bareTen}, 1, b.runs)
	return []Row{
		compare("one step runs", one, bareOne, above(stepLimit, 1)),
		compare(fmt.Sprintf("%d steps run, in a row", manySteps), ten, bareTen, above(stepLimit, manySteps)),
	}, err
}

// napping is davit with so many steps to run. That all of them ran shows in the time.
func (b *bench) napping(dir string, env []string, steps int) *Case {
	c := b.davitCase(dir, "--force", fmt.Sprintf("nap%d", steps))
	c.Env = env
	c.After = func() error {
		if took := c.Sample.Times[len(c.Sample.Times)-1]; took < time.Duration(steps)*nap {
			return fmt.Errorf("%s: %d steps in %s ms: not all of them ran", c.Name, steps, millis(took))
		}
		return nil
	}
	return c
}

// naps is a project.toml in which nap1 is one step, and each further one needs that before it.
func naps(n int) string {
	var s strings.Builder
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&s, "[targets.nap%d]\nrun = [\"nap\"]\neffect = \"reads\"\n", i)
		if i > 1 {
			fmt.Fprintf(&s, "needs = [\"nap%d\"]\n", i-1)
		}
	}
	return s.String()
}
