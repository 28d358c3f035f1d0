package cli

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

type auditCmd struct {
	Targets []string `arg:"" name:"target" help:"The targets whose steps are traced"`
	confirmOptions
	All bool `help:"Print every path, not only the first of each reason"`
}

// Run runs targets, traces their steps, and prints what they read and wrote that their keys and outputs do
// not cover. With --json it prints an app.Audit. It fails if a kept result may be wrong.
func (a *auditCmd) Run(ctx context.Context, c *call) error {
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	display := ui.NewDisplay(c.Streams, ui.Options{Quiet: c.options.Quiet, Verbose: c.options.Verbose})
	emit := display.Event
	if c.options.JSON {
		emit = func(ui.Event) {}
	}
	names, params := splitParams(a.Targets)
	request := app.Request{Targets: names, Params: params, Yes: a.Yes, Args: c.rest, Piped: c.options.JSON, Kill: c.kill}
	audit, failure := p.Audit(ctx, c.Name, request, emit)
	display.Close()
	if audit == nil {
		return failure
	}
	if err := c.result(audit, func(out printer) { out.audit(p.Root.Dir, audit, a.All) }); err != nil {
		return err
	}
	for _, s := range audit.Steps {
		if s.Wrong() {
			failure = cmp.Or(failure, error(&app.SilentError{Code: fault.Failed}))
		}
	}
	return failure
}

// audit prints the findings of each step.
func (p printer) audit(root string, a *app.Audit, all bool) {
	style := p.OutStyle()
	for _, s := range a.Steps {
		p.Printf("\n%s  %s\n", style.Bold(s.ID), ui.Lines("  ", s.Command))
		switch {
		case s.NotTraced != "":
			p.Printf("  not traced: %s\n", s.NotTraced)
			continue
		case !s.Any():
			p.Printf("  everything is covered: %s\n", accesses(s.Covered))
		default:
			p.findings("read and not covered", root, s.Read, all)
			p.findings("written and not declared", root, s.Written, all)
			p.Printf("  covered: %s\n", accesses(s.Covered))
		}
		for _, note := range s.Gaps {
			p.Printf("  not seen: %s\n", note)
		}
		if s.NotKept != "" {
			p.Printf("  its result is not kept: %s\n", s.NotKept)
		}
	}
}

func accesses(n int) string {
	if n == 1 {
		return "1 access"
	}
	return fmt.Sprintf("%d accesses", n)
}

// maxFindings is how many paths of one reason are printed.
const maxFindings = 20

// findings prints findings, those of one reason together.
func (p printer) findings(title, root string, found []runner.Finding, all bool) {
	if len(found) == 0 {
		return
	}
	p.Printf("  %s:\n", title)
	for _, why := range reasons(found) {
		var of []runner.Finding
		for _, f := range found {
			if f.Why == why {
				of = append(of, f)
			}
		}
		p.Printf("    %s\n", p.OutStyle().Dim(why+":"))
		for i, f := range of {
			if i == maxFindings && !all {
				p.Printf("      and %d more; --all prints them\n", len(of)-i)
				break
			}
			p.Printf("      %-7s %s (%s)\n", f.Kind, shown(root, f.Path), f.Program)
		}
	}
}

// reasons returns the reasons of findings, each once.
func reasons(found []runner.Finding) (all []string) {
	seen := map[string]bool{}
	for _, f := range found {
		if !seen[f.Why] {
			seen[f.Why] = true
			all = append(all, f.Why)
		}
	}
	return all
}

// shown returns a path as a reader of the project knows it: relative to its root, if it is in there.
func shown(root, path string) string {
	if rel, err := filepath.Rel(root, path); err == nil && !strings.HasPrefix(rel, "..") {
		return rel
	}
	return path
}
