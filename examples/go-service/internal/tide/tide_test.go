package tide

import (
	"math"
	"testing"
)

func TestAtFollowsTheMoon(t *testing.T) {
	for hour, want := range map[int]float64{0: 6, 3: 4, 6: 2, 9: 4, 12: 6, 18: 2} {
		got, err := At(hour)
		if err != nil || math.Abs(got-want) > 1e-9 {
			t.Errorf("at %d: got %v, %v; wanted %v", hour, got, err, want)
		}
	}
}

func TestAtRefusesHoursThatNoClockShows(t *testing.T) {
	for _, hour := range []int{-1, 24} {
		if _, err := At(hour); err == nil {
			t.Errorf("%d was accepted", hour)
		}
	}
}
