package cli

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// environmentArgs are the arguments of a command of environments: two, so that options may stand between them.
type environmentArgs struct {
	Name  string   `arg:"" optional:"" name:"env" help:"The environment, as davit env lists it"`
	Words []string `arg:"" optional:"" name:"more" help:"What follows it: services, or a release"`
}

// all are the environment and what follows it.
func (a environmentArgs) all() []string {
	if a.Name == "" {
		return nil
	}
	return append([]string{a.Name}, a.Words...)
}

// parts are the environment and what follows it, of which there may be so much.
func (a environmentArgs) parts(more int) (environment string, rest []string, err error) {
	if len(a.Words) > more {
		return "", nil, &fault.Error{Reason: fmt.Sprintf("unexpected argument %q", a.Words[more]), Next: "davit --help shows the commands", Code: fault.FailedPrecondition}
	}
	return a.Name, a.Words, nil
}

// inEnvironments opens the environments of the project for a command. A project that has a target of the same name and declares no
// environments keeps its target: that is run, with the arguments as further targets.
func (c *call) inEnvironments(ctx context.Context, name string, a environmentArgs, o runOptions, do func(*deploy.Environments) error) error {
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	if p.KeepsTarget(name) {
		return c.run(ctx, append([]string{name}, a.all()...), o)
	}
	return do(c.environments(p, app.Request{Kill: c.kill, Piped: c.options.JSON || name == "plan", Locked: o.Locked, Jobs: o.Jobs, Force: o.Force}))
}

// preparation displays the preparation of a command that prints a result: nothing of it goes to standard output.
func (c *call) preparation() ui.Display {
	streams := *c.Streams
	streams.Out = streams.Err
	return ui.NewDisplay(&streams, ui.Options{Quiet: c.options.Quiet || c.options.JSON, Verbose: c.options.Verbose})
}

// change shows what is done to an environment as a run, which begins with the first thing that happens: before that, this davit may
// hand over to another.
func (c *call) change(what string, do func(emit func(ui.Event)) error) error {
	display := ui.NewDisplay(c.Streams, ui.Options{JSON: c.options.JSON, Quiet: c.options.Quiet, Verbose: c.options.Verbose})
	defer display.Close()
	begin, counts := c.Streams.Now(), newCounts()
	start := sync.OnceFunc(func() { display.Event(ui.Event{Type: ui.EventRun, Targets: []string{what}}) })
	err := do(func(e ui.Event) {
		start()
		counts.add(e)
		display.Event(e)
	})
	if fault.ChangedNothing(err) {
		return err // nothing was done
	}
	start()
	display.Event(ui.Event{Type: ui.EventEnd, Status: ended(err), Seconds: c.Streams.Now().Sub(begin).Seconds(), Counts: counts.all()})
	return err
}

// ended is the status of a run that ended with an error, or without.
func ended(err error) string {
	switch {
	case err == nil:
		return ui.StatusOK
	case fault.Of(err) == fault.Interrupted || errors.Is(err, context.Canceled):
		return ui.StatusCancelled
	}
	return ui.StatusFailed
}

// agreed asks whether something is to be done, unless that has been said.
func (c *call) agreed(ctx context.Context, yes bool, question string) error {
	switch {
	case yes:
		return nil
	case c.options.JSON || !c.Streams.InTerminal():
		return &fault.Error{Reason: "cannot prompt for a confirmation: stdin is not a terminal; nothing was changed", Next: "--yes confirms it", Code: fault.Refused}
	}
	ok, err := c.Streams.Ask(ctx, question)
	if err == nil && !ok {
		err = &fault.Error{Reason: "not confirmed, and nothing was changed", Code: fault.Refused}
	}
	return err
}

// headed prints a table of what is side by side, to people with a line that says what each column is.
func (c *call) headed(head []string, rows [][]string, paint func(row, col int, text string) string) {
	if !c.Streams.OutTerminal() {
		c.Streams.Table(rows, paint)
		return
	}
	style := c.Streams.OutStyle()
	c.Streams.Table(append([][]string{head}, rows...), func(row, col int, text string) string {
		if row == 0 {
			return style.Dim(text)
		}
		return paint(row-1, col, text)
	})
}

// age of a release.
func (c *call) age(t time.Time) string { return ui.Age(c.Streams.Now().Sub(t)) + " ago" }

// commitOf is what a release was made from, in a few words.
func commitOf(r release.Release) string {
	text := r.Revision[:min(12, len(r.Revision))]
	if r.Dirty && text != "" {
		text += " and changes"
	}
	if r.Version != "" && !r.Dirty {
		text = orElse(text, r.Version)
	}
	return text
}
