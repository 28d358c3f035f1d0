package deploytest

import (
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

func testOthers(s *subject) {
	s.compose(fmt.Sprintf(scaled, 1))
	s.deploy()
	stranger, oneoff := s.env.Project+"-stranger", s.env.Project+"-run"
	s.Harness.Run(Foreign{Name: stranger, Networks: []string{s.env.Instance() + "_default"}})
	s.expectDrift("unmanaged." + stranger)
	s.Remove(stranger)
	s.Harness.Run(Foreign{Name: oneoff, Project: s.env.Instance(), Service: "web", Oneoff: true})
	s.expectDrift("unmanaged." + oneoff)
	s.expectPlan()
	s.deploy()
	if live := s.live(); !slices.Equal(live.Unmanaged, []string{oneoff}) || len(live.Containers["web"]) != 1 {
		s.Errorf("after a deploy there is %+v", live)
	}
}

// testOwnership has containers of others with every label that davit and Compose use, in each place where
// davit removes or counts containers.
func testOwnership(s *subject) {
	s.compose(fmt.Sprintf(scaled, 2))
	s.deploy()
	own := s.ids()
	others := []string{s.env.Project + "-labelled", s.env.Project + "-composed", s.env.Project + "-copied",
		s.name("set-aside-web-1-20260131T120000.000"), s.name("web-9"), s.env.Project + "-unknown"}
	s.Harness.Run(Foreign{Name: others[0], Project: s.env.Instance(), Service: "web", Number: 3})
	s.Harness.Run(Foreign{Name: others[1], Project: s.env.Instance(), Service: "web", Number: 4, Composed: true})
	s.Harness.Run(Foreign{Name: others[2], Like: s.name("web-1")})
	s.Harness.Run(Foreign{Name: others[3], Like: s.name("web-1")})
	s.Harness.Run(Foreign{Name: others[4], Like: s.name("web-2"),
		Networks: []string{s.env.Instance() + "_default"}})
	s.Harness.Run(Foreign{Name: others[5], Project: s.env.Instance(), Service: "gone", Number: 1, Composed: true})
	tried := 0
	untouched := func(after string) {
		s.Helper()
		live := s.live()
		for _, name := range others {
			tried++
			if !slices.Contains(live.Unmanaged, name) {
				s.Errorf("%s: %s is not named as another's: %q", after, name, live.Unmanaged)
			}
		}
		if len(live.Quarantined) > 0 && after != "heal" || len(live.Adoptable) > 0 {
			s.Errorf("%s: quarantined %v, adoptable %v", after, live.Quarantined, live.Adoptable)
		}
	}
	untouched("look")
	if ids := s.ids(); !slices.Equal(ids, own) {
		s.Errorf("containers of others count as replicas: %q, and %q", own, ids)
	}
	s.expectPlan()
	s.deploy()
	untouched("deploy of the same")
	s.compose(strings.ReplaceAll(fmt.Sprintf(scaled, 2), "1000", "1001"))
	s.deploy()
	untouched("replacement")
	s.compose(strings.ReplaceAll(fmt.Sprintf(scaled, 1), "1000", "1001"))
	s.deploy()
	untouched("scale down")
	if healer, can := s.b.(deploy.Healer); can {
		s.Kill(s.live().Containers["web"][0].Name)
		s.eventually("a finding", func() bool {
			return !release.Diagnose(s.applied.Model, s.live(), nil).Empty()
		})
		o := deploy.HealOptions{ApplyOptions: deploy.ApplyOptions{Timeout: patience}}
		s.must(healer.Heal(s.Context(), release.Diagnose(s.applied.Model, s.live(), nil), s.applied, o))
		untouched("heal")
	}
	s.conflictOfName()
	s.Remove(others[4]) // the engine keeps a network that somebody uses
	others = slices.Delete(others, 4, 5)
	s.must(s.b.Destroy(s.Context(), deploy.DestroyOptions{Volumes: true}))
	for _, name := range others {
		tried++
		s.Remove(name) // fails where it is gone
	}
	s.Logf("%d containers of others tried, %d held", tried, tried)
}

// testAdoption has what Compose made before davit: it is adopted once, by a plan that names it, and what
// another has is not.
func testAdoption(s *subject) {
	s.compose(fmt.Sprintf(scaled, 1))
	composed := s.name("web-1")
	s.Network(s.env.Instance()+"_default", s.env.Instance())
	s.Harness.Run(Foreign{Name: composed, Project: s.env.Instance(), Service: "web", Number: 1, Composed: true,
		Networks: []string{s.env.Instance() + "_default"}})
	s.Harness.Run(Foreign{Name: s.name("old-1"), Project: s.env.Instance(), Service: "old", Number: 1,
		Composed: true})
	healer, heals := s.b.(deploy.Healer)
	if heals {
		err := healer.Heal(s.Context(), release.Diagnosis{}, s.release(), deploy.HealOptions{})
		s.expectError(err, "no record")
	}
	s.must(s.b.Destroy(s.Context(), deploy.DestroyOptions{}))
	s.expectPlan("adopt container "+composed, "adopt network "+s.env.Instance()+"_default",
		"replace service web")
	if own := s.live().Owned(); len(own.Containers)+len(own.Model.Networks) > 0 {
		s.Errorf("before it is adopted, this is davit's: %+v", own)
	}
	s.deploy()
	live := s.live()
	if len(live.Containers["web"]) != 1 || len(live.Adoptable) > 0 ||
		!slices.Equal(live.Unmanaged, []string{s.name("old-1")}) {
		s.Errorf("after a deploy there is %+v", live)
	}
	s.expectPlan()
	s.Remove(s.name("old-1"))
	s.expectDuplicates()
}

// expectDuplicates checks that what Compose has made of the same file under another name is seen, and nothing else.
func (s *subject) expectDuplicates() {
	file := filepath.Join(s.env.Dir, "compose.yaml")
	for _, f := range []Foreign{{Name: s.name("x-1"), Project: "other-" + s.env.Instance(), Service: "web", Composed: true, File: file},
		{Name: s.name("x-2"), Project: "other-" + s.env.Instance(), Service: "web", Composed: true, File: file + "x"},
		{Name: s.name("x-3"), Service: "web", File: file}} {
		s.Harness.Run(f)
		defer s.Remove(f.Name)
	}
	s.Volume("other-"+s.env.Instance()+"_data", "other-"+s.env.Instance())
	want := []release.ComposeProject{{Name: "other-" + s.env.Instance(), Containers: []string{s.name("x-1")},
		Volumes: []string{"other-" + s.env.Instance() + "_data"}}}
	if got := s.live().Duplicates; !reflect.DeepEqual(got, want) {
		s.Errorf("beside it there is %+v", got)
	}
}
