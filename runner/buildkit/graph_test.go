package buildkit

import (
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/runner"
)

// Each case says which needed steps a step gets from the disk and which from the engine: "a" needs "b", and
// so on.
func TestNeededSteps(t *testing.T) {
	for _, test := range []struct {
		name, host           string // the steps that run on the host
		needs                map[string][]string
		onHost, inContainers string
	}{
		{"containers alone", "", map[string][]string{"a": {"b"}, "b": {"c"}}, "", "b c"},
		{"the host alone", "b c", map[string][]string{"a": {"b"}, "b": {"c"}}, "b c", ""},
		{"a container behind the host", "b", map[string][]string{"a": {"b"}, "b": {"c"}}, "b c", ""},
		{"the host behind a container", "c", map[string][]string{"a": {"b"}, "b": {"c"}}, "c", "b"},
		{"a container both ways", "b", map[string][]string{"a": {"b", "c"}, "b": {"c"}}, "b", "c"},
		{"both ways, the other first", "b", map[string][]string{"a": {"d", "b"}, "b": {"c"}, "d": {"c"}}, "b",
			"c d"},
	} {
		r := &Runner{}
		for _, id := range []string{"a", "b", "c", "d"} {
			s := sh(id, "true", needs(test.needs[id]...))
			if slices.Contains(strings.Fields(test.host), id) {
				s.Where = runner.OnHost
			}
			r.steps = append(r.steps, s)
		}
		onHost, inContainers := r.neededSteps(r.steps[0])
		if ids(onHost) != test.onHost || ids(inContainers) != test.inContainers {
			t.Errorf("%s: from the disk %q, from the engine %q; wanted %q and %q", test.name, ids(onHost),
				ids(inContainers), test.onHost, test.inContainers)
		}
	}
}

func ids(steps []runner.Step) string {
	var all []string
	for _, s := range steps {
		all = append(all, s.ID)
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), " ")
}
