package cli

import (
	"context"
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
	Keep       int           `default:"3" placeholder:"N" least:"0" help:"Keep this many quarantined containers of each service (3)"`
	Files      bool          `help:"Heal containers whose files were changed, too"`
	Watch      bool          `help:"Keep checking, and heal what stays wrong, until Ctrl-C"`
	Interval   time.Duration `default:"10s" placeholder:"TIME" help:"How often --watch checks (10s)"`
	runOptions `embed:"" group:"run"`
}

// Help returns the details for davit heal --help.
func (healCmd) Help() string {
	return `davit heal ENV [SERVICE...] quarantines each container that is unhealthy or differs from the release in its
image, environment, mounts, networks, configs and so on, and replaces it with a new one of that release. Files
that a program has written are no reason, unless --files says so; davit diff shows them. Where the Compose file allows it, the new container starts first.
Healthy containers that match the release stay as they are, and fields that "ignore" of the environment names
may differ. Containers that are not part of the project are only disconnected from the networks of the
environment.

A quarantined container is stopped, has no network and is never started again. davit status -v lists it;
inspect it with docker logs, docker diff and docker cp. davit releases shows each heal. Volumes stay as they
are.

With --watch, davit heals what is wrong at two checks in a row, and waits twice as long each time if it keeps
going wrong. After three heals in a row of one service it leaves that alone and says so. It prints a line for each event, with --json as {"time", "environment", "type", "text", "hint",
"findings"}. Ctrl-C ends it with exit code 130.`
}

// Run heals an environment.
func (cmd *healCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "heal", cmd.environmentArgs, cmd.runOptions,
		func(e *deploy.Environments) error {
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
				c.printer().healed(out)
			}
			return err
		})
}

// request returns the heal that the command line asks for.
func (cmd *healCmd) request(c *call) (h deploy.HealRequest, err error) {
	h = deploy.HealRequest{
		Files: cmd.Files, Keep: cmd.Keep, Wait: cmd.Wait, BreakLock: cmd.BreakLock, AcceptHistory: cmd.AcceptHistory, Timeout: cmd.Timeout,
		Kill: c.kill, Confirm: cmd.confirm(c),
	}
	h.Environment, h.Services, err = cmd.parts("heal", len(cmd.Words))
	switch {
	case err != nil:
	case cmd.Keep < 0:
		err = fault.Preconditionf("--keep 0 keeps none", "--keep is %d, wanted 0 or more", cmd.Keep)
	case cmd.Interval < time.Second:
		err = fault.Preconditionf("the minimum is 1s", "--interval %s is too short", cmd.Interval)
	}
	return h, err
}

// confirm returns a function that shows what is wrong and asks whether to heal it. A watch cannot ask each
// time.
func (cmd *healCmd) confirm(c *call) func(context.Context, deploy.HealPlan, bool) error {
	return func(ctx context.Context, plan deploy.HealPlan, ask bool) error {
		if cmd.Watch {
			if ask && !cmd.Yes {
				return fault.Refusef("--yes confirms it",
					"--watch heals %[1]s without asking, and %[1]s requires a confirmation", plan.Environment)
			}
			return nil
		}
		if !c.options.JSON && !c.options.Quiet {
			c.printer().healPlan(plan)
		}
		return c.ask(ctx, cmd.Yes || !ask, "Heal "+plan.Environment+"?")
	}
}

// healPlan prints what is wrong in an environment, and what is done about it.
func (p printer) healPlan(plan deploy.HealPlan) {
	p.Printf("%s  differs from release %d\n", p.OutStyle().Bold(plan.Environment), plan.Release)
	var rows [][]string
	for _, f := range plan.Findings {
		rows = append(rows, []string{"  " + f.Subject(), f.Unhealthy, strings.TrimSpace(string(f.Action) + "  " + f.Interruption)})
		for _, d := range f.Drift {
			rows = append(rows, []string{"    " + d.Path + ": " + driftText(d)})
		}
	}
	p.Table(rows, nil)
}

// healed prints how a heal ended.
func (p printer) healed(h deploy.Healed) {
	matches := fmt.Sprintf("matches release %d", h.Release)
	if len(h.ChangedFiles) > 0 {
		matches += fmt.Sprintf(" but for files in %s; davit diff %s shows them, --files heals them",
			strings.Join(h.ChangedFiles, ", "), h.Environment)
	}
	if len(h.Findings) == 0 {
		p.Printf("nothing to heal: %s %s\n", h.Environment, matches)
		return
	}
	p.Printf("%s is healed and %s\n", h.Environment, matches)
}

// watch heals until Ctrl-C.
func (cmd *healCmd) watch(ctx context.Context, c *call, e *deploy.Environments, h deploy.HealRequest) error {
	err := e.Watch(ctx, h, cmd.Interval, c.watchPrinter())
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return &app.SilentError{Code: fault.StopOf(ctx).Category()}
	}
	return err
}

// watchPrinter returns a function that prints an event of a watch as one line.
func (c *call) watchPrinter() func(deploy.WatchEvent) {
	if c.options.JSON {
		encoder := c.Streams.Encoder()
		return func(e deploy.WatchEvent) { _ = encoder.Encode(e) }
	}
	style := c.Streams.OutStyle()
	return func(e deploy.WatchEvent) {
		text := strings.TrimSpace(e.Text)
		if e.Hint != "" {
			text += " (" + e.Hint + ")"
		}
		at := style.Dim(e.Time.Format(timeFormat))
		c.Streams.Printf("%s %s %s: %s\n", at, style.Bold(e.Environment), e.Type, ui.Lines("  ", text))
	}
}

// repairRows returns a row for each heal of a release, the newest first.
func (p printer) repairRows(repairs []release.Repair) (rows [][]string) {
	for _, r := range repairs {
		result, reason := "healed", release.Diagnosis{Findings: r.Findings}.String()
		if r.Result != release.Healthy {
			result, reason = "not healed", reason+"; "+r.Reason
		}
		rows = append(rows, []string{strconv.Itoa(r.Release), result, p.age(r.Time), r.By, "-", reason})
	}
	return rows
}
