package suggest

import (
	"slices"
	"testing"
)

func TestNearest(t *testing.T) {
	targets := []string{"build", "format", "package", "style", "test", "test-unit"}
	for word, want := range map[string][]string{
		"tset":      {"test"},
		"tests":     {"test"},
		"stlye":     {"style"},
		"testunit":  {"test-unit"},
		"kubernete": nil,
		"x":         nil,
		"ci":        nil,
		"TEST":      {"test"},
		"pakcage":   {"package"},
		"estt":      nil, // no neighbours have changed places
	} {
		if got := Nearest(word, targets); !slices.Equal(got, want) {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}
