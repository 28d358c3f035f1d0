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
	Yes      bool `short:"y" help:"Do not ask for confirmation"`
	Volumes  bool `help:"Delete the volumes and their data too"`
	Releases bool `help:"Remove the releases too, with the images that only they keep"`
	lockOptions
}

// Help returns the details for davit destroy --help.
func (destroyCmd) Help() string {
	return `davit destroy removes the containers and networks of an environment, and its volumes only with --volumes.
Releases are kept, so that davit deploy or davit rollback can restore the environment; --releases removes them, with the
heals and with the images that only they keep, in the registry too. davit releases ENV --all still lists that.`
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
				AcceptHistory: cmd.AcceptHistory, Volumes: cmd.Volumes, Releases: cmd.Releases, Kill: c.kill}
			return c.change("destroy "+name, func(emit func(ui.Event)) error {
				return e.Destroy(ctx, d, cmd.confirm(c, name), emit)
			})
		})
}

// confirm returns a function that shows what exists and asks whether to remove it.
func (cmd *destroyCmd) confirm(c *call, name string) func(context.Context, deploy.Removal) error {
	return func(ctx context.Context, r deploy.Removal) error {
		if !c.options.JSON && !c.options.Quiet {
			c.Streams.Table(cmd.rows(r), nil)
			if r.Foreign != "" {
				c.Streams.Printf("  note  %s\n", r.Foreign)
			}
		}
		if r.Empty() {
			if !c.options.JSON && !c.options.Quiet {
				c.printer().nothingToDestroy(name, r)
			}
			return nil
		}
		if cmd.Yes && r.Unrelated != nil {
			return r.Unrelated
		}
		return c.ask(ctx, cmd.Yes, "Destroy "+name+"?")
	}
}

// nothingToDestroy says that an environment has nothing that a destroy would remove.
func (p printer) nothingToDestroy(name string, r deploy.Removal) {
	things := "containers and no networks"
	if r.Volumes {
		things = "containers, networks or volumes"
	}
	p.Printf("nothing to destroy: %s has no %s\n", name, things)
}

// rows returns a row for each thing in the environment.
func (cmd *destroyCmd) rows(live deploy.Removal) (rows [][]string) {
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
	return slices.Concat(rows, cmd.anonymous(live.Observed), cmd.releases(live.Numbers))
}

// releases returns a row for the releases of the environment, if they are removed.
func (cmd *destroyCmd) releases(numbers []int) [][]string {
	if !cmd.Releases || len(numbers) == 0 {
		return nil
	}
	what, them := fmt.Sprintf("%d releases, %d the last", len(numbers), numbers[0]), "them"
	if len(numbers) == 1 {
		what, them = fmt.Sprintf("release %d", numbers[0]), "it"
	}
	return [][]string{{"  delete", what, "no rollback returns to " + them}}
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
	if n := len(live.Unnamed); n > 0 {
		row := []string{"  keep", fmt.Sprintf("%d volumes of earlier containers", n), "they have no names, and --volumes deletes them"}
		if cmd.Volumes {
			row[0], row[2] = "  delete", "their data is lost"
		}
		rows = append(rows, row)
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
