package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

type healCmd struct {
	environmentArgs
	changeOptions
	Keep       int           `default:"3" placeholder:"N" help:"How many containers of each service stay set aside (3)"`
	Watch      bool          `help:"Go on looking, and heal what stays wrong, until Ctrl-C"`
	Interval   time.Duration `default:"10s" placeholder:"TIME" help:"How often to look with --watch (10s)"`
	runOptions `embed:"" group:"run"`
}

// Help is what davit heal --help says besides.
func (healCmd) Help() string {
	return `davit heal ENV [SERVICE...]: each container that is sick, or is not what was deployed, is set aside, and a fresh one of the release that
stands takes its place: before it goes, where the model allows that. What is well is not touched, and what "ignore" of the environment names is
not wrong. Containers of others are only taken off the environment's networks.

What is set aside is stopped, on no network and never started again, so that it can be looked at: davit status -v lists it, and docker logs,
docker diff and docker cp look into it. A heal is recorded, and davit releases shows it. Volumes stay as they are.

With --watch, what is wrong at two looks in a row is healed; what is wrong again and again, ever more seldom. A line is printed for each event,
with --json as {"time", "environment", "type", "text", "hint", "findings"}. Ctrl-C ends it, with exit code 130.`
}

// Run heals an environment.
func (cmd *healCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "heal", cmd.environmentArgs, cmd.runOptions, func(e *deploy.Environments) error {
		h, err := cmd.request(c)
		if err != nil {
			return err
		}
		if cmd.Watch {
			return cmd.watch(ctx, c, e, h)
		}
		var out deploy.Healed
		err = c.change("heal "+h.Environment, func(emit func(ui.Event)) error {
			out, err = e.Heal(ctx, h, emit)
			return err
		})
		if err == nil && !c.options.JSON && !c.options.Quiet {
			c.printHealed(out)
		}
		return err
	})
}

// request is what the command line asks for.
func (cmd *healCmd) request(c *call) (h deploy.HealRequest, err error) {
	h = deploy.HealRequest{Keep: cmd.Keep, BreakLock: cmd.BreakLock, Timeout: cmd.Timeout, Kill: c.kill, Confirm: cmd.confirm(c)}
	h.Environment, h.Services, err = cmd.parts(len(cmd.Words))
	switch {
	case err != nil:
	case cmd.Keep < 0:
		err = &fault.Error{Reason: fmt.Sprintf("--keep %d keeps less than nothing", cmd.Keep), Next: "--keep 0 keeps none", Code: fault.FailedPrecondition}
	case cmd.Interval < time.Second:
		err = &fault.Error{Reason: fmt.Sprintf("--interval %s is too short", cmd.Interval), Next: "it is a second at least", Code: fault.FailedPrecondition}
	}
	return h, err
}

// confirm shows what is wrong and asks. A watch cannot ask each time.
func (cmd *healCmd) confirm(c *call) func(context.Context, deploy.HealPlan, bool) error {
	return func(ctx context.Context, sick deploy.HealPlan, ask bool) error {
		if cmd.Watch {
			if ask && !cmd.Yes {
				return &fault.Error{Reason: "a watch heals " + sick.Environment + " without a question, and nobody has confirmed that", Next: "--yes confirms it", Code: fault.Refused}
			}
			return nil
		}
		if !c.options.JSON && !c.options.Quiet {
			c.printSickbed(sick)
		}
		return c.agreed(ctx, cmd.Yes || !ask, "Heal "+sick.Environment+" so?")
	}
}

func (c *call) printSickbed(sick deploy.HealPlan) {
	fmt.Fprintf(c.Streams.Out, "%s  is not as release %d says\n", c.Streams.OutStyle().Bold(sick.Environment), sick.Release)
	var rows [][]string
	for _, i := range sick.Findings {
		rows = append(rows, []string{"  " + i.Subject(), i.Unhealthy, string(i.Action)})
		for _, d := range i.Drift {
			rows = append(rows, []string{"    " + d.Path + ": " + drifted(d)})
		}
	}
	c.Streams.Table(rows, nil)
}

func (c *call) printHealed(out deploy.Healed) {
	if len(out.Findings) == 0 {
		fmt.Fprintf(c.Streams.Out, "nothing to heal: %s is as release %d says\n", out.Environment, out.Release)
		return
	}
	fmt.Fprintf(c.Streams.Out, "%s is healed, and as release %d says\n", out.Environment, out.Release)
}

// watch heals until Ctrl-C, which is how it ends.
func (cmd *healCmd) watch(ctx context.Context, c *call, e *deploy.Environments, h deploy.HealRequest) error {
	err := e.Watch(ctx, h, cmd.Interval, c.watchPrinter())
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return &app.SilentError{Code: fault.Interrupted}
	}
	return err
}

// watchPrinter prints what a watch tells, a line for each.
func (c *call) watchPrinter() func(deploy.WatchEvent) {
	if c.options.JSON {
		e := json.NewEncoder(c.Streams.Out)
		e.SetEscapeHTML(false)
		return func(s deploy.WatchEvent) { _ = e.Encode(s) }
	}
	style := c.Streams.OutStyle()
	return func(s deploy.WatchEvent) {
		text := strings.ReplaceAll(strings.TrimSpace(s.Text), "\n", "\n  ")
		if s.Hint != "" {
			text += " (" + s.Hint + ")"
		}
		fmt.Fprintln(c.Streams.Out, style.Dim(s.Time.Format(moment)), style.Bold(s.Environment), string(s.Type)+":", text)
	}
}

// healRows are the heals of a release, above it in the list of releases, the newest first.
func (c *call) healRows(repairs []release.Repair) (rows [][]string) {
	for _, r := range repairs {
		result, why := "healed", release.Diagnosis{Findings: r.Findings}.String()
		if r.Result != release.Healthy {
			result, why = "not healed", why+"; "+r.Reason
		}
		rows = append(rows, []string{strconv.Itoa(r.Release), result, c.age(r.Time), r.By, "-", why})
	}
	return rows
}
