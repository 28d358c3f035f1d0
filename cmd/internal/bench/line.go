package main

import (
	"fmt"
	"time"
)

// A Line is a comparison to be measured. It becomes a row of the table.
type Line struct {
	What        string
	Davit, Peer *Case
	// Bare, if any, is a command that davit runs as a step: its time is subtracted from davit's, and the rest
	// is divided by the number of steps. BarePeer means that the same is done for the peer, which is then a
	// davit too.
	Bare     *Case
	Steps    int
	BarePeer bool
	Budget   Budget
}

func (l Line) cases() []*Case {
	cases := []*Case{l.Davit, l.Peer}
	if l.Bare != nil {
		cases = append(cases, l.Bare)
	}
	return cases
}

// Row compares medians. Where something could not be measured, the reason replaces the verdict.
func (l Line) Row() Row {
	davit, davitCell := l.value(l.Davit, l.Bare != nil)
	peer, peerCell := l.value(l.Peer, l.BarePeer)
	row := Row{
		What: l.What, Davit: davitCell, Peer: l.Peer.Name + " " + peerCell,
		Budget: l.Budget.String(), Aim: l.Budget.aim(),
	}
	for _, c := range l.cases() {
		if c.Err != nil {
			row.Verdict = "not measured: " + c.Err.Error()
			return row
		}
	}
	if peer <= 0 {
		row.Verdict = "not measured: no difference to the bare command"
		return row
	}
	ratio := float64(davit) / float64(peer)
	row.Ratio, row.Verdict = l.Budget.format(ratio), l.Budget.Verdict(ratio)
	return row
}

// value returns what a case takes, and its cell; with overhead, what it takes for each step beyond the bare
// command.
func (l Line) value(c *Case, overhead bool) (time.Duration, string) {
	if !overhead || len(c.Sample.Times) == 0 || len(l.Bare.Sample.Times) == 0 {
		return c.Median(), c.Sample.String()
	}
	each := (c.Median() - l.Bare.Median()) / time.Duration(l.Steps)
	return each, fmt.Sprintf("%s ms a step: %s, bare %s", millis(each), c.Sample, l.Bare.Sample)
}
