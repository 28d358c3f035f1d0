package ui

import "testing"

func TestProgress(t *testing.T) {
	for want, e := range map[string]Event{
		"pulling x":                {Text: "pulling x"},
		"pulling x: 120 of 800 MB": {Text: "pulling x", Done: 120_400_000, Total: 800_000_000},
		"pulling x: 3 MB":          {Text: "pulling x", Done: 3_000_000},
	} {
		if got := progressText(e); got != want {
			t.Errorf("got %q, wanted %q", got, want)
		}
	}
	if got := waitLine(Event{Step: "go:build", Text: "pulling x"},
		Style{}); got != "go:build waits: pulling x\n" {
		t.Errorf("got %q", got)
	}
	if got := waitLine(Event{Step: "go:build", Text: "pulling x", Done: 1}, Style{}); got != "" {
		t.Errorf("got %q", got)
	}
}
