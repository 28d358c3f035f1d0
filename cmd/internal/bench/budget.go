package main

import (
	"fmt"
	"time"
)

// Budget is what a row is held to.
type Budget struct {
	// Text is the cell: "≤ 10 ms".
	Text string
	// judge tells from the medians whether the budget is met, with a remark where the columns do not show it.
	judge func(davit, peer time.Duration) (met bool, remark string)
}

// Verdict is "ok" or "over", with the remark; "–" where there is no budget.
func (b Budget) Verdict(davit, peer time.Duration) string {
	if b.judge == nil {
		return "–"
	}
	met, remark := b.judge(davit, peer)
	verdict := map[bool]string{true: "ok", false: "over"}[met]
	if remark != "" {
		verdict += ", " + remark
	}
	return verdict
}

var noBudget = Budget{Text: "–"}

// within holds davit to an absolute time.
func within(limit time.Duration) Budget {
	return Budget{
		Text:  fmt.Sprintf("≤ %s ms", whole(limit)),
		judge: func(davit, _ time.Duration) (bool, string) { return davit <= limit, "" },
	}
}

// times holds davit to a multiple of its peer.
func times(factor float64) Budget {
	return Budget{
		Text:  fmt.Sprintf("≤ %g×", factor),
		judge: func(davit, peer time.Duration) (bool, string) { return float64(davit) <= factor*float64(peer), "" },
	}
}

// below holds davit to less than its peer.
func below() Budget {
	return Budget{
		Text:  "< 1×",
		judge: func(davit, peer time.Duration) (bool, string) { return davit < peer, "" },
	}
}

// above holds davit to so much more than its peer, for each of some steps.
func above(limit time.Duration, steps int) Budget {
	return Budget{
		Text: fmt.Sprintf("+ ≤ %s ms a step", whole(limit)),
		judge: func(davit, peer time.Duration) (bool, string) {
			each := (davit - peer) / time.Duration(steps)
			return each <= limit, fmt.Sprintf("%s ms a step", millis(each))
		},
	}
}

func whole(d time.Duration) string { return fmt.Sprint(d.Milliseconds()) }
