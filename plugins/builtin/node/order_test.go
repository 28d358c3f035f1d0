package node

import (
	"strings"
	"testing"
)

func TestMembersComeBehindTheirDependencies(t *testing.T) {
	for name, c := range map[string]struct {
		members string // name:dependency,dependency
		want    string
		depend  bool
	}{
		"none":        {"a b", "a b", false},
		"backwards":   {"a:b b:c c d", "c b a d", true},
		"in order":    {"a b:a", "a b", true},
		"two":         {"a:d,c b c d", "c d a b", true},
		"a cycle":     {"a:b b:a", "b a", true},
		"itself":      {"a:a", "a", false},
		"foreign one": {"a:react b", "a b", false},
	} {
		var members []*manifest
		for _, word := range strings.Fields(c.members) {
			name, needs, _ := strings.Cut(word, ":")
			m := &manifest{Name: name, Dir: "packages/" + name, Sections: map[string]map[string]string{
				"dependencies": {}}}
			for _, need := range strings.Split(needs, ",") {
				m.Sections["dependencies"][need] = "*"
			}
			members = append(members, m)
		}
		sorted, depend := byDependencies(members)
		var got []string
		for _, m := range sorted {
			got = append(got, m.Name)
		}
		if strings.Join(got, " ") != c.want || depend != c.depend {
			t.Errorf("%s: got %q, %t", name, got, depend)
		}
	}
}
