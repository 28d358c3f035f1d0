package ui

import "testing"

func TestTestsInWords(t *testing.T) {
	for _, c := range []struct {
		tests *Tests
		want  string
	}{
		{nil, ""}, {&Tests{}, ""}, {&Tests{Passed: 448, Skipped: 2}, "448 tests passed, 2 tests skipped"},
		{&Tests{1, 1, 1}, "1 test passed, 1 test failed, 1 test skipped"}, {&Tests{Failed: 2}, "2 tests failed"},
	} {
		if got := c.tests.text(); got != c.want {
			t.Errorf("%+v: got %q, wanted %q", c.tests, got, c.want)
		}
	}
}

func TestStepsAndRunsShowTheirTests(t *testing.T) {
	n := &Tests{Passed: 2, Failed: 1}
	style := Style{}
	for _, c := range []struct{ got, want string }{
		{endLine(Event{Step: "a", Status: StatusOK, Seconds: 1, Tests: n}, style), "a ok in 1.0s, 2 tests passed, 1 test failed"},
		{endLine(Event{Step: "a", Status: StatusCached, Tests: n}, style), "a cached, 2 tests passed, 1 test failed"},
		{endLine(Event{Step: "a", Status: StatusFailed, Exit: 1, Seconds: 1, Tests: n}, style), "a failed in 1.0s: exit status 1; 2 tests passed, 1 test failed"},
		{mark(Event{Step: "a", Status: StatusOK, Seconds: 1, Tests: n}, style), "✓ a 1.0s, 2 tests passed, 1 test failed\n"},
		{mark(Event{Step: "a", Status: StatusCached, Tests: n}, style), "✓ a cached, 2 tests passed, 1 test failed\n"},
		{mark(Event{Step: "a", Status: StatusFailed, Exit: 1, Seconds: 1, Tests: n}, style), "✗ a failed in 1.0s: exit status 1; 2 tests passed, 1 test failed\n"},
		{newTally().verdict(Event{Status: StatusFailed, Seconds: 3, Tests: n}, style), "failed in 3.0s; 2 tests passed, 1 test failed"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, wanted %q", c.got, c.want)
		}
	}
}
