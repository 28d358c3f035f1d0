package main

import (
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

func TestMedianKeepsTheOrderOfTimes(t *testing.T) {
	s := Sample{Times: ms(3, 1, 2)}
	if s.Median(); s.Times[0] != 3*time.Millisecond {
		t.Errorf("got %v", s.Times)
	}
}
