package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os/exec"
	"time"
)

const (
	// commandTimeout is how long one command may take, the first build of a project included.
	commandTimeout = 5 * time.Minute
	// warmup is how many rounds are not counted. The first builds, and the second finds what was built.
	warmup = 2
)

// A Case is a command that is measured, and its sample.
type Case struct {
	// Name identifies it in the table.
	Name string
	Argv []string
	Dir  string
	Env  []string
	// Repeat is how often the command is called, one after the other, for one measurement; 0 means once.
	Repeat int
	// Before prepares a round and is not measured.
	Before func(round int) error
	// After checks, unmeasured, what the command did; an error makes the case a failed one.
	After func() error
	// Next is measured right after it, in what it has left.
	Next *Case
	// CleanUp ends each round, those that warm up too, once the next cases have been measured.
	CleanUp func() error

	Sample
}

// interleave measures cases in turns, in the opposite order in every other round, so that none always follows
// the same one. The first rounds warm up and are not counted. A failed case is left out of the rounds that
// follow, and so are those that are next to it.
func interleave(ctx context.Context, cases []*Case, warmup, rounds int) error {
	for round := range warmup + rounds {
		for i := range cases {
			c := cases[i]
			if round%2 == 1 {
				c = cases[len(cases)-1-i]
			}
			c.series(ctx, round, round < warmup)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// series measures a case, and those that are next unless it has failed.
func (c *Case) series(ctx context.Context, round int, warmup bool) {
	if c.Err == nil {
		c.Err = c.round(ctx, round, warmup)
	}
	if c.Next != nil {
		c.Next.Err = cmp.Or(c.Next.Err, c.Err)
		c.Next.series(ctx, round, warmup)
	}
	if c.CleanUp != nil {
		c.Err = cmp.Or(c.Err, c.CleanUp())
	}
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

// run calls the command as often as one measurement needs, and returns the sum of the times.
func (c *Case) run(ctx context.Context) (took time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, commandTimeout)
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

// once calls the command with its output sent to the null device: the reader of a pipe would be measured too.
// A command that fails is called again for its message.
func (c *Case) once(ctx context.Context) (time.Duration, error) {
	cmd := c.command(ctx)
	start := time.Now()
	err := cmd.Run()
	took := time.Since(start)
	if err == nil {
		return took, nil
	}
	output, _ := c.command(ctx).CombinedOutput()
	return 0, fmt.Errorf("%s: %w: %s", c.Name, err, lastLine(output))
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
