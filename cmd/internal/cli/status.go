package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

type statusCmd struct {
	environmentArgs
	ExitCode bool `help:"Exit with 1 if it is not healthy, else with 3 if it is not in sync"`
}

// Help returns the details for davit status --help.
func (statusCmd) Help() string {
	return `"In sync" means that what runs is what was deployed; "healthy" means that it works. An environment can be one
without the other. Fields that "ignore" of the environment names may differ. While somebody changes the
environment, a line says who, since when, and how many services are ready. "Down" means that it was destroyed.`
}

// Run prints the state of an environment. With --json it prints a deploy.Status.
func (cmd *statusCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "status", cmd.environmentArgs, runOptions{},
		func(e *deploy.Environments) error {
			name, _, err := cmd.parts("status", 0)
			if err != nil {
				return err
			}
			s, err := e.Status(ctx, name)
			if err != nil {
				return err
			}
			if err := c.result(s, func(p printer) { p.status(s) }); err != nil || !cmd.ExitCode {
				return err
			}
			return statusCode(s)
		})
}

// statusCode returns the error for the exit code of a status; nil for one that is healthy and in sync.
func statusCode(s deploy.Status) error {
	switch {
	case !s.Healthy:
		return &app.SilentError{Code: fault.Failed}
	case !s.InSync:
		return &app.SilentError{Code: fault.Pending}
	}
	return nil
}

// status prints the state of an environment and of each service.
func (p printer) status(s deploy.Status) {
	style := p.OutStyle()
	switch {
	case s.Down != nil:
		p.Printf("%s  down: destroyed %s by %s\n", style.Bold(s.Environment), p.age(s.Down.Time), s.Down.By)
	case s.Failed != nil:
		p.Printf("%s  release %d %s %s by %s, and none before it was healthy; davit deploy %s tries again, davit destroy %s removes what it has started\n",
			style.Bold(s.Environment), s.Failed.Number, s.Failed.Result, p.age(s.Failed.Time), s.Failed.By, s.Environment, s.Environment)
	case s.Release == nil:
		p.Printf("%s  nothing has been deployed\n", style.Bold(s.Environment))
	default:
		words := append(origins(s.Release.Release), p.age(s.Release.Time)+" by "+s.Release.By)
		p.Printf("%s  %s\n", style.Bold(s.Environment), strings.Join(words, ", "))
		p.Printf("%s, %s\n", inSync(s.InSync), healthy(s.Healthy))
	}
	if s.Foreign != "" {
		p.Printf("%s\n", style.Yellow(s.Foreign))
	}
	if s.Change != nil {
		p.Printf("%s\n", style.Yellow(p.changing(*s.Change)))
	}
	if s.Interrupted != nil {
		p.Printf("%s\n", style.Yellow(p.interrupted(s)))
	}
	p.Table(statusRows(s), func(row, col int, text string) ui.Text {
		if text == inSync(false) || text == healthy(false) {
			return style.Yellow(text)
		}
		return style.Plain(text)
	})
	for _, t := range s.Adoptable {
		p.Printf("  %s %s: is not davit's yet; davit deploy %s adopts it if the Compose files name it\n",
			t.Subject, t.Name, s.Environment)
	}
	p.quarantined(s)
}

// changing returns who changes an environment right now, since when, and how far they are.
func (p printer) changing(c deploy.Change) string {
	text := c.By + " began to " + c.Operation + " " + p.age(c.Since)
	if c.Release > 0 {
		text += fmt.Sprintf(": release %d, %d of %d services are ready", c.Release, c.Ready, c.Services)
	}
	switch {
	case len(c.Verify) > 0:
		text += "; it is verified by " + strings.Join(c.Verify, ", ")
	case c.Release > 0 && c.Ready == c.Services:
		text += "; it is checked once more"
	}
	return text
}

// interrupted returns who began what, and that it has not ended, with what ends it.
func (p printer) interrupted(s deploy.Status) string {
	c := s.Interrupted
	text := c.By + " began to " + c.Operation + " " + p.age(c.Since) + " and was killed"
	if c.Release > 0 {
		text += fmt.Sprintf(" before release %d was healthy", c.Release)
	}
	if s.Release == nil {
		return text + "; davit deploy " + s.Environment + " ends it"
	}
	return text + fmt.Sprintf("; davit heal %s brings back release %d, davit deploy %s deploys anew", s.Environment, s.Release.Number, s.Environment)
}

// quarantined prints the quarantined containers: how many or, with -v, which.
func (p printer) quarantined(s deploy.Status) {
	if len(s.Quarantined) == 0 {
		return
	}
	title := containers(len(s.Quarantined)) + " quarantined by davit heal"
	if !p.verbose {
		p.Printf("%s; run davit status %s -v to list them\n", title, s.Environment)
		return
	}
	p.Printf("%s; inspect them with docker logs, docker diff and docker cp:\n", title)
	var rows [][]string
	for _, q := range s.Quarantined {
		rows = append(rows, []string{"  " + q.Name, p.age(q.Since), q.State})
	}
	p.Table(rows, nil)
}

// inSync returns a state in words.
func inSync(yes bool) string {
	if yes {
		return "in sync"
	}
	return "drifted"
}

// healthy returns a state in words.
func healthy(yes bool) string {
	if yes {
		return "healthy"
	}
	return "unhealthy"
}

// statusRows returns a row for each service, and one for each difference.
func statusRows(s deploy.Status) (rows [][]string) {
	for _, name := range slices.Sorted(maps.Keys(s.Services)) {
		one := s.Services[name]
		rows = append(rows, []string{"  " + name, inSync(one.InSync), healthy(one.Healthy), one.Reason,
			published(one)})
		rows = append(rows, driftRows("    ", one.Drift)...)
	}
	return append(rows, driftRows("  ", s.Drift)...)
}

// driftRows returns a row for each difference.
func driftRows(indent string, drift []release.Difference) (rows [][]string) {
	for _, d := range drift {
		rows = append(rows, []string{indent + d.Path + ": " + driftText(d) + inContainer(d.Container)})
	}
	return rows
}

// inContainer returns " in NAME", or "" without a container.
func inContainer(container string) string {
	if container == "" {
		return ""
	}
	return " in " + container
}

// driftText returns how a field is, and how the release has it.
func driftText(d release.Difference) string {
	wanted, actual := presentText(d.Before), presentText(d.After)
	switch {
	case !d.Before.Set && actual == "there":
		return "is not in the release"
	case !d.Before.Set:
		return actual
	case !d.After.Set && d.Before.Text == "":
		return "is missing"
	case !d.After.Set:
		return "is missing, wanted " + wanted
	}
	return actual + ", wanted " + wanted
}

// published returns the addresses that the containers of a service publish.
func published(s deploy.ServiceStatus) string {
	var all []string
	for _, container := range s.Containers {
		for _, port := range slices.Sorted(maps.Keys(container.Ports)) {
			all = append(all, container.Ports[port]+" → "+port)
		}
	}
	return strings.Join(all, ", ")
}
