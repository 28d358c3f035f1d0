package docker

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// TestPrerequisites: what is new waits for what it needs alone; what is replaced waits for jobs too, unless these need it.
func TestPrerequisites(t *testing.T) {
	services := map[string]release.Service{
		"db": {}, "cache": {}, "migrate": {Job: true, Needs: []string{"db"}}, "api": {Needs: []string{"db", "migrate", "absent"}},
		"web": {Needs: []string{"cache"}},
	}
	for name, test := range map[string]struct {
		kinds map[string]release.ChangeKind
		want  map[string][]string
	}{
		"a first deploy": {
			map[string]release.ChangeKind{"db": release.Create, "cache": release.Create, "migrate": release.Create,
				"api": release.Create, "web": release.Create},
			map[string][]string{"db": nil, "cache": nil, "migrate": {"db"}, "api": {"db", "migrate"}, "web": {"cache"}},
		},
		"replacements": {
			map[string]release.ChangeKind{"db": release.Replace, "migrate": release.Replace, "web": release.Replace,
				"cache": release.Update},
			map[string][]string{"db": nil, "cache": {"db", "migrate"}, "migrate": {"db"}, "api": {"db", "migrate"},
				"web": {"cache", "db", "migrate"}},
		},
	} {
		got := (&apply{kinds: test.kinds}).prerequisites(services)
		if d := cmp.Diff(fmt.Sprint(test.want), fmt.Sprint(got)); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
	}
}
