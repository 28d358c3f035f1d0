package deploytest

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/davit-dev/davit/runner/deploy/release"
)

func testRecords(s *subject) {
	s.compose(pair)
	ctx, r := s.Context(), s.release()
	for n, result := range []release.Result{release.Healthy, release.Failed, release.Failed,
		release.Pending} {
		r.Number, r.Result = n+1, release.Pending
		s.must(s.b.Record(ctx, r))
		r.Result = result
		s.must(s.b.Record(ctx, r))
	}
	s.expectReleases("4 pending, 3 failed, 2 failed, 1 healthy")
	all, err := s.b.Releases(ctx)
	s.must(err)
	if last := all[3]; last.Format != release.Format || last.Model.Sum() != r.Model.Sum() ||
		string(last.Compose) != string(r.Compose) || !reflect.DeepEqual(last.Images["web"], r.Images["web"]) {
		s.Errorf("release %+v", last)
	}
	if c := all[0].Chain; len(c) != 3 || c[0].Number != 3 || c[0].Result != release.Failed ||
		c[0].Digest != all[1].Digest || c[2].Digest != all[3].Digest || all[3].Chain != nil {
		s.Errorf("chain %+v", c)
	}
	s.must(s.b.VerifyHistory(ctx, true, false))
	s.must(s.b.PruneReleases(ctx, 2))
	s.must(s.Backend("dev").VerifyHistory(ctx, true, false))
	s.expectReleases("4 pending, 3 failed, 1 healthy")
	if all, err := s.Backend("staging").Releases(ctx); err != nil || len(all) > 0 {
		s.Errorf("another environment has releases %v, %v", all, err)
	}
}

func (s *subject) expectReleases(want string) {
	s.Helper()
	all, err := s.b.Releases(s.Context())
	s.must(err)
	var text []string
	for _, r := range all {
		text = append(text, fmt.Sprint(r.Number, " ", r.Result))
	}
	if got := strings.Join(text, ", "); got != want {
		s.Errorf("releases %s, wanted %s", got, want)
	}
}

func testRepairs(s *subject) {
	ctx := s.Context()
	for n := range 4 {
		r := release.Repair{Format: release.Format, Release: n + 1, By: "ann", Result: release.Healthy,
			Findings: []release.Finding{{Service: "web", Action: release.ScaleUp, Unhealthy: `it "is"`}}}
		s.must(s.b.RecordRepair(ctx, r, 3))
	}
	all, err := s.b.ListRepairs(ctx)
	s.must(err)
	if len(all) != 3 || all[0].Release != 4 || all[2].Release != 2 ||
		all[0].Findings[0].Unhealthy != `it "is"` {
		s.Errorf("repairs %+v", all)
	}
	if all, err := s.b.Releases(ctx); err != nil || len(all) > 0 {
		s.Errorf("a repair is listed as a release: %v, %v", all, err)
	}
}
