package cli

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
)

// environmentArgs are the arguments of commands on environments. There are two, so that options may come
// between them; help.go says what each command makes of them.
type environmentArgs struct {
	Name  string   `arg:"" optional:"" name:"env"`
	Words []string `arg:"" optional:"" name:"more"`
	// NameOptional means that the command needs no environment, or that an option names it.
	NameOptional bool `kong:"-"`
}

// all returns all arguments.
func (a environmentArgs) all() []string {
	if a.Name == "" {
		return nil
	}
	return append([]string{a.Name}, a.Words...)
}

// parts returns the environment and the further arguments of a command, and an error if there are more than
// so many.
func (a environmentArgs) parts(command string, more int) (environment string, rest []string, err error) {
	if len(a.Words) > more {
		return "", nil, fault.Preconditionf(helpOf(command), "unexpected argument %q", a.Words[more])
	}
	return a.Name, a.Words, nil
}

// inEnvironments opens the environments of the project for a command. If the project has a target of the
// command's name and declares no environments, it runs that target instead, with the arguments as further
// targets.
func (c *call) inEnvironments(
	ctx context.Context, name string, a environmentArgs, o runOptions, do func(*deploy.Environments) error,
) error {
	c.quiet = true
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	if err := p.CheckKeepsTarget(name); err != nil {
		return err
	}
	if p.KeepsTarget(name) {
		if err := p.CheckNoEnvironment(name, a.Name); err != nil {
			return err
		}
		c.quiet = false
		return c.run(ctx, append([]string{name}, a.all()...), o)
	}
	if option := o.onlyOfRuns(name); option != "" {
		return notOfRuns(option, name)
	}
	if name != "exec" { // which passes on every byte
		c.Streams = c.Streams.Hiding(c.mask.Text)
	}
	for _, value := range p.SecretVariables() {
		c.hide(value)
	}
	e := c.environments(p, app.Request{
		Kill: c.kill, Piped: c.options.JSON || name == "plan", Locked: o.Locked, Jobs: o.Jobs, Force: o.Force,
	})
	e.SignKey = c.keyFile(o.Sign)
	if err := checkNamed(name, a, e); err != nil {
		return err
	}
	return do(e)
}

// checkNamed returns an error that lists the environments, if a command that needs one names none.
func checkNamed(command string, a environmentArgs, e *deploy.Environments) error {
	if a.Name != "" || a.NameOptional {
		return nil
	}
	all, err := e.All()
	if err != nil {
		return err
	}
	names := make([]string, len(all))
	for i, one := range all {
		names[i] = one.Name
	}
	return fault.Preconditionf("davit "+command+" "+names[0], "name an environment: %s",
		strings.Join(names, ", "))
}

// preparation returns a display for what a command does before it prints its result. It prints to standard
// error only.
func (c *call) preparation() ui.Display {
	return ui.NewDisplay(c.Streams.OnErr(), ui.Options{Quiet: c.options.Quiet || c.options.JSON,
		Verbose: c.options.Verbose})
}

// change displays the change of an environment as a run. The run begins with the first event: before that,
// davit may hand over to davit-engine.
func (c *call) change(title string, do func(emit func(ui.Event)) error) error {
	display := c.display()
	defer display.Close()
	begin, counts := c.Streams.Now(), newCounts()
	start := sync.OnceFunc(func() { display.Event(ui.Event{Type: ui.EventRun, Targets: []string{title}}) })
	err := do(func(e ui.Event) {
		start()
		counts.add(e)
		e.ReasonFollows = true
		display.Event(e)
	})
	if fault.ChangedNothing(err) {
		return err // nothing was done
	}
	start()
	seconds := c.Streams.Now().Sub(begin).Seconds()
	display.Event(ui.Event{Type: ui.EventEnd, Status: ended(err), Seconds: seconds, Counts: counts.all()})
	return err
}

// ended returns the status of a run that ended with an error, or with nil.
func ended(err error) string {
	switch {
	case err == nil:
		return ui.StatusOK
	case fault.Of(err).Stops() || errors.Is(err, context.Canceled):
		return ui.StatusCancelled
	}
	return ui.StatusFailed
}

// ask returns an error unless the answer to a question is yes, or --yes was given.
func (c *call) ask(ctx context.Context, yes bool, question string) error {
	switch {
	case yes:
		return nil
	case c.options.JSON || !c.Streams.InTerminal():
		return fault.Refusef("--yes confirms it",
			"cannot prompt for a confirmation: stdin is not a terminal; nothing was changed")
	}
	ok, err := c.Streams.Ask(ctx, question)
	if err == nil && !ok {
		err = fault.Refusef("", "not confirmed; nothing was changed")
	}
	return err
}
