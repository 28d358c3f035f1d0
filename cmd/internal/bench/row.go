package main

import (
	"fmt"
	"strings"
)

// Row is one line of the table.
type Row struct{ What, Davit, Peer, Ratio, Budget, Verdict string }

// compare is the row of davit against a peer. What could not be measured says why in place of a verdict.
func compare(what string, davit, peer *Case, budget Budget) Row {
	row := Row{
		What: what, Davit: davit.String(), Peer: peer.Name + " " + peer.String(),
		Ratio: ratio(davit.Median(), peer.Median()), Budget: budget.Text,
	}
	switch {
	case davit.Err != nil:
		row.Verdict = "not measured: " + davit.Err.Error()
	case peer.Err != nil:
		row.Verdict = "not measured: " + peer.Err.Error()
	default:
		row.Verdict = budget.Verdict(davit.Median(), peer.Median())
	}
	return row
}

// table is Markdown.
func table(rows []Row) string {
	var s strings.Builder
	s.WriteString("| what | davit | peer | ratio | budget | verdict |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, r := range rows {
		fmt.Fprintf(&s, "| %s |\n", strings.Join(r.cells(), " | "))
	}
	return s.String()
}

func (r Row) cells() []string {
	cells := []string{r.What, r.Davit, r.Peer, r.Ratio, r.Budget, r.Verdict}
	for i, c := range cells {
		cells[i] = strings.ReplaceAll(strings.Join(strings.Fields(c), " "), "|", `\|`)
	}
	return cells
}
