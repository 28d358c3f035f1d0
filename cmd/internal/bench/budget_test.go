package main

import "testing"

func TestBudgetCells(t *testing.T) {
	for _, c := range []struct {
		budget     Budget
		limit, aim string
	}{
		{noBudget, "–", "–"},
		{less, "< 1×", "–"},
		{noSlower, "≤ 1.1×", "–"},
		{times(2.5, 2), "≤ 2.5×", "2×"},
		{inT(0.8, 0.35), "≤ 0.8 T", "0.35 T"},
		{inT(20, 10), "≤ 20 T", "10 T"},
	} {
		if c.budget.String() != c.limit || c.budget.aim() != c.aim {
			t.Errorf("%+v: got %q and %q, wanted %q and %q", c.budget, c.budget, c.budget.aim(), c.limit,
				c.aim)
		}
	}
}

func TestVerdict(t *testing.T) {
	for _, c := range []struct {
		budget Budget
		ratio  float64
		want   string
	}{
		{noBudget, 99, "–"},
		{less, 0.99, "ok"},
		{less, 1, "over"},
		{times(2.5, 2), 2.5, "ok"},
		{times(2.5, 2), 2.51, "over"},
		{inT(1, 0.3), -0.1, "ok"},
		{inT(1, 0.3), 1.01, "over"},
		{noSlower, 1.1, "ok"},
		{noSlower, 1.11, "over"},
	} {
		if got := c.budget.Verdict(c.ratio); got != c.want {
			t.Errorf("%s with %g: got %q, wanted %q", c.budget, c.ratio, got, c.want)
		}
	}
}

func TestRatioIsFormattedWithItsUnit(t *testing.T) {
	for _, c := range []struct {
		budget Budget
		ratio  float64
		want   string
	}{
		{less, 0.333, "0.33×"}, {less, 0.999, "1.00×"}, {less, 1.114, "1.11×"}, {less, 2.34, "2.3×"},
		{less, 9.96, "10×"},
		{inT(1, 0), 0.5, "0.50 T"}, {inT(1, 0), -0.1, "-0.10 T"},
	} {
		if got := c.budget.format(c.ratio); got != c.want {
			t.Errorf("%g: got %q, wanted %q", c.ratio, got, c.want)
		}
	}
}

func TestSizeHasABudget(t *testing.T) {
	for n, want := range map[int64]string{maxSize: "ok", maxSize + 1: "over"} {
		if r := sizeRow(n); r.Verdict != want || r.Davit != "20.0 MB" || r.Budget != "≤ 20.0 MB" {
			t.Errorf("%d: got %+v, wanted %s", n, r, want)
		}
	}
	if r := sizeAgainst(1_200_000, "davit 1", 1_000_000); r.Verdict != "over" || r.Ratio != "1.20×" ||
		r.Peer != "davit 1 1.0 MB" {
		t.Errorf("got %+v", r)
	}
}
