package main

import (
	"context"
	"strings"
)

// group is some rows that are measured together.
type group struct {
	name    string
	measure func(context.Context, *bench) ([]Row, error)
}

// groups are in the order of the table.
var groups = []group{
	{"version", version},
	{"idle", idle},
	{"first-plan", firstPlan},
	{"replan", replan},
	{"step", step},
	{"container", container},
	{"environment", environment},
	{"size", size},
}

func groupNames() string {
	var names []string
	for _, g := range groups {
		names = append(names, g.name)
	}
	return strings.Join(names, ", ")
}

// davitCase is a call of davit.
func (b *bench) davitCase(dir string, args ...string) *Case {
	return &Case{Name: "davit " + strings.Join(args, " "), Argv: append([]string{b.davit}, args...), Dir: dir, Env: b.env}
}

// emptyCase is the least that any program can take.
func (b *bench) emptyCase(dir string) *Case {
	return &Case{Name: "empty Go program", Argv: []string{b.empty}, Dir: dir, Env: b.env}
}
