package main

import (
	"errors"
	"testing"
	"time"
)

func ms(values ...float64) (times []time.Duration) {
	for _, v := range values {
		times = append(times, time.Duration(v*float64(time.Millisecond)))
	}
	return times
}

func TestSampleIsMedianWithLeastAndMost(t *testing.T) {
	for _, c := range []struct {
		times  []time.Duration
		median time.Duration
		text   string
	}{
		{nil, 0, "–"},
		{ms(3), 3 * time.Millisecond, "3.0 ms (3.0–3.0)"},
		{ms(9, 1, 2), 2 * time.Millisecond, "2.0 ms (1.0–9.0)"},
		{ms(4, 1, 3, 2), 2500 * time.Microsecond, "2.5 ms (1.0–4.0)"},
		{ms(9.94, 9.96, 1234.4), 9960 * time.Microsecond, "10 ms (9.9–1234)"},
	} {
		s := Sample{Times: c.times}
		if s.Median() != c.median || s.String() != c.text {
			t.Errorf("%v: got %v and %q, wanted %v and %q", c.times, s.Median(), s, c.median, c.text)
		}
	}
}

func TestMedianLeavesTheOrderOfTimes(t *testing.T) {
	s := Sample{Times: ms(3, 1, 2)}
	if s.Median(); s.Times[0] != 3*time.Millisecond {
		t.Errorf("got %v", s.Times)
	}
}

func TestRatio(t *testing.T) {
	for _, c := range []struct {
		a, b time.Duration
		want string
	}{
		{1, 3, "0.33×"}, {994, 1000, "0.99×"}, {999, 1000, "1.0×"}, {19, 10, "1.9×"}, {996, 100, "10×"}, {1, 0, "–"}, {0, 1, "–"},
	} {
		if got := ratio(c.a, c.b); got != c.want {
			t.Errorf("%d/%d: got %s, wanted %s", c.a, c.b, got, c.want)
		}
	}
}

func TestVerdictSaysWhetherTheBudgetIsMet(t *testing.T) {
	const m = time.Millisecond
	for _, c := range []struct {
		budget      Budget
		davit, peer time.Duration
		want        string
	}{
		{noBudget, 9 * m, m, "–"},
		{within(10 * m), 10 * m, m, "ok"},
		{within(10 * m), 11 * m, 99 * m, "over"},
		{times(2), 4 * m, 2 * m, "ok"},
		{times(2), 5 * m, 2 * m, "over"},
		{below(), 2 * m, 3 * m, "ok"},
		{below(), 3 * m, 3 * m, "over"},
		{above(10*m, 10), 300 * m, 200 * m, "ok, 10 ms a step"},
		{above(10*m, 1), 300 * m, 200 * m, "over, 100 ms a step"},
		{above(10*m, 1), 198 * m, 200 * m, "ok, -2.0 ms a step"},
	} {
		if got := c.budget.Verdict(c.davit, c.peer); got != c.want {
			t.Errorf("%q with %v and %v: got %q, wanted %q", c.budget.Text, c.davit, c.peer, got, c.want)
		}
	}
}

func TestRowSaysWhyItWasNotMeasured(t *testing.T) {
	davit := &Case{Sample: Sample{Times: ms(5)}}
	peer := &Case{Name: "turbo", Sample: Sample{Err: errors.New("exit status 1:\n a | b")}}
	want := "| what | davit | peer | ratio | budget | verdict |\n| --- | --- | --- | --- | --- | --- |\n" +
		"| idle | 5.0 ms (5.0–5.0) | turbo – | – | < 1× | not measured: exit status 1: a \\| b |\n"
	if got := table([]Row{compare("idle", davit, peer, below())}); got != want {
		t.Errorf("got\n%swanted\n%s", got, want)
	}
}

func TestSizeIsHeldToItsBudget(t *testing.T) {
	if r := sizeRow(maxSize, 2_000_000); r.Verdict != "ok" || r.Ratio != "10.0×" || r.Davit != "20.0 MB" {
		t.Errorf("got %+v", r)
	}
	if r := sizeRow(maxSize+1, 1); r.Verdict != "over" {
		t.Errorf("got %+v", r)
	}
}
