package main

import (
	"context"
	"fmt"
	"os"
)

// version measures a process that has the least to do.
func version(_ context.Context, b *bench, d *Davit) ([]Line, error) {
	return []Line{{
		What: "`davit --version`", Davit: d.command(b.temp, "--version"),
		Peer: b.empty("version"), Budget: times(2.5, 2),
	}}, nil
}

// maxSize is the budget of the binary, in bytes.
const maxSize = 20_000_000

// size compares the size of the binary with its budget, which is the only absolute one.
func size(_ context.Context, b *bench) ([]Row, error) {
	davit, err := os.Stat(b.davit.Path)
	if err != nil {
		return nil, err
	}
	rows := []Row{sizeRow(davit.Size())}
	if b.before != nil {
		before, err := os.Stat(b.before.Path)
		if err != nil {
			return nil, err
		}
		rows = append(rows, sizeAgainst(davit.Size(), b.before.Version, before.Size()))
	}
	return rows, nil
}

func sizeRow(davit int64) Row {
	limit := Budget{Limit: maxSize}
	return Row{
		What: "size of the binary", Davit: megabytes(davit),
		Budget: "≤ " + megabytes(maxSize), Verdict: limit.Verdict(float64(davit)),
	}
}

func sizeAgainst(davit int64, version string, before int64) Row {
	ratio := float64(davit) / float64(before)
	return Row{
		What: "the same, against the other davit", Davit: megabytes(davit),
		Peer:  version + " " + megabytes(before),
		Ratio: noSlower.format(ratio), Budget: noSlower.String(), Verdict: noSlower.Verdict(ratio),
	}
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// workspace returns the row of a budget for what davit cannot do yet.
func workspace(context.Context, *bench) ([]Row, error) {
	return []Row{{
		What: "nothing to do, workspace of 1,000 projects and 100,000 files", Peer: "git status",
		Budget: "≤ 1.5× and ≤ 150 MB of memory", Verdict: "not measured: davit has no workspaces yet",
	}}, nil
}
