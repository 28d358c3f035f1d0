package app

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// marks reports whether a call of pytest runs the tests that a command selects by a marker: it has the same one or
// none, or other calls run what it leaves out.
func (d *done) marks(s, c pipelines.Call) bool {
	has, wanted := markerIn(s), markerIn(c)
	if has == "" || has == wanted {
		return true
	}
	if wanted == "" {
		return slices.ContainsFunc(d.calls, func(o doneCall) bool { return d.leavesNothing(markerIn(o.Call)) })
	}
	return d.leavesNothing(has)
}

// leavesNothing reports whether calls run what a marker leaves out: "not slow" where another one selects "slow".
func (d *done) leavesNothing(marker string) bool {
	for part := range strings.SplitSeq(marker, " and ") {
		left, not := strings.CutPrefix(part, "not ")
		if !not || !slices.ContainsFunc(d.calls, func(o doneCall) bool { return markerIn(o.Call) == left }) {
			return false
		}
	}
	return true
}

// markerIn returns the expression by which a call of pytest selects tests: "not slow"; empty for none.
func markerIn(c pipelines.Call) string {
	at := slices.IndexFunc(c.Words, func(w string) bool { return path.Base(w) == "pytest" || path.Base(w) == "py.test" })
	if at < 0 {
		return ""
	}
	for i, w := range c.Words[at:] {
		if value, ok := strings.CutPrefix(w, "-m"); ok && value != "" && !strings.HasPrefix(w, "--") {
			return strings.TrimPrefix(value, "=")
		}
		if w == "-m" && at+i+1 < len(c.Words) {
			return c.Words[at+i+1]
		}
	}
	return ""
}
