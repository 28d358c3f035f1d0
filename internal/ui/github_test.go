package ui

import (
	"bytes"
	"strings"
	"testing"
)

// TestFindingsAreAnnotations: on GitHub a finding is an annotation before that of its step, and nowhere else a line.
func TestFindingsAreAnnotations(t *testing.T) {
	events := []Event{
		{Type: EventStep, Step: "go:test", Status: StatusRunning},
		{Type: EventOutput, Step: "go:test", Stream: "stdout", Text: "bad_test.go:5: want\n"},
		{Type: EventFinding, Step: "go:test", File: "a,b/bad_test.go", Line: 5, Column: 3, Text: "want 100%, got\n4", Level: "error"},
		{Type: EventFinding, Step: "go:test", File: "c.go", Text: "hm", Level: "warning"},
		{Type: EventStep, Step: "go:test", Status: StatusFailed, Reason: "exit status 1"},
	}
	for system, want := range map[string]string{
		"GITHUB_ACTIONS": "::error file=a%2Cb/bad_test.go,line=5,col=3,title=go%3Atest::want 100%25, got\\n4\n" +
			"::warning file=c.go,title=go%3Atest::hm\n::error title=go%3Atest::go:test: exit status 1\n",
		"GITLAB_CI": "", "NEITHER": "",
	} {
		var out bytes.Buffer
		s, _ := streamsTo(&out, 0, 0, map[string]string{system: "true", "NO_COLOR": "1"})
		d := NewDisplay(s, Options{})
		for _, e := range events {
			d.Event(e)
		}
		d.Close()
		_, found, _ := strings.Cut(out.String(), "go:test failed in 0.0s: exit status 1\n")
		if found != want || strings.Contains(out.String(), "100") != (want != "") {
			t.Errorf("%s: got %q, want %q in\n%s", system, found, want, out.String())
		}
	}
}
