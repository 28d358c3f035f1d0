package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"syscall"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	backend "github.com/davit-dev/davit/runner/deploy"
)

type logsCmd struct {
	environmentArgs
	Follow bool   `short:"f" help:"Go on with what comes, until Ctrl-C"`
	Since  string `placeholder:"TIME" help:"Only what is newer: 10m, 2h, 2026-01-31T12:00:00Z"`
	Tail   int    `short:"n" placeholder:"N" help:"Only so many lines of each container"`
}

// Help is what davit logs --help says besides.
func (logsCmd) Help() string {
	return `davit logs ENV [SERVICE...]: the lines of all containers in the order of their times, each with its time and its container. With -f also
those of containers that start meanwhile, as in a deploy. With --json each line is {"time", "service", "container", "text"}.`
}

// Run prints the logs of an environment.
func (cmd *logsCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "logs", cmd.environmentArgs, runOptions{}, func(e *deploy.Environments) error {
		name, services, _ := cmd.parts(len(cmd.Words))
		o := backend.LogOptions{Services: services, Follow: cmd.Follow, Since: cmd.Since, Tail: cmd.Tail}
		err := e.Logs(ctx, name, o, c.logLine())
		if errors.Is(err, syscall.EPIPE) || ctx.Err() != nil && errors.Is(err, context.Canceled) { // nobody wants to read on
			return &app.SilentError{Code: fault.Interrupted}
		}
		return err
	})
}

// moment is the form of the time of a line.
const moment = "2006-01-02T15:04:05.000Z"

// logLine prints lines: the names of containers stand one below the other, as wide as they have been until then.
func (c *call) logLine() func(backend.LogLine) error {
	if c.options.JSON {
		e := json.NewEncoder(c.Streams.Out)
		e.SetEscapeHTML(false)
		return func(l backend.LogLine) error { return e.Encode(l) }
	}
	style, width := c.Streams.OutStyle(), 0
	return func(l backend.LogLine) error {
		width = max(width, len(l.Container))
		who := hue(style, l.Service)(fmt.Sprintf("%-*s |", width, l.Container))
		_, err := fmt.Fprintln(c.Streams.Out, style.Dim(l.Time.UTC().Format(moment)), who, l.Text)
		return err
	}
}

// hue is a colour that a service has each time.
func hue(style ui.Style, service string) func(string) string {
	h := fnv.New32a()
	h.Write([]byte(service))
	return style.Hue(int(h.Sum32() % ui.Hues))
}
