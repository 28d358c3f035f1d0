package main

import (
	"context"
	"slices"
	"strings"
)

// A group is some rows that are measured in the same rounds.
type group struct {
	name    string
	measure func(context.Context, *bench) ([]Row, error)
}

// groups are in the order of the table.
var groups = []group{
	{"version", inTurns(version)},
	{"idle", inTurns(idle)},
	{"workspace", workspace},
	{"first-plan", inTurns(firstPlan)},
	{"replan", inTurns(replan)},
	{"step", inTurns(step)},
	{"container", inTurns(container)},
	{"environment", inTurns(environment)},
	{"deploy-stack", inTurns(deploys(stack))},
	{"deploy-chain", inTurns(deploys(chain))},
	{"deploy-ten", inTurns(deploys(ten))},
	{"size", size},
}

func groupNames() string {
	var names []string
	for _, g := range groups {
		names = append(names, g.name)
	}
	return strings.Join(names, ", ")
}

// A setup prepares projects for one davit, and returns the lines to measure. It returns as many for each
// davit.
type setup func(context.Context, *bench, *Davit) ([]Line, error)

// inTurns measures all commands of the lines that a setup returns, for both davits, in the same rounds.
func inTurns(prepare setup) func(context.Context, *bench) ([]Row, error) {
	return func(ctx context.Context, b *bench) (rows []Row, err error) {
		lines, err := prepare(ctx, b, b.davit)
		if err != nil {
			return nil, err
		}
		if b.before != nil {
			before, err := prepare(ctx, b, b.before)
			if err != nil {
				return nil, err
			}
			lines = compareDavits(lines, before, b.before.Version)
		}
		if err := interleave(ctx, casesOf(lines), warmup, b.runs); err != nil {
			return nil, err
		}
		for _, l := range lines {
			rows = append(rows, l.Row())
		}
		return rows, nil
	}
}

// compareDavits adds, below the first line of each command of davit, a line against the same command of the
// other davit.
func compareDavits(lines, before []Line, version string) (all []Line) {
	for i, l := range lines {
		all = append(all, l)
		if i > 0 && lines[i-1].Davit == l.Davit {
			continue
		}
		peer := before[i].Davit
		peer.Name = version + strings.TrimPrefix(peer.Name, "davit")
		all = append(all, Line{
			What: "the same, against the other davit", Davit: l.Davit, Peer: peer, PeerIsDavit: true,
			Bare: l.Bare, Steps: l.Steps, Budget: noSlower,
		})
	}
	return all
}

// casesOf returns each case of some lines once, without those that are next to another.
func casesOf(lines []Line) (cases []*Case) {
	var next []*Case
	for _, l := range lines {
		for _, c := range l.cases() {
			if !slices.Contains(cases, c) {
				cases, next = append(cases, c), append(next, c.Next)
			}
		}
	}
	return slices.DeleteFunc(cases, func(c *Case) bool { return slices.Contains(next, c) })
}
