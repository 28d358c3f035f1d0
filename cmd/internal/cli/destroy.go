package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

type destroyCmd struct {
	environmentArgs
	Yes       bool `short:"y" help:"Remove it without a question"`
	Volumes   bool `help:"Delete the volumes too, and what is in them"`
	BreakLock bool `help:"Go on although somebody else is at it, or was and left the lock"`
}

// Help is what davit destroy --help says besides.
func (destroyCmd) Help() string {
	return `Removes the containers and networks of an environment. Volumes are deleted with --volumes only. The releases stay, so that davit deploy or
davit rollback brings it back.`
}

// Run removes an environment.
func (cmd *destroyCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "destroy", cmd.environmentArgs, runOptions{}, func(e *deploy.Environments) error {
		name, _, err := cmd.parts(0)
		if err != nil {
			return err
		}
		d := deploy.Request{Environment: name, BreakLock: cmd.BreakLock, Volumes: cmd.Volumes, Kill: c.kill}
		return c.change("destroy "+name, func(emit func(ui.Event)) error { return e.Destroy(ctx, d, cmd.confirm(c, name), emit) })
	})
}

// confirm shows what there is and asks.
func (cmd *destroyCmd) confirm(c *call, name string) func(context.Context, release.Observed) error {
	return func(ctx context.Context, live release.Observed) error {
		if !c.options.JSON && !c.options.Quiet {
			c.Streams.Table(cmd.rows(live), nil)
		}
		return c.agreed(ctx, cmd.Yes, "Destroy "+name+"?")
	}
}

func (cmd *destroyCmd) rows(live release.Observed) (rows [][]string) {
	for _, service := range sorted(live.Containers) {
		rows = append(rows, []string{"  delete", "service " + service, containers(len(live.Containers[service]))})
	}
	for _, name := range live.Orphans {
		rows = append(rows, []string{"  delete", "container " + name})
	}
	for _, a := range live.Quarantined {
		rows = append(rows, []string{"  delete", "container " + a.Name, "set aside"})
	}
	for _, name := range sorted(live.Model.Networks) {
		rows = append(rows, []string{"  delete", "network " + name})
	}
	for _, name := range sorted(live.Model.Volumes) {
		if cmd.Volumes {
			rows = append(rows, []string{"  delete", "volume " + name, "and what is in it"})
		} else {
			rows = append(rows, []string{"  keep", "volume " + name, "--volumes deletes it"})
		}
	}
	return rows
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func containers(n int) string {
	if n == 1 {
		return "1 container"
	}
	return fmt.Sprintf("%d containers", n)
}
