package runner_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/runner"
)

// lines returns what a mask passes on of some lines, at once and at the end.
func lines(values []string, all ...string) (now, rest []string) {
	m := &runner.Mask{}
	for _, value := range values {
		m.Hide(value)
	}
	l := m.Lines()
	var got []string
	for _, line := range all {
		l.Pass(line, func(text string) { got = append(got, text) })
	}
	now, got = got, nil
	l.Rest()
	return now, got
}

// TestBrokenBase64 breaks the line of a value in base64 at each place, with text before and behind it: of both pieces
// at most two bytes are left.
func TestBrokenBase64(t *testing.T) {
	const value = "Zz9-secret-Word"
	for _, before := range []string{"", "x", "user:", "https://joe:"} {
		text := base64.StdEncoding.EncodeToString([]byte(before + value + "@h/x"))
		for at := 1; at < len(text); at++ {
			now, rest := lines([]string{value}, "begin", "  "+text[:at], text[at:], "end")
			shown := strings.Join(append(now, rest...), "\n")
			for shift := range len(value) - 5 {
				for begin := range 3 {
					coded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", begin) + value[shift:shift+6]))
					if piece := coded[(begin*8+5)/6:]; strings.Contains(shown, piece[:7]) {
						t.Fatalf("%q, broken at %d: %q has %q", before, at, shown, piece[:7])
					}
				}
			}
			if !strings.HasPrefix(shown, "begin\n  ") || !strings.HasSuffix(shown, "\nend") {
				t.Errorf("%q", shown)
			}
		}
	}
}

// TestLinesAreShown at once, in their order, unless one may end with the beginning of a value.
func TestLinesAreShown(t *testing.T) {
	const value = "Zz9-secret-Word"
	coded := base64.StdEncoding.EncodeToString([]byte(value))
	all := []string{"", "a", "it is " + value, "Zz", coded[:2], coded[:3], "password"}
	now, rest := lines([]string{value}, all...)
	all[2] = "it is ***"
	if !slices.Equal(now, all) || len(rest) > 0 {
		t.Errorf("%q, then %q", now, rest)
	}
	if now, rest = lines([]string{value}, coded[:6]); len(now) > 0 || !slices.Equal(rest, []string{coded[:6]}) {
		t.Errorf("%q, then %q", now, rest)
	}
	if now, rest = lines(nil, "a", coded[:6]); len(now) != 2 || len(rest) > 0 {
		t.Errorf("%q, then %q", now, rest)
	}
}
