package cli

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
	backend "github.com/davit-dev/davit/runner/deploy"
)

type logsCmd struct {
	environmentArgs
	Follow bool   `short:"f" help:"Keep printing new lines until Ctrl-C"`
	Since  string `placeholder:"TIME" help:"Print only newer lines: 10m, 2h, 2026-01-31T12:00:00Z"`
	Tail   int    `short:"n" placeholder:"N" least:"0" help:"Print only the last N lines of each container"`
}

// Help returns the details for davit logs --help.
func (logsCmd) Help() string {
	return `davit logs ENV [SERVICE...] prints the lines of all containers in order of time, each with its time and its
container. With -f it includes containers that start later, for example during a deploy. With --json each line
is {"time", "service", "container", "text"}.`
}

// Run prints the logs of an environment.
func (cmd *logsCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "logs", cmd.environmentArgs, runOptions{},
		func(e *deploy.Environments) error {
			name, services, _ := cmd.parts("logs", len(cmd.Words))
			o := backend.LogOptions{Services: services, Follow: cmd.Follow, Since: cmd.Since, Tail: cmd.Tail}
			give, rest := c.maskLines(c.logLine())
			err := errors.Join(e.Logs(ctx, name, o, give), rest())
			if ctx.Err() != nil && errors.Is(err, context.Canceled) {
				return &app.SilentError{Code: fault.StopOf(ctx).Category()}
			}
			return err
		})
}

// maskLines returns a function that passes lines on without the values of secrets, each container for itself, and one
// that passes on what it has held back.
func (c *call) maskLines(give func(backend.LogLine) error) (masked func(backend.LogLine) error, rest func() error) {
	masks, failed := map[string]*runner.LineMask{}, error(nil)
	masked = func(l backend.LogLine) error {
		if masks[l.Container] == nil {
			masks[l.Container] = c.mask.Lines()
		}
		masks[l.Container].Pass(l.Text, func(text string) {
			l.Text = text
			failed = errors.Join(failed, give(l))
		})
		return failed
	}
	return masked, func() error {
		for _, container := range slices.Sorted(maps.Keys(masks)) {
			masks[container].Rest()
		}
		return failed
	}
}

// timeFormat is the format of the time of a line.
const timeFormat = "2006-01-02T15:04:05.000Z"

// logLine returns a function that prints a line. The column of container names is as wide as the longest name
// so far.
func (c *call) logLine() func(backend.LogLine) error {
	if c.options.JSON {
		encoder := c.Streams.Encoder()
		return func(l backend.LogLine) error { return encoder.Encode(l) }
	}
	style, width := c.Streams.OutStyle(), 0
	return func(l backend.LogLine) error {
		width = max(width, len(l.Container))
		name := hue(style, l.Service)(fmt.Sprintf("%-*s |", width, l.Container))
		return c.Streams.Printf("%s %s %s\n", style.Dim(l.Time.UTC().Format(timeFormat)), name, c.Streams.ProgramLine(l.Text))
	}
}

// hue returns the colour of a service, the same in each call of davit.
func hue(style ui.Style, service string) func(string) ui.Text {
	h := fnv.New32a()
	h.Write([]byte(service))
	return style.Hue(int(h.Sum32() % ui.Hues))
}
