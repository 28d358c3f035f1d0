package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/ui"
	backend "github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

type inspectCmd struct {
	environmentArgs
	Tree bool `help:"Show what belongs to what"`
}

// Help is what davit inspect --help says besides.
func (inspectCmd) Help() string {
	return `davit inspect ENV [SERVICE...]: all that there is: the release, the services with their containers, images, ports and mounts, networks and
volumes, who has locked the environment, and what davit heal has set aside.`
}

// Run tells what there is in an environment. With --json it prints an deploy.Inspection.
func (cmd *inspectCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "inspect", cmd.environmentArgs, runOptions{}, func(e *deploy.Environments) error {
		name, services, _ := cmd.parts(len(cmd.Words))
		i, err := e.Inspect(ctx, name, services)
		if err != nil {
			return err
		}
		if c.options.JSON {
			return c.printJSON(i)
		}
		c.printThings(c.things(i), cmd.Tree)
		return nil
	})
}

// thing is one of what there is: a line. Its owner is the thing above it that is less deep.
type thing struct {
	depth                          int
	name, kind, state, age, detail string
}

func (c *call) printThings(all []thing, tree bool) {
	rows, head := listRows(all), []string{"KIND", "NAME", "OWNER", "STATE", "SINCE"}
	if tree {
		rows, head = treeRows(all), []string{"NAME", "KIND", "STATE", "SINCE"}
	}
	style := c.Streams.OutStyle()
	c.headed(head, rows, func(_, _ int, text string) string {
		switch {
		case strings.Contains(text, "drifted") || strings.HasPrefix(text, "sick") || text == "unhealthy" || strings.HasPrefix(text, "exited"):
			return style.Yellow(text)
		}
		return text
	})
}

// listRows have a kind and an owner for each thing.
func listRows(all []thing) [][]string {
	var rows [][]string
	owners := make([]string, len(all)+1)
	for _, t := range all {
		owner := ""
		if t.depth > 0 {
			owner = owners[t.depth-1]
		}
		owners[t.depth] = t.name
		rows = append(rows, []string{t.kind, t.name, owner, t.state, t.age, t.detail})
	}
	return rows
}

func treeRows(all []thing) (rows [][]string) {
	var depths []int
	for _, t := range all {
		depths = append(depths, t.depth)
	}
	for i, branch := range ui.Branches(depths) {
		t := all[i]
		rows = append(rows, []string{branch + t.name, t.kind, t.state, t.age, t.detail})
	}
	return rows
}

// things are what there is, each below its owner.
func (c *call) things(i deploy.Inspection) (all []thing) {
	all = append(all, thing{0, i.Environment, "environment", healthy(i.Healthy) + ", " + inSync(i.InSync), "", i.Engine})
	if i.Release == nil {
		all[0].state = "nothing has been deployed"
	} else {
		r := i.Release.Release
		detail := strings.Join(append(origins(r)[1:], "by "+r.By), ", ")
		all = append(all, thing{1, fmt.Sprint(r.Number), "release", string(r.Result), c.age(r.Time), detail})
	}
	if h := i.Holder; h != nil {
		all = append(all, thing{1, h.Owner, "lock", h.Operation, c.age(h.Since), fmt.Sprintf("on %s, process %d", h.Host, h.ID)})
	}
	for _, name := range sorted(i.Services) {
		all = append(all, c.serviceThings(name, i.Services[name], i.Images)...)
	}
	for _, name := range sorted(i.Networks) {
		n := i.Networks[name]
		all = append(all, thing{1, name, "network", external(n.External), "", strings.Join(append([]string{n.Name, n.Driver}, n.Subnets...), ", ")})
	}
	for _, name := range sorted(i.Volumes) {
		v := i.Volumes[name]
		all = append(all, thing{1, name, "volume", external(v.External), c.age(v.Created), v.Name + ", " + v.Driver})
	}
	for _, a := range i.Quarantined {
		all = append(all, thing{1, a.Name, "set aside", a.State, c.age(a.Since), "of " + a.Service})
	}
	return append(all, others(i)...)
}

func others(i deploy.Inspection) (all []thing) {
	for _, name := range i.Orphans {
		all = append(all, thing{1, name, "orphan", "", "", "its service is in no release"})
	}
	for _, name := range i.Unmanaged {
		all = append(all, thing{1, name, "stranger", "", "", "is on a network of the environment"})
	}
	return all
}

func external(is bool) string {
	if is {
		return "of another"
	}
	return ""
}

func (c *call) serviceThings(name string, s deploy.Inspected, images map[string]backend.ImageDetails) (all []thing) {
	all = append(all, thing{1, name, "service", healthy(s.Healthy) + ", " + inSync(s.InSync), "", s.Reason})
	shown := map[string]bool{}
	for _, one := range s.Containers {
		if !shown[one.Image] {
			shown[one.Image] = true
			all = append(all, c.imageThing(s.Image, images[one.Image]))
		}
	}
	for _, one := range s.Containers {
		all = append(all, c.containerThings(one)...)
	}
	return all
}

func (c *call) imageThing(name string, i backend.ImageDetails) thing {
	from := ""
	for _, digest := range i.Digests { // an engine knows an image by all names that it ever had
		if repository, _, _ := strings.Cut(digest, "@"); from == "" || repository == name {
			from = digest
		}
	}
	switch {
	case from == "" && i.Revision != "":
		from = "built from " + i.Revision[:min(12, len(i.Revision))]
	case from == "":
		from = "only in this engine"
	}
	age := ""
	if i.Created.Unix() > 0 { // an image that is to be the same each time it is built says 1970
		age = c.age(i.Created)
	}
	return thing{2, orElse(name, "-"), "image", cutDigests(i.ID), age, from}
}

func (c *call) containerThings(one deploy.InspectedContainer) (all []thing) {
	detail := one.ID[:min(12, len(one.ID))]
	if len(one.Networks) > 0 {
		detail += ", on " + strings.Join(one.Networks, ", ")
	}
	if one.Restarts > 0 {
		detail += fmt.Sprintf(", restarted %d times", one.Restarts)
	}
	age := ""
	if !one.Started.IsZero() {
		age = c.age(one.Started)
	}
	state := string(one.State)
	if one.State == release.StateRunning && one.Health != "" {
		state = string(one.Health)
	}
	all = append(all, thing{2, one.Name, "container", state, age, detail})
	for _, port := range sorted(one.Ports) {
		all = append(all, thing{3, port, "port", one.Ports[port], "", ""})
	}
	for _, path := range sorted(one.Mounts) {
		all = append(all, thing{3, path, "mount", one.Mounts[path], "", ""})
	}
	return all
}
