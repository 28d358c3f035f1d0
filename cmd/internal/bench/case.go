package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"time"
)

// patience is how long one command may take, the first build of a project included.
const patience = 5 * time.Minute

// Case is one command that is measured, and its sample.
type Case struct {
	// Name is what the table calls it.
	Name string
	Argv []string
	Dir  string
	Env  []string
	// Repeat is how often the command is called, one after the other, for one measurement; 0 means once.
	Repeat int
	// Before makes things ready for a round and is not measured.
	Before func(round int) error
	// After looks, unmeasured, at what the command did; an error says that it was not what was to be measured.
	After func() error

	Sample
}

// interleave measures cases in turns. The first rounds warm up and are not counted. A case that fails is left out from then on.
func interleave(ctx context.Context, cases []*Case, warmup, rounds int) error {
	for round := range warmup + rounds {
		for _, c := range cases {
			if c.Err == nil {
				c.Err = c.round(ctx, round, round < warmup)
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

func (c *Case) round(ctx context.Context, round int, warmup bool) error {
	if c.Before != nil {
		if err := c.Before(round); err != nil {
			return err
		}
	}
	took, err := c.run(ctx)
	if err != nil || warmup {
		return err
	}
	c.Sample.Times = append(c.Sample.Times, took)
	if c.After != nil {
		return c.After()
	}
	return nil
}

// run returns the time from the start of the first process to the end of the last.
func (c *Case) run(ctx context.Context) (took time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for range max(c.Repeat, 1) {
		once, err := c.once(ctx)
		if err != nil {
			return 0, err
		}
		took += once
	}
	return took, nil
}

// once gives the output to the null device: a pipe's reader would be measured too. So a command that fails is called again,
// to hear what it says.
func (c *Case) once(ctx context.Context) (time.Duration, error) {
	cmd := c.command(ctx)
	start := time.Now()
	err := cmd.Run()
	took := time.Since(start)
	if err == nil {
		return took, nil
	}
	said, _ := c.command(ctx).CombinedOutput()
	return 0, fmt.Errorf("%s: %w: %s", c.Name, err, lastLine(said))
}

func (c *Case) command(ctx context.Context) *exec.Cmd {
	return newCommand(ctx, c.Env, c.Dir, c.Argv...)
}

func newCommand(ctx context.Context, env []string, dir string, argv ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir, cmd.Env = dir, env
	return cmd
}

func lastLine(output []byte) string {
	lines := bytes.Split(bytes.TrimSpace(output), []byte("\n"))
	return string(lines[len(lines)-1])
}
