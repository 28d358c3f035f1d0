package cli

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

type doctorCmd struct{}

// Help returns the details for davit doctor --help.
func (doctorCmd) Help() string {
	return `It looks for the tools and versions that the steps of this project name, its secrets, git, the cache, room on the disk, a container
engine, and the engine of each environment. What is wrong has a remedy below it, and then davit exits with 1. Nothing of
the project is run; with --offline no engine is asked.`
}

// reachTimeout is how long an engine may take to answer.
const reachTimeout = 10 * time.Second

// Run prints how this machine stands for the project. With --json it prints a doctorJSON.
func (doctorCmd) Run(ctx context.Context, c *call) error {
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	var handover error
	if c.Engine == nil && c.Handover != nil {
		handover = c.Handover() // returns only without a davit-engine
	}
	all := append(p.Doctor(ctx), c.checkEngines(ctx, p, handover)...)
	if err := c.result(doctorJSON{all}, func(p printer) { p.checks(all) }); err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(c app.Check) bool { return !c.OK }) {
		return &app.SilentError{Code: fault.Failed}
	}
	return ctx.Err()
}

type doctorJSON struct {
	Checks []app.Check `json:"checks"`
}

// checkEngines returns whether the engine of steps and those of the environments answer.
func (c *call) checkEngines(ctx context.Context, p *app.Project, handover error) (all []app.Check) {
	if c.Engine == nil {
		return []app.Check{app.NewCheck("engine", "", cmp.Or(handover, error(&runner.EngineError{Reason: "davit doctor"})))}
	}
	if c.options.Offline {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, reachTimeout)
	defer cancel()
	info, err := c.Engine(c.engineRequest()).Describe(ctx)
	all = append(all, app.NewCheck("engine", info.Kind+" "+info.Version+" at "+info.Address+", through "+info.From, err))
	environments := c.environments(p, app.Request{})
	declared, err := environments.All()
	if err != nil {
		return append(all, app.NewCheck("environments", "", err))
	}
	for _, e := range declared {
		if len(p.Config.Environments) > 0 {
			detail, err := environments.Reach(ctx, e.Name)
			all = append(all, app.NewCheck("environment "+e.Name, detail, err))
		}
	}
	return all
}

// checks prints a row for each check, and a remedy below one that failed.
func (p printer) checks(all []app.Check) {
	style := p.OutStyle()
	var rows [][]string
	for _, c := range all {
		word := "ok"
		if !c.OK {
			word = "wrong"
		}
		rows = append(rows, []string{word, c.Name, c.Detail})
		if c.Remedy != "" {
			rows = append(rows, []string{"", "", "remedy: " + c.Remedy})
		}
	}
	p.Table(rows, func(_, col int, text string) ui.Text {
		switch {
		case col == 0 && text == "ok":
			return style.Green(text)
		case col == 0:
			return style.Red(text)
		}
		return style.Plain(text)
	})
}
