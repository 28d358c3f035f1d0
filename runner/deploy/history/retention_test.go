package history

import (
	"strings"
	"testing"

	"github.com/davit-dev/davit/runner/deploy/release"
)

func TestRetention(t *testing.T) {
	t.Parallel()
	results := map[rune]release.Result{'h': release.Healthy, 'f': release.Failed, 'p': release.Pending}
	for _, test := range []struct {
		all  string // the newest first
		keep int
		want string
	}{
		{"", 3, ""}, {"hhhhh", 3, "hhh"}, {"hffffh", 3, "hffh"}, {"ffffhhh", 2, "ffhh"}, {"pfffhffh", 2, "pfhh"},
		{"ffff", 2, "ff"}, {"fffh", 1, "fh"}, {"fhhh", 1, "fhh"}, {"hh", 1, "hh"},
		{"hhh", 1, "hh"}, {"hfh", 1, "hh"}, {"h", 1, "h"},
	} {
		retain, got := retention(test.keep), ""
		for _, r := range test.all {
			if retain(results[r]) {
				got += string(r)
			}
		}
		if got != test.want || !strings.HasPrefix(test.all, got[:min(len(got), test.keep)]) {
			t.Errorf("of %q keep %d keeps %q, want %q", test.all, test.keep, got, test.want)
		}
	}
}
