package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// idleLimit is the budget of a run that has nothing to do.
const idleLimit = 10 * time.Millisecond

// idle is one project of 300 files in which everything is up to date, for davit and for each peer.
func idle(ctx context.Context, b *bench) ([]Row, error) {
	w, err := b.witness()
	if err != nil {
		return nil, err
	}
	dir, err := b.project("davit", nil)
	if err != nil {
		return nil, err
	}
	build, test, empty := b.davitCase(dir, "build"), b.davitCase(dir, "test"), b.emptyCase(dir)
	ready, budgets := b.ready(ctx)
	cases := append([]*Case{build, test, empty}, ready...)
	for _, c := range cases {
		w.watch(c)
	}
	if err := interleave(ctx, cases, 2, b.runs); err != nil {
		return nil, err
	}
	rows := []Row{
		compare("nothing to do: `davit build`", build, empty, within(idleLimit)),
		compare("nothing to do: `davit test`", test, empty, within(idleLimit)),
	}
	for i, peer := range ready {
		rows = append(rows, compare("nothing to do: `davit build`", build, peer, budgets[i]))
	}
	return rows, nil
}

// ready returns the peers that are there, each with a project of its own; one that is not is noted.
func (b *bench) ready(ctx context.Context) (cases []*Case, budgets []Budget) {
	for _, p := range peers {
		c, err := b.peerCase(ctx, p)
		if err != nil {
			b.note("%s skipped: %v", p.title(), err)
			continue
		}
		cases, budgets = append(cases, c), append(budgets, p.Budget)
	}
	return cases, budgets
}

func (b *bench) peerCase(ctx context.Context, p Peer) (*Case, error) {
	path, err := p.find(ctx, b, p)
	if err != nil {
		return nil, err
	}
	dir, err := b.project(p.Name, p.Files)
	if err != nil {
		return nil, err
	}
	return &Case{Name: p.title(), Argv: append([]string{path}, p.Args...), Dir: dir, Env: b.env}, nil
}

var errNotIdle = errors.New("there was something to do")

// watch makes a command fail that calls go when it should have nothing to do.
func (w witness) watch(c *Case) {
	var before int64
	c.Env = inFront(w.dir, c.Env)
	c.Before = func(int) error { before = w.calls(); return nil }
	c.After = func() error {
		if n := w.calls() - before; n > 0 {
			return fmt.Errorf("%s: %w: go was called %d times", c.Name, errNotIdle, n)
		}
		return nil
	}
}
