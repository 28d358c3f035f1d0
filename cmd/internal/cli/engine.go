package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/davit-dev/davit/runner"
)

type engineCmd struct{}

// Run prints which container engine is found, where, and what it can do. With --json it prints a runner.EngineInfo.
func (engineCmd) Run(ctx context.Context, c *call) error {
	if c.Engine == nil {
		return &runner.EngineError{Reason: "davit engine"}
	}
	info, err := c.Engine(c.engineRequest()).Describe(ctx)
	if err != nil {
		return err
	}
	if c.options.JSON {
		return c.printJSON(info)
	}
	c.printEngine(info)
	return nil
}

// engineRequest says which engine the caller wants.
func (c *call) engineRequest() runner.EngineRequest {
	return runner.EngineRequest{Address: c.options.Engine, Env: c.Environ, Offline: c.options.Offline}
}

// printEngine prints one line on the engine, and one on each ability.
func (c *call) printEngine(info runner.EngineInfo) {
	style := c.Streams.OutStyle()
	fmt.Fprintf(c.Streams.Out, "%s  %s\n", style.Bold(strings.TrimSpace(info.Kind+" "+info.Version)), info.Address)
	fmt.Fprintf(c.Streams.Out, "    %s\n", style.Dim("found through "+info.From))
	fmt.Fprintf(c.Streams.Out, "    %s\n\n", style.Dim("builds for "+strings.Join(info.Platforms, ", ")))
	c.Streams.Table(abilityRows(info.Abilities), func(row, col int, text string) string {
		if col == 1 && text == "no" {
			return style.Yellow(text)
		}
		return text
	})
}

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
