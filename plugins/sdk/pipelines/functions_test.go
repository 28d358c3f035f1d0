package pipelines

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestEvaluated(t *testing.T) {
	variables := map[string]string{"S": "b a"}
	for line, want := range map[string]string{
		"ci: $(addprefix t-,b a) x": "ci: t-b t-a x",
		"$(sort $(strip b  a))":     "a b",
		"$(sort a b":                "$(sort a b", // not closed
		"x $(sort $(strip b a)":     "x $(sort b a",
		"$(":                        "$(",
		"$()":                       "$()",
		"$(shell ls)":               "$(shell ls)",
	} {
		if got := evaluated(line, variables); got != want {
			t.Errorf("%s: got %q, wanted %q", line, got, want)
		}
	}
}

// No line of a Makefile, whatever is not closed in it, stops the reader.
func TestEvaluatedEnds(t *testing.T) {
	pieces := []string{"$(", ")", "(", "sort ", "addprefix ", "foreach ", ",", "a", " ", "$(S)", "$$", "strip "}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		var line strings.Builder
		for range random.IntN(12) {
			line.WriteString(pieces[random.IntN(len(pieces))])
		}
		evaluated(line.String(), map[string]string{"S": "b a"})
	}
}
