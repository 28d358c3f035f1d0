package dependencies

import (
	"regexp"
	"testing"
)

// A verdict is what the tests of a project say: "green", "red" with the version of mast that they have seen, or
// "refused" if they have not run to the end.
type verdict string

const (
	green   verdict = "green"
	red     verdict = "red "
	missing         = red + "none"
	refused verdict = "refused"
)

var saw = regexp.MustCompile(`saw mast (\d[.\d]*|none|in an old Python)`)

// verdictOf returns the verdict of a command from its exit code and from what it has printed.
func verdictOf(code int, said string) verdict {
	found := saw.FindStringSubmatch(said)
	switch {
	case code == 0:
		return green
	case found == nil:
		return refused
	}
	return red + verdict(found[1])
}

func TestVerdictOf(t *testing.T) {
	for _, c := range []struct {
		code int
		said string
		want verdict
	}{
		{0, "saw mast 1.11.0\n", green},
		{0, "go:test-unit cached", green},
		{1, "test | saw mast 1.12.0\nfailed", red + bad},
		{1, "saw mast none", missing},
		{1, "saw mast in an old Python", red + "in an old Python"},
		{1, `println!("saw mast {}", mast::VERSION);`, refused},
		{2, "no such version", refused},
	} {
		if got := verdictOf(c.code, c.said); got != c.want {
			t.Errorf("exit code %d with %q is %q, not %q", c.code, c.said, got, c.want)
		}
	}
}
