package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/conventions"
)

type explainCmd struct {
	Target string `arg:"" help:"The target to explain"`
}

// Run tells who makes the target, from which files, who else would have, what runs, and whether it has to. With --json it
// prints an app.Explanation.
func (e *explainCmd) Run(ctx context.Context, c *call) error {
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	x, err := p.Explain(ctx, e.Target)
	if err != nil {
		return err
	}
	if x.Partial && c.Handover != nil {
		_ = c.Handover() // which does not return; without a davit-engine, what is known is said
	}
	if c.options.JSON {
		return c.printJSON(x)
	}
	c.printExplanation(x)
	return nil
}

func (c *call) printExplanation(x *app.Explanation) {
	style, out := c.Streams.OutStyle(), c.Streams.Out
	fmt.Fprintf(out, "%s: %s\n", style.Bold(x.Target), orElse(x.Summary, "a target of the project's own"))
	fmt.Fprintf(out, "  %s: %s\n", x.Effect, promise(x.Effect))
	for _, part := range x.Parts {
		if len(x.Parts) > 1 || part.Target != x.Target {
			fmt.Fprintf(out, "\n%s\n", style.Bold(part.Target))
		}
		c.printPart(out, part)
	}
	for _, skip := range x.Skipped {
		fmt.Fprintf(out, "\n%s is skipped: %s\n", style.Bold(skip.Target), skip.Why)
	}
	if len(x.Steps) > 0 {
		fmt.Fprintf(out, "\n%s\n", style.Bold("steps"))
	}
	for _, s := range x.Steps {
		c.printStep(out, s)
	}
}

func (c *call) printPart(out io.Writer, part app.Part) {
	for _, w := range part.Winners {
		fmt.Fprintf(out, "  by %s (%s)%s\n", w.Provider, w.Authority, source(w))
		for _, line := range w.Reasons {
			fmt.Fprintf(out, "    %s\n", line)
		}
		if len(w.Read) > 0 {
			fmt.Fprintf(out, "    read: %s\n", strings.Join(w.Read, ", "))
		}
	}
	for _, l := range part.Losers {
		fmt.Fprintf(out, "  not %s%s: %s\n", l.Provider, source(l), l.Rejected)
	}
	for _, line := range part.Absent {
		fmt.Fprintf(out, "  not %s\n", line)
	}
}

func (c *call) printStep(out io.Writer, s app.StepExplanation) {
	style := c.Streams.OutStyle()
	fmt.Fprintf(out, "  %s  %s\n", style.Bold(s.ID), s.Command)
	for _, line := range s.Notes {
		fmt.Fprintf(out, "    %s\n", style.Dim(line))
	}
}

func source(w app.Provider) string {
	text := ""
	if w.As != "" {
		text += ", as " + w.As
	}
	if w.Source != "" {
		text += ", " + w.Source
	}
	return text
}

func promise(e conventions.Effect) string {
	return map[conventions.Effect]string{
		conventions.Reads:  "files that git tracks must not change, and davit sees to it",
		conventions.Builds: "it writes its outputs and nothing else",
		conventions.Writes: "it may change the project's files, and runs each time",
		conventions.Runs:   "it goes on until it is stopped, and owns the terminal",
		conventions.Ships:  "it changes an environment",
	}[e]
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
