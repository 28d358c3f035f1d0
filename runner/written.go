package runner

import (
	"context"
	"fmt"
	"slices"

	"github.com/davit-dev/davit/internal/tree"
)

// written are the files that git ignores and that a step wrote elsewhere than into the environment that it fills: what a
// script of the project makes when its dependencies are installed. Each has the sums with which it counts as made, by
// path: the one that the step left, and the one that the run of davit left.
type written map[string][]string

// ignoredBefore is what git ignored before a step filled an environment.
type ignoredBefore struct {
	stamps map[string]tree.Stamp
	sums   map[string]string
	// written is what the step wrote the last time.
	written written
}

// mayWrite reports whether a step runs code that may write more than the environment: then it names no inputs, since that
// code may read anything.
func mayWrite(s Step) bool { return s.provides() != nil && len(s.Plan.Inputs) == 0 }

// lookAtIgnored looks at what git ignores before such a step runs. An empty answer makes all of it new.
func (c *Cache) lookAtIgnored(ctx context.Context, s Step) (was ignoredBefore) {
	if !mayWrite(s) {
		return was
	}
	var stored entries
	if c.store.Load(c.entryKey(s, ""), &stored) && len(stored.Entries) > 0 {
		was.written = stored.Entries[0].Written
	}
	if v, err := c.files.now(ctx); err == nil {
		if found, err := v.ignored(); err == nil {
			was.sums, was.stamps = found.sums, c.files.tree.Stamps(found.files)
		}
	}
	return was
}

// writtenBy returns what a step wrote, or why that is not known. What it wrote the last time, and left alone now, is
// its own unless somebody changed it. What steps make that may run at the same time is theirs.
func (c *Cache) writtenBy(ctx context.Context, s Step, was ignoredBefore) (w written, why string) {
	if !mayWrite(s) {
		return nil, ""
	}
	v, err := c.files.now(ctx)
	if err != nil {
		return nil, err.Error()
	}
	found, err := v.ignored()
	if err != nil || found.doubt != "" {
		return nil, found.reason(err)
	}
	w = written{}
	stamps := c.files.tree.Stamps(found.files)
	for _, name := range without(c.madeAtTheSameTime(s), found.files) {
		sum := found.sums[name]
		if stamps[name] != was.stamps[name] || slices.Contains(was.written[name], was.sums[name]) && sum == was.sums[name] {
			w[name] = []string{sum}
		}
	}
	return w, ""
}

// reason returns why it is not known what git ignores.
func (g *ignored) reason(err error) string {
	if err != nil {
		return err.Error()
	}
	return g.doubt
}

// madeAtTheSameTime returns what the steps of the run make that do not need a step.
func (c *Cache) madeAtTheSameTime(s Step) (made []string) {
	known := map[string]bool{s.ID: true}
	for _, other := range c.steps {
		if !c.leadsTo(other.ID, known) {
			made = append(made, other.Made()...)
		}
	}
	return made
}

// leadsTo reports whether a step, or one that it needs, is known to lead to another, and remembers the answer.
func (c *Cache) leadsTo(id string, known map[string]bool) bool {
	if leads, ok := known[id]; ok {
		return leads
	}
	known[id] = slices.ContainsFunc(c.steps[id].Plan.Needs, func(need string) bool { return c.leadsTo(need, known) })
	return known[id]
}

// notWritten returns why what a step wrote is not there as it was left, or "".
func (c *Cache) notWritten(ctx context.Context, w written) string {
	if len(w) == 0 {
		return ""
	}
	now, err := c.sumsOf(ctx, w)
	if err != nil {
		return err.Error()
	}
	var gone, changed []string
	for name, sums := range w {
		switch sum, there := now[name]; {
		case !there:
			gone = append(gone, name)
		case !slices.Contains(sums, sum):
			changed = append(changed, name)
		}
	}
	slices.Sort(gone)
	slices.Sort(changed)
	switch {
	case len(gone) > 0:
		return fmt.Sprintf("what it wrote is not there any more: %s", abbreviate(gone))
	case len(changed) > 0:
		return fmt.Sprintf("what it wrote has changed: %s", abbreviate(changed))
	}
	return ""
}

// sumsOf returns the sums of files as they are now. A missing one has none.
func (c *Cache) sumsOf(ctx context.Context, w written) (map[string]string, error) {
	names := make([]string, 0, len(w))
	for name := range w {
		names = append(names, name)
	}
	v, err := c.files.now(ctx)
	if err != nil {
		return nil, err
	}
	found, err := c.files.hash(v, names)
	sums := make(map[string]string, len(found))
	for name, sum := range found {
		sums[name] = sum.Exact()
	}
	return sums, err
}

// accept adds what other steps of the run made of the same files.
func (c *Cache) accept(ctx context.Context, w written) {
	now, err := c.sumsOf(ctx, w)
	for name, sum := range now {
		if err == nil && !slices.Contains(w[name], sum) {
			w[name] = append(w[name], sum)
		}
	}
}
