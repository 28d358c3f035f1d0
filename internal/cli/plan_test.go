package cli

import (
	"reflect"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/release"
)

func TestDifference(t *testing.T) {
	digest := "sha256:" + strings.Repeat("ab", 32)
	secret, other := release.Keyed([]byte("k"), "a"), release.Keyed([]byte("k"), "b")
	for want, d := range map[string]release.Difference{
		"a → b":                          {Was: "a", Is: "b"},
		"b":                              {Is: "b"},
		"no longer a":                    {Was: "a"},
		"abababababab":                   {Is: digest},
		"x@abababababab":                 {Is: "x@" + digest},
		"1 → 2 (not as it was deployed)": {Was: "1", Is: "2", Drift: true},
		"a secret changed":               {Was: secret, Is: other},
		"a → a secret":                   {Was: "a", Is: secret},
	} {
		if got := difference(d); got != want {
			t.Errorf("%+v: got %q, want %q", d, got, want)
		}
	}
}

func TestPlanRowsSayWhatBecomesOfVolumes(t *testing.T) {
	p := release.Plan{
		Changes: []release.Change{{Kind: release.Create, What: "service", Name: "web", Fields: []release.Difference{{Path: "image", Is: "x"}}}},
		Kept:    []release.Change{{Kind: release.Delete, What: "volume", Name: "data"}},
	}
	common := [][]string{{"  create", "service web", ""}, {"", "  image", "x"}}
	for volumes, last := range map[bool][]string{
		false: {"  keep", "volume data", "--volumes deletes it"}, true: {"  delete", "volume data", "its data is lost"},
	} {
		if got := planRows(p, volumes); !reflect.DeepEqual(got, append(common[:2:2], last)) {
			t.Errorf("volumes %v: got %q", volumes, got)
		}
	}
}
