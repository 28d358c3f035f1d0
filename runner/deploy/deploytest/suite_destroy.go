package deploytest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

func testDestroy(s *subject) {
	s.compose(strings.Replace(fmt.Sprintf(volumed, "v1"), `"keep:/keep"`, `"keep:/keep", /unnamed`, 1))
	s.deploy()
	s.must(s.b.Record(s.Context(), s.applied))
	var events []ui.Event
	s.must(s.b.Destroy(s.Context(), deploy.DestroyOptions{Emit: collect(&events, nil)}))
	live := s.live()
	if len(live.Containers)+len(live.Model.Networks) > 0 || len(live.Model.Volumes) != 1 || len(events) == 0 {
		s.Errorf("after a destroy there is %+v, and %+v was said", live, events)
	}
	if all, err := s.b.Releases(s.Context()); err != nil || len(all) != 1 {
		s.Errorf("releases %v, %v", all, err)
	}
	if len(live.Unnamed) != 1 {
		s.Errorf("the volume without a name is among %q", live.Unnamed)
	}
	if !s.isNamesake() {
		s.Error("another project does not see the volume that stays")
	}
	s.deploy()
	if again := s.live().Unnamed; !slices.Equal(again, live.Unnamed) {
		s.Errorf("after another deploy the volumes without names are %q", again)
	}
	network, guest := s.env.Instance()+"_default", s.env.Project+"-guest"
	s.Harness.Run(Foreign{Name: guest, Networks: []string{network}})
	err := s.b.Destroy(s.Context(), deploy.DestroyOptions{Volumes: true})
	s.expectError(err, "network", network, guest, "which davit did not make")
	if live := s.live(); len(live.Model.Networks) != 1 || len(live.Containers)+len(live.Model.Volumes) > 0 {
		s.Errorf("a container of somebody else is on the network, and there is %+v", live)
	}
	s.Remove(guest)
	s.must(s.b.Destroy(s.Context(), deploy.DestroyOptions{Volumes: true}))
	if live := s.live(); len(live.Model.Volumes)+len(live.Model.Networks)+len(live.Unnamed) > 0 {
		s.Errorf("there is %+v, and %q", live.Model, live.Unnamed)
	}
	s.must(s.b.RemoveReleases(s.Context()))
	if all, err := s.b.Releases(s.Context()); err != nil || len(all) > 0 {
		s.Errorf("releases %v, %v", all, err)
	}
	recorded := s.b.(interface {
		Ownership(context.Context) (*release.Ownership, error)
	})
	if o, err := recorded.Ownership(s.Context()); err != nil || o != nil {
		s.Errorf("ownership of nothing: %+v, %v", o, err)
	}
	if s.isNamesake() {
		s.Error("another project sees what is not there any more")
	}
}

// isNamesake reports whether another project sees that this one has the environment.
func (s *subject) isNamesake() bool {
	s.Helper()
	other := s.env
	other.Project += "-renamed"
	all, err := s.Open(other).Namesakes(s.Context())
	s.must(err)
	return slices.ContainsFunc(all, func(r release.Release) bool { return r.Project == s.env.Project })
}
