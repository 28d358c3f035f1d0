package main

import (
	"context"
	"errors"
	"fmt"
)

// idle measures one project of 300 files in which everything is up to date, for davit and for each peer.
func idle(ctx context.Context, b *bench, d *Davit) (lines []Line, err error) {
	dir, err := b.project(d.ID, "idle", nil)
	if err != nil {
		return nil, err
	}
	build, test := d.command(dir, "build"), d.command(dir, "test")
	b.recorder.expectIdle(build)
	b.recorder.expectIdle(test)
	for _, p := range append([]Peer{turbo}, peers...) {
		lines = append(lines, Line{
			What: "nothing to do: `davit build`", Davit: build, Peer: b.peer(ctx, "idle", p),
			Budget: p.Budget,
		})
	}
	return append(lines, Line{
		What: "nothing to do: `davit test`", Davit: test, Peer: b.peer(ctx, "idle", turbo),
		Budget: turbo.Budget,
	}), nil
}

// peer returns the call of a peer that has nothing to do, in a project of its own.
func (b *bench) peer(ctx context.Context, group string, p Peer) *Case {
	return b.once(group, p.title(), func() (*Case, error) {
		path, err := p.find(ctx, b, p)
		if err != nil {
			return nil, fmt.Errorf("%s cannot be installed: %w", p.title(), err)
		}
		dir, err := b.project(p.Name, group, p.Files)
		if err != nil {
			return nil, err
		}
		c := &Case{Name: p.title(), Argv: append([]string{path}, p.Args...), Dir: dir, Env: b.env}
		b.recorder.expectIdle(c)
		return c, nil
	})
}

var errNotIdle = errors.New("there was something to do")

// expectIdle makes a case fail that calls go when it should have nothing to do.
func (r callRecorder) expectIdle(c *Case) {
	var before int64
	c.Env = prependPath(r.dir, c.Env)
	c.Before = func(int) error { before = r.calls(); return nil }
	c.After = func() error {
		if n := r.calls() - before; n > 0 {
			return fmt.Errorf("%s: %w: go was called %d times", c.Name, errNotIdle, n)
		}
		return nil
	}
}
