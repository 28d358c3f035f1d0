// Package tide knows how high the water of the harbour is.
package tide

import (
	"fmt"
	"math"
)

// Metres of water at low tide, and how much the tide adds.
const (
	low   = 2.0
	swing = 4.0
)

// At returns the height of the water in metres at an hour of the day, 0 to 23. High water is at noon and at midnight.
func At(hour int) (float64, error) {
	if hour < 0 || hour > 23 {
		return 0, fmt.Errorf("hour is %d, wanted 0 to 23", hour)
	}
	phase := 2 * math.Pi * float64(hour) / 12
	return low + swing*(1+math.Cos(phase))/2, nil
}
