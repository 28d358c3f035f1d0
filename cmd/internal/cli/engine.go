package cli

import (
	"context"
	"strings"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

type engineCmd struct{}

// Run prints which container engine is found, where, and what it can do. With --json it prints a
// runner.EngineInfo.
func (engineCmd) Run(ctx context.Context, c *call) error {
	if c.Engine == nil {
		return &runner.EngineError{Reason: "davit engine"}
	}
	info, err := c.Engine(c.engineRequest()).Describe(ctx)
	if err != nil {
		return err
	}
	return c.result(info, func(p printer) { p.engine(info) })
}

// engineRequest returns the request for the engine that the caller wants.
func (c *call) engineRequest() runner.EngineRequest {
	return runner.EngineRequest{Address: c.options.Engine, Env: c.Environ, Offline: c.options.Offline}
}

// engine prints an engine and its abilities.
func (p printer) engine(info runner.EngineInfo) {
	style := p.OutStyle()
	p.Printf("%s  %s\n", style.Bold(strings.TrimSpace(info.Kind+" "+info.Version)), info.Address)
	p.Printf("    %s\n", style.Dim("found through "+info.From))
	p.Printf("    %s\n\n", style.Dim("builds for "+strings.Join(info.Platforms, ", ")))
	p.Table(abilityRows(info.Abilities), func(row, col int, text string) ui.Text {
		if col == 1 && text == "no" {
			return style.Yellow(text)
		}
		return style.Plain(text)
	})
}

// abilityRows returns a row for each ability. One that is missing has a remedy.
func abilityRows(abilities []runner.Ability) (rows [][]string) {
	for _, a := range abilities {
		if a.Has {
			rows = append(rows, []string{a.Name, "yes"})
		} else {
			rows = append(rows, []string{a.Name, "no", a.Instead})
		}
	}
	return rows
}
