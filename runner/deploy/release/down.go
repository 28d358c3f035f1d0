package release

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// An Undo is the run of a way down: what undoes the jobs of a release that a rollback leaves.
type Undo struct {
	// Release is the one that is left.
	Release int `json:"release"`
	// Name is that of the service of that release or, with Target, of the target of the project.
	Name   string `json:"name"`
	Target bool   `json:"target,omitempty"`
}

// Kind returns what it is: "service", "target".
func (u Undo) Kind() string {
	if u.Target {
		return "target"
	}
	return "service"
}

// String returns the name and the release: "migrate-down of release 7".
func (u Undo) String() string { return fmt.Sprintf("%s of release %d", u.Name, u.Release) }

// DescribeUndone returns which ways down have run, for a list of releases; empty for none.
func DescribeUndone(all []Undo) string {
	if len(all) == 0 {
		return ""
	}
	var words []string
	for _, u := range all {
		words = append(words, u.String())
	}
	return "ran " + strings.Join(words, ", ")
}

// Undo returns the run of the way down of a release.
func (r Release) Undo() Undo {
	_, service := r.Model.Services[r.Down]
	return Undo{r.Number, r.Down, !service}
}

// Ran returns the jobs of a release that have run for it and succeeded, and that did not do so for the last one.
func (m Model) Ran(applied Model, live Observed) (jobs []string) {
	for _, name := range slices.Sorted(maps.Keys(m.Services)) {
		s := m.Services[name]
		before, had := applied.Services[name]
		if s.Job && !s.Skipped && live.ran(name, s) && !(had && before.hasRun(s)) {
			jobs = append(jobs, name)
		}
	}
	return jobs
}

// ran reports whether a container of a job was made for a service and has succeeded.
func (l Observed) ran(name string, s Service) bool {
	return slices.ContainsFunc(l.Containers[name], func(c Container) bool { return c.Made == s.Fields.Sum() && c.done() })
}

// Crossed returns the releases whose ways down run before an environment goes back to a release, the newest first:
// later ones with jobs that ran, that are others there, and that nothing has undone. All are the newest first.
func Crossed(all []Release, to Release) (crossed []Release) {
	undone := map[int]bool{}
	for _, r := range all {
		for _, u := range r.Undone {
			undone[u.Release] = true
		}
		if r.Number > to.Number && r.Down != "" && r.Invalid == "" && !undone[r.Number] && r.changesJobs(to) {
			crossed = append(crossed, r)
		}
	}
	return crossed
}

// changesJobs reports whether a job that ran for a release is not the same in another one.
func (r Release) changesJobs(other Release) bool {
	return slices.ContainsFunc(r.Ran, func(name string) bool {
		return r.Model.Services[name].Fields.Sum() != other.Model.Services[name].Fields.Sum()
	})
}

// WasUndone reports whether a later release has undone the jobs of one.
func WasUndone(all []Release, number int) bool {
	return slices.ContainsFunc(all, func(r Release) bool {
		return slices.ContainsFunc(r.Undone, func(u Undo) bool { return u.Release == number })
	})
}
