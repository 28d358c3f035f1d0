package release

import "testing"

func TestOverlap(t *testing.T) {
	t.Parallel()
	fields := func(config string) Fields { return Fields{"compose.ipam.config": config} }
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{`[{"subnet":"10.1.0.0/24"}]`, `[{"subnet":"10.1.0.0/24"}]`, true},
		{`[{"subnet":"10.1.0.0/16"}]`, `[{"subnet":"10.1.9.0/24"}]`, true},
		{`[{"subnet":"10.1.0.0/24"}]`, `[{"subnet":"10.1.1.0/24"}]`, false},
		{`[{"subnet":"10.1.0.0/24"},{"subnet":"fd00:30::/64"}]`, `[{"subnet":"fd00:30::/80"}]`, true},
		{`[{"gateway":"10.1.0.1"}]`, `[{"subnet":"10.1.0.0/24"}]`, false},
		{"", `[{"subnet":"10.1.0.0/24"}]`, false},
		{"no list", "no list", false},
	} {
		if got := Overlap(fields(c.a), fields(c.b)); got != c.want {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
	}
}
