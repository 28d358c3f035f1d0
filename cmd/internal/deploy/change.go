package deploy

import (
	"slices"
	"time"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A Change is what somebody does with an environment right now, or was doing when their davit was killed.
type Change struct {
	// By is who holds the lock, with their machine, and Operation what they do: deploy, rollback, heal, destroy.
	By        string    `json:"by"`
	Operation string    `json:"operation"`
	Since     time.Time `json:"since"`
	// Release is the one that is being applied, and Ready says how many of its Services run as it says and are
	// healthy. All are 0 before davit applies something.
	Release  int `json:"release,omitempty"`
	Ready    int `json:"ready,omitempty"`
	Services int `json:"services,omitempty"`
	// Verify are the targets that run once all services are ready; empty for none, and before.
	Verify []string `json:"verify,omitempty"`
}

// change returns what the holder of the lock does, and how far that is; nil if nobody has the lock.
func (s *session) change(holder *deploy.Holder, live release.Observed) *Change {
	if holder == nil || holder.Exited() {
		return nil
	}
	c := &Change{By: holder.String(), Operation: holder.Operation, Since: holder.Since}
	if len(s.releases) == 0 || s.releases[0].Result != release.Pending {
		return c
	}
	next := s.releases[0]
	// what containers write on their way to health is recorded at the end
	states, _ := release.Assess(next.Model, live, append(slices.Clone(s.Ignore), "*."+inFiles+"*"))
	c.Release, c.Services = next.Number, len(next.Model.Services)
	for name := range next.Model.Services {
		if states[name].InSync && states[name].Healthy {
			c.Ready++
		}
	}
	if c.Ready == c.Services {
		c.Verify = s.Verify
	}
	return c
}

// interrupted returns what a davit did that was killed, where nobody has ended it since; nil for nothing, and while somebody
// changes the environment. A lock may be left behind by a heal; a release that was being applied has a record.
func (s *session) interrupted(holder *deploy.Holder) *Change {
	switch {
	case holder != nil && !holder.Exited():
		return nil
	case len(s.releases) > 0 && s.releases[0].Result == release.Pending:
		r := s.releases[0]
		return &Change{By: r.By, Operation: s.releaseEntry(r, r.Number).Action, Since: r.Time, Release: r.Number}
	case holder != nil:
		return &Change{By: holder.String(), Operation: holder.Operation, Since: holder.Since}
	}
	return nil
}
