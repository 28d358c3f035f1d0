package cli

import (
	"reflect"
	"strings"
	"testing"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

func TestDifference(t *testing.T) {
	digest := "sha256:" + strings.Repeat("ab", 32)
	secret, other := release.Value{Set: true, Text: "a", Secret: true}, release.Value{Set: true, Text: "b",
		Secret: true}
	for want, d := range map[string]release.Difference{
		"a → b":                              {Before: release.Text("a"), After: release.Text("b")},
		"b":                                  {After: release.Text("b")},
		"no longer a":                        {Before: release.Text("a")},
		"abababababab":                       {After: release.Text(digest)},
		"x@abababababab":                     {After: release.Text("x@" + digest)},
		"1 → 2 (not as it was deployed)":     {Before: release.Text("1"), After: release.Text("2"), Drift: true},
		`["a && b > c"]`:                     {After: release.Text(`["a \u0026\u0026 b \u003e c"]`)},
		"a secret changed":                   {Before: secret, After: other},
		"a → a secret":                       {Before: release.Text("a"), After: secret},
		"becomes empty, and was a secret":    {Before: secret, After: release.Text("")},
		"is no longer set, and was a secret": {Before: secret},
	} {
		if got := difference(d); got != want {
			t.Errorf("%+v: got %q, want %q", d, got, want)
		}
	}
}

func TestPlanRowsSayWhatBecomesOfVolumes(t *testing.T) {
	p := release.Plan{
		Changes: []release.Change{{Kind: release.Create, Subject: release.SubjectService, Name: "web",
			Fields: []release.Difference{{Path: "image", After: release.Text("x")}}}},
		Retained: []release.Change{{Kind: release.Delete, Subject: release.SubjectVolume, Name: "data"}},
	}
	common := [][]string{{"  create", "service web", ""}, {"", "  image", "x, shop/web"}}
	for volumes, last := range map[bool][]string{
		false: {"  keep", "volume data", "--volumes deletes it"},
		true:  {"  delete", "volume data", "its data is lost"},
	} {
		if got := planRows(&deploy.Proposal{Plan: p, Volumes: volumes,
			Release: release.Release{Images: map[string]release.Image{"web": {Name: "shop/web"}}}}); !reflect.DeepEqual(got,
			append(common[:2:2], last)) {
			t.Errorf("volumes %v: got %q", volumes, got)
		}
	}
}

func TestCounted(t *testing.T) {
	service := func(kind release.ChangeKind, how release.Strategy) release.Change {
		return release.Change{Kind: kind, Subject: release.SubjectService, Strategy: how,
			Detail: "stop-first is no more than a word here"}
	}
	for want, changes := range map[string][]release.Change{
		"": {{Kind: release.Create, Subject: release.SubjectNetwork}},
		"services: 2 to create; 1 to delete": {service(release.Delete, ""), service(release.Create, ""),
			service(release.Create, "")},
		"services: 1 to replace; 1 to update": {service(release.Replace,
			release.StartFirst), service(release.Update, "")},
		"services: 3 to replace, of which 1 with an interruption; 1 to update": {service(release.Replace,
			release.StartFirst), service(release.Replace, release.StopFirst), service(release.Replace, ""),
			service(release.Update, "")},
	} {
		if got := summary(release.Plan{Changes: changes}); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
