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
	Yes     bool `short:"y" help:"Do not ask for confirmation"`
	Volumes bool `help:"Delete the volumes and their data too"`
	lockOptions
}

// Help returns the details for davit destroy --help.
func (destroyCmd) Help() string {
	return `davit destroy removes the containers and networks of an environment, and its volumes only with --volumes.
Releases are kept, so that davit deploy or davit rollback can restore the environment.`
}

// Run removes an environment.
func (cmd *destroyCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "destroy", cmd.environmentArgs, runOptions{},
		func(e *deploy.Environments) error {
			name, _, err := cmd.parts("destroy", 0)
			if err != nil {
				return err
			}
			d := deploy.Request{Environment: name, Wait: cmd.Wait, BreakLock: cmd.BreakLock,
				AcceptHistory: cmd.AcceptHistory, Volumes: cmd.Volumes, Kill: c.kill}
			return c.change("destroy "+name, func(emit func(ui.Event)) error {
				return e.Destroy(ctx, d, cmd.confirm(c, name), emit)
			})
		})
}

// confirm returns a function that shows what exists and asks whether to remove it.
func (cmd *destroyCmd) confirm(c *call, name string) func(context.Context, deploy.Removal) error {
	return func(ctx context.Context, r deploy.Removal) error {
		if !c.options.JSON && !c.options.Quiet {
			c.Streams.Table(cmd.rows(r.Observed), nil)
			if r.Foreign != "" {
				c.Streams.Printf("  note  %s\n", r.Foreign)
			}
		}
		if cmd.Yes && r.Unrelated != nil {
			return r.Unrelated
		}
		return c.ask(ctx, cmd.Yes, "Destroy "+name+"?")
	}
}

// rows returns a row for each thing in the environment.
func (cmd *destroyCmd) rows(live release.Observed) (rows [][]string) {
	for _, service := range slices.Sorted(maps.Keys(live.Containers)) {
		rows = append(rows, []string{"  delete", "service " + service,
			containers(len(live.Containers[service]))})
	}
	for _, a := range live.Quarantined {
		rows = append(rows, []string{"  delete", "container " + a.Name, "quarantined"})
	}
	for _, name := range slices.Sorted(maps.Keys(live.Model.Networks)) {
		rows = append(rows, []string{"  delete", "network " + name})
	}
	for _, name := range slices.Sorted(maps.Keys(live.Model.Volumes)) {
		if cmd.Volumes {
			rows = append(rows, []string{"  delete", "volume " + name, "its data is lost"})
		} else {
			rows = append(rows, []string{"  keep", "volume " + name, "--volumes deletes it"})
		}
	}
	return append(rows, cmd.anonymous(live)...)
}

// anonymous returns a row for each place at which a service has a volume without a name.
func (cmd *destroyCmd) anonymous(live release.Observed) (rows [][]string) {
	for _, service := range slices.Sorted(maps.Keys(live.Model.Services)) {
		for _, at := range live.Model.Services[service].AnonymousVolumes() {
			row := []string{"  keep", "volume of " + service + " at " + at, "it has no name: no later container gets it, and --volumes deletes it"}
			if cmd.Volumes {
				row = []string{"  delete", "volume of " + service + " at " + at, "its data is lost"}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// containers returns a number of containers in words.
func containers(n int) string {
	if n == 1 {
		return "1 container"
	}
	return fmt.Sprintf("%d containers", n)
}
