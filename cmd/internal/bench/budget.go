package main

import "fmt"

// A Budget is the largest acceptable ratio of davit to what it is compared with, and the ratio to aim for.
// Zero means none.
type Budget struct {
	Limit, Aim float64
	// Below means that the limit itself is too much.
	Below bool
	// Unit follows a ratio: "×", or " T" where davit is compared with turbo.
	Unit string
}

// times returns a budget in multiples of what davit is compared with.
func times(limit, aim float64) Budget { return Budget{Limit: limit, Aim: aim, Unit: "×"} }

// inT returns a budget in multiples of what "turbo run" takes with nothing to do.
func inT(limit, aim float64) Budget { return Budget{Limit: limit, Aim: aim, Unit: " T"} }

var (
	noBudget = Budget{Unit: "×"}
	less     = Budget{Limit: 1, Below: true, Unit: "×"}
	// noSlower is the budget against another davit.
	noSlower = times(1.1, 0)
)

// String returns the cell of the table: "≤ 2.5×".
func (b Budget) String() string {
	switch {
	case b.Limit == 0:
		return "–"
	case b.Below:
		return fmt.Sprintf("< %g%s", b.Limit, b.Unit)
	}
	return fmt.Sprintf("≤ %g%s", b.Limit, b.Unit)
}

// aim returns the cell of the table: "2×".
func (b Budget) aim() string {
	if b.Aim == 0 {
		return "–"
	}
	return fmt.Sprintf("%g%s", b.Aim, b.Unit)
}

// Verdict returns "ok" or "over", or "–" without a limit.
func (b Budget) Verdict(ratio float64) string {
	switch {
	case b.Limit == 0:
		return "–"
	case ratio > b.Limit, b.Below && ratio == b.Limit:
		return "over"
	}
	return "ok"
}

// format returns a ratio with the unit, and no more digits than such a measurement has: "0.32×", "1.12 T",
// "2.3×", "18×".
func (b Budget) format(ratio float64) string {
	switch {
	case ratio < 1.995:
		return fmt.Sprintf("%.2f%s", ratio, b.Unit)
	case ratio < 9.95:
		return fmt.Sprintf("%.1f%s", ratio, b.Unit)
	}
	return fmt.Sprintf("%.0f%s", ratio, b.Unit)
}
