package main

import (
	"context"
	"fmt"
	"os"
)

// maxSize is the budget of the binary, in bytes.
const maxSize = 20_000_000

// version is the start of a process that has the least to do.
func version(ctx context.Context, b *bench) ([]Row, error) {
	davit, empty := b.davitCase(b.temp, "--version"), b.emptyCase(b.temp)
	err := interleave(ctx, []*Case{davit, empty}, 2, b.runs)
	return []Row{compare("`davit --version`", davit, empty, times(2))}, err
}

// size is the one row that is no time.
func size(_ context.Context, b *bench) ([]Row, error) {
	davit, err := os.Stat(b.davit)
	if err != nil {
		return nil, err
	}
	empty, err := os.Stat(b.empty)
	if err != nil {
		return nil, err
	}
	return []Row{sizeRow(davit.Size(), empty.Size())}, nil
}

func sizeRow(davit, empty int64) Row {
	verdict := "ok"
	if davit > maxSize {
		verdict = "over"
	}
	return Row{
		What: "size of the binary", Davit: megabytes(davit), Peer: "empty Go program " + megabytes(empty),
		Ratio: fmt.Sprintf("%.1f×", float64(davit)/float64(empty)), Budget: "≤ " + megabytes(maxSize), Verdict: verdict,
	}
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
