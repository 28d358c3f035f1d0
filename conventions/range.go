package conventions

import (
	"fmt"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// comparisons are how a version compares with another one: -1, 0 or 1. The longer ones come first.
var comparisons = []struct {
	sign string
	is   func(int) bool
}{
	{">=", func(n int) bool { return n >= 0 }},
	{"<=", func(n int) bool { return n <= 0 }},
	{">", func(n int) bool { return n > 0 }},
	{"<", func(n int) bool { return n < 0 }},
	{"=", func(n int) bool { return n == 0 }},
	{"", func(n int) bool { return n == 0 }},
}

// inRange reports whether a version is in a range: all comparisons hold (">=1 <3", ">=1, <3"). A version alone is that one,
// and the empty range has all.
func inRange(version, versions string) (bool, error) {
	in := true
	for _, word := range strings.FieldsFunc(versions, func(r rune) bool { return r == ' ' || r == ',' }) {
		for _, c := range comparisons {
			bound, has := strings.CutPrefix(word, c.sign)
			if !has {
				continue
			}
			if bound == "" || strings.Trim(bound, "0123456789.") != "" {
				return false, fmt.Errorf("%q is no range of versions such as \">=1 <3\"", versions)
			}
			in = in && c.is(sdk.CompareVersions(version, bound))
			break
		}
	}
	return in, nil
}
