package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

type statusCmd struct{ environmentArgs }

// Help is what davit status --help says besides.
func (statusCmd) Help() string {
	return `In sync says that what runs is what was deployed; healthy, that it works. An environment can be one without the other. Fields that
"ignore" of the environment names may differ.`
}

// Run tells how an environment stands. With --json it prints an deploy.Status.
func (cmd *statusCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "status", cmd.environmentArgs, runOptions{}, func(e *deploy.Environments) error {
		name, _, err := cmd.parts(0)
		if err != nil {
			return err
		}
		s, err := e.Status(ctx, name)
		if err != nil {
			return err
		}
		if c.options.JSON {
			return c.printJSON(s)
		}
		c.printStatus(s)
		return nil
	})
}

func (c *call) printStatus(s deploy.Status) {
	style, out := c.Streams.OutStyle(), c.Streams.Out
	if s.Release == nil {
		fmt.Fprintf(out, "%s  nothing has been deployed\n", style.Bold(s.Environment))
	} else {
		words := append(origins(s.Release.Release), c.age(s.Release.Time)+" by "+s.Release.By)
		fmt.Fprintf(out, "%s  %s\n%s, %s\n", style.Bold(s.Environment), strings.Join(words, ", "), inSync(s.InSync), healthy(s.Healthy))
	}
	c.Streams.Table(statusRows(s), func(row, col int, text string) string {
		if text == "drifted" || text == "sick" {
			return style.Yellow(text)
		}
		return text
	})
	c.printAside(s)
}

// printAside tells what heals have set aside.
func (c *call) printAside(s deploy.Status) {
	if len(s.Quarantined) == 0 {
		return
	}
	if !c.options.Verbose {
		fmt.Fprintf(c.Streams.Out, "%d set aside by heals: davit status %s -v lists them\n", len(s.Quarantined), s.Environment)
		return
	}
	fmt.Fprintln(c.Streams.Out, "set aside by heals, and to be looked at with docker logs, docker diff and docker cp:")
	var rows [][]string
	for _, a := range s.Quarantined {
		rows = append(rows, []string{"  " + a.Name, c.age(a.Since), a.State})
	}
	c.Streams.Table(rows, nil)
}

func inSync(is bool) string {
	if is {
		return "in sync"
	}
	return "drifted"
}

func healthy(is bool) string {
	if is {
		return "healthy"
	}
	return "sick"
}

func statusRows(s deploy.Status) (rows [][]string) {
	for _, name := range sorted(s.Services) {
		one := s.Services[name]
		rows = append(rows, []string{"  " + name, inSync(one.InSync), healthy(one.Healthy), one.Reason, published(one)})
		rows = append(rows, driftRows(one.Drift)...)
	}
	return append(rows, driftRows(s.Drift)...)
}

// driftRows are lines below a service, or below all of them.
func driftRows(drift []release.Difference) (rows [][]string) {
	for _, d := range drift {
		rows = append(rows, []string{"    " + d.Path + ": " + drifted(d) + in(d.Container)})
	}
	return rows
}

// in says which container, where there is one.
func in(container string) string {
	if container == "" {
		return ""
	}
	return " in " + container
}

// drifted is how something should be and is.
func drifted(d release.Difference) string {
	was, is := present(d.Before), present(d.After)
	switch {
	case !d.Before.Set && is == "there":
		return "is there"
	case !d.Before.Set:
		return is
	case !d.After.Set && d.Before.Text == "":
		return "is missing"
	case !d.After.Set:
		return "is missing, wanted " + was
	}
	return is + ", wanted " + was
}

// published are the addresses of a service, of all its containers.
func published(s deploy.ServiceStatus) string {
	var all []string
	for _, container := range s.Containers {
		for _, port := range sorted(container.Ports) {
			all = append(all, container.Ports[port]+" → "+port)
		}
	}
	return strings.Join(all, ", ")
}
