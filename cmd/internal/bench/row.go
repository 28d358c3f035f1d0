package main

import (
	"cmp"
	"fmt"
	"strings"
)

// A Row is one line of the table. An empty cell is shown as "–".
type Row struct{ What, Davit, Peer, Ratio, Budget, Aim, Verdict string }

// table returns rows as Markdown.
func table(rows []Row) string {
	var s strings.Builder
	s.WriteString("| what | davit | against | ratio | budget | aim | verdict |\n" +
		"| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, r := range rows {
		fmt.Fprintf(&s, "| %s |\n", strings.Join(r.cells(), " | "))
	}
	return s.String()
}

func (r Row) cells() []string {
	cells := []string{r.What, r.Davit, r.Peer, r.Ratio, r.Budget, r.Aim, r.Verdict}
	for i, c := range cells {
		cells[i] = cmp.Or(strings.ReplaceAll(strings.Join(strings.Fields(c), " "), "|", `\|`), "–")
	}
	return cells
}
