package main

import (
	"fmt"
	"time"
)

// A Line is a comparison to be measured. It becomes a row of the table.
type Line struct {
	What        string
	Davit, Peer *Case
	// PeerIsDavit is set where two davits are compared.
	PeerIsDavit bool
	// Bare, if any, is a command that davit runs as a step. Its time is subtracted from that of each davit,
	// and the rest is divided by the number of steps.
	Bare   *Case
	Steps  int
	Budget Budget
}

func (l Line) cases() []*Case {
	cases := []*Case{l.Davit, l.Peer}
	if l.Bare != nil {
		cases = append(cases, l.Bare)
	}
	return cases
}

// Row compares medians. For two davits it also shows the ratio of the least, which other work on the machine
// changes less. Where something could not be measured, the reason replaces the verdict.
func (l Line) Row() Row {
	row := Row{
		What: l.What, Davit: l.cell(l.Davit, true), Peer: l.Peer.Name + " " + l.cell(l.Peer, l.PeerIsDavit),
		Budget: l.Budget.String(), Aim: l.Budget.aim(),
	}
	for _, c := range l.cases() {
		if c.Err != nil {
			row.Verdict = "not measured: " + c.Err.Error()
			return row
		}
	}
	ratio, ok := l.ratio(Sample.Median)
	if !ok {
		row.Verdict = "not measured: no difference to the bare command"
		return row
	}
	row.Ratio, row.Verdict = l.Budget.format(ratio), l.Budget.Verdict(ratio)
	if least, ok := l.ratio(Sample.Least); ok && l.PeerIsDavit {
		row.Ratio += ", least " + l.Budget.format(least)
	}
	return row
}

// ratio compares one figure of the samples, such as the median. It fails if the peer's is not above zero.
func (l Line) ratio(figure func(Sample) time.Duration) (ratio float64, ok bool) {
	davit, peer := l.time(l.Davit, true, figure), l.time(l.Peer, l.PeerIsDavit, figure)
	if peer <= 0 {
		return 0, false
	}
	return float64(davit) / float64(peer), true
}

// time returns a figure of a case. For a davit with a bare command, it is what each step takes beyond that.
func (l Line) time(c *Case, isDavit bool, figure func(Sample) time.Duration) time.Duration {
	if !isDavit || l.Bare == nil {
		return figure(c.Sample)
	}
	return (figure(c.Sample) - figure(l.Bare.Sample)) / time.Duration(l.Steps)
}

func (l Line) cell(c *Case, isDavit bool) string {
	if !isDavit || l.Bare == nil || len(c.Sample.Times) == 0 || len(l.Bare.Sample.Times) == 0 {
		return c.Sample.String()
	}
	each := l.time(c, isDavit, Sample.Median)
	return fmt.Sprintf("%s ms a step: %s, bare %s", millis(each), c.Sample, l.Bare.Sample)
}
