package main

import (
	"fmt"
	"slices"
	"time"
)

// A Sample holds the times of one command. Err is the reason why it was not measured, or not to the end.
type Sample struct {
	Times []time.Duration
	Err   error
}

// Median returns the middle of the times, or the mean of the two in the middle; 0 without any.
func (s Sample) Median() time.Duration {
	sorted := slices.Sorted(slices.Values(s.Times))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// Least returns the shortest time, 0 without any.
func (s Sample) Least() time.Duration {
	if len(s.Times) == 0 {
		return 0
	}
	return slices.Min(s.Times)
}

// String returns the median with the least and the most, in milliseconds: "8.1 ms (7.5–12)".
func (s Sample) String() string {
	if len(s.Times) == 0 {
		return "–"
	}
	return fmt.Sprintf("%s ms (%s–%s)", millis(s.Median()), millis(s.Least()), millis(slices.Max(s.Times)))
}

// millis formats a time in milliseconds with no more digits than such a measurement has.
func millis(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	if ms < 9.95 && ms > -9.95 {
		return fmt.Sprintf("%.1f", ms)
	}
	return fmt.Sprintf("%.0f", ms)
}
