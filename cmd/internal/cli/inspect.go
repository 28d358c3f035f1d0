package cli

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/ui"
	backend "github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

type inspectCmd struct {
	environmentArgs
	Tree bool `help:"Show a tree: what belongs to what"`
}

// Help returns the details for davit inspect --help.
func (inspectCmd) Help() string {
	return `davit inspect ENV [SERVICE...] lists the release, the services with their containers, images, ports and
mounts, the networks and volumes, who holds the lock of the environment, and the quarantined containers of
davit heal.`
}

// Run prints everything in an environment. With --json it prints a deploy.Inspection.
func (cmd *inspectCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "inspect", cmd.environmentArgs, runOptions{},
		func(e *deploy.Environments) error {
			name, services, _ := cmd.parts("inspect", len(cmd.Words))
			i, err := e.Inspect(ctx, name, services)
			if err != nil {
				return err
			}
			return c.result(i, func(p printer) { p.things(p.thingsOf(i), cmd.Tree) })
		})
}

// A thing is one line: an environment, a service, a container and so on. Its owner is the nearest thing above
// that is less deep.
type thing struct {
	depth                          int
	name, kind, state, age, detail string
}

// things prints things, as a list or as a tree.
func (p printer) things(all []thing, tree bool) {
	rows, head := listRows(all), []string{"KIND", "NAME", "OWNER", "STATE", "SINCE"}
	if tree {
		rows, head = treeRows(all), []string{"NAME", "KIND", "STATE", "SINCE"}
	}
	style := p.OutStyle()
	p.tableWithHead(head, rows, func(_, _ int, text string) ui.Text {
		if strings.Contains(text, "drifted") || strings.HasPrefix(text, "unhealthy") ||
			strings.HasPrefix(text, "exited") {
			return style.Yellow(text)
		}
		return style.Plain(text)
	})
}

// listRows returns a row with kind and owner for each thing.
func listRows(all []thing) (rows [][]string) {
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

// treeRows returns a row with the branches of a tree for each thing.
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

// thingsOf returns the things in an environment, each below its owner.
func (p printer) thingsOf(i deploy.Inspection) (all []thing) {
	all = append(all, thing{0, i.Environment, "environment", healthy(i.Healthy) + ", " + inSync(i.InSync), "",
		i.Engine})
	if i.Release == nil {
		all[0].state = "nothing has been deployed"
	} else {
		r := i.Release.Release
		detail := strings.Join(append(origins(r)[1:], "by "+r.By), ", ")
		all = append(all, thing{1, fmt.Sprint(r.Number), "release", string(r.Result), p.age(r.Time), detail})
	}
	if h := i.Holder; h != nil {
		detail := fmt.Sprintf("on %s, process %d", h.Host, h.ID)
		all = append(all, thing{1, h.Owner, "lock", h.Operation, p.age(h.Since), detail})
	}
	for _, name := range slices.Sorted(maps.Keys(i.Services)) {
		all = append(all, p.serviceThings(name, i.Services[name], i.Images)...)
	}
	for _, name := range slices.Sorted(maps.Keys(i.Networks)) {
		n := i.Networks[name]
		detail := strings.Join(append([]string{n.Name, n.Driver}, n.Subnets...), ", ")
		all = append(all, thing{1, name, "network", ownership(n.External), "", detail})
	}
	for _, name := range slices.Sorted(maps.Keys(i.Volumes)) {
		v := i.Volumes[name]
		all = append(all, thing{1, name, "volume", ownership(v.External), p.age(v.Created),
			v.Name + ", " + v.Driver})
	}
	for _, a := range i.Quarantined {
		all = append(all, thing{1, a.Name, "quarantined", a.State, p.age(a.Since), "of " + a.Service})
	}
	return append(all, otherThings(i)...)
}

// otherThings returns the containers that belong to no service.
func otherThings(i deploy.Inspection) (all []thing) {
	for _, name := range i.Unmanaged {
		all = append(all, thing{1, name, "unmanaged", "", "", "is not davit's"})
	}
	return all
}

// ownership returns the state of a network or volume that Compose calls external.
func ownership(external bool) string {
	if external {
		return "external"
	}
	return ""
}

// serviceThings returns a service with its images and containers.
func (p printer) serviceThings(
	name string, s deploy.Inspected, images map[string]backend.ImageDetails,
) (all []thing) {
	all = append(all, thing{1, name, "service", healthy(s.Healthy) + ", " + inSync(s.InSync), "", s.Reason})
	shown := map[string]bool{}
	for _, one := range s.Containers {
		if !shown[one.Image] {
			shown[one.Image] = true
			all = append(all, p.imageThing(s.Image, images[one.Image]))
		}
	}
	for _, one := range s.Containers {
		all = append(all, p.containerThings(one)...)
	}
	return all
}

// imageThing returns an image with its origin.
func (p printer) imageThing(name string, i backend.ImageDetails) thing {
	from := ""
	for _, digest := range i.Digests { // an engine lists every name that the image ever had
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
	if i.Created.Unix() > 0 { // a reproducible image has the time 0
		age = p.age(i.Created)
	}
	return thing{2, cmp.Or(name, "-"), "image", cutDigests(i.ID), age, from}
}

// containerThings returns a container with its ports and mounts.
func (p printer) containerThings(one deploy.InspectedContainer) (all []thing) {
	detail := one.ID[:min(12, len(one.ID))]
	if len(one.Networks) > 0 {
		detail += ", on " + strings.Join(one.Networks, ", ")
	}
	if one.Restarts > 0 {
		detail += fmt.Sprintf(", restarted %d times", one.Restarts)
	}
	age := ""
	if !one.Started.IsZero() {
		age = p.age(one.Started)
	}
	state := string(one.State)
	if one.State == release.StateRunning && one.Health != "" {
		state = string(one.Health)
	}
	all = append(all, thing{2, one.Name, "container", state, age, detail})
	for _, port := range slices.Sorted(maps.Keys(one.Ports)) {
		all = append(all, thing{3, port, "port", one.Ports[port], "", ""})
	}
	for _, path := range slices.Sorted(maps.Keys(one.Mounts)) {
		all = append(all, thing{3, path, "mount", one.Mounts[path], "", ""})
	}
	return all
}
