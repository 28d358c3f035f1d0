package release

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
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

// WasUndone reports whether a later release has undone the jobs of one, or was doing so when its davit was killed.
func WasUndone(all []Release, number int) bool {
	for i := range all {
		if slices.ContainsFunc(Undoing(all[i:]), func(u Undo) bool { return u.Release == number }) {
			return true
		}
	}
	return false
}

// Destination returns the number of the release that a rollback goes back to; 0 for what is no rollback.
func (r Release) Destination() int {
	environment, number, _ := strings.Cut(r.From, " ")
	n, err := strconv.Atoi(number)
	if err != nil || environment != r.Environment {
		return 0
	}
	return n
}

// Undoing returns the ways down that have run before the first of the releases. A rollback whose davit was killed may
// have begun the next one, too. The releases are the newest first.
func Undoing(all []Release) []Undo {
	r := all[0]
	i := slices.IndexFunc(all, func(to Release) bool { return to.Number == r.Destination() })
	if r.Result != Pending || i < 0 {
		return r.Undone
	}
	left := Crossed(all, all[i])
	if len(left) == 0 {
		return r.Undone
	}
	return append(slices.Clone(r.Undone), left[0].Undo())
}

// MarkUndone marks in the current release, the newest healthy one, the jobs that later ones have undone. The releases
// are the newest first.
func MarkUndone(all []Release) []Release {
	current := slices.IndexFunc(all, func(r Release) bool { return r.Result == Healthy && r.Invalid == "" })
	if current < 0 {
		return all
	}
	all = slices.Clone(all)
	m := all[current].Model
	m.Services = maps.Clone(m.Services)
	for i := range current {
		for _, u := range Undoing(all[i:]) {
			m.markUndone(all, u)
		}
	}
	all[current].Model = m
	return all
}

// markUndone marks the jobs of a model that are those of a release that was undone.
func (m Model) markUndone(all []Release, u Undo) {
	i := slices.IndexFunc(all, func(r Release) bool { return r.Number == u.Release })
	if i < 0 {
		return
	}
	for _, name := range all[i].Ran {
		if s := m.Services[name]; s.Job && s.Fields.Sum() == all[i].Model.Services[name].Fields.Sum() {
			s.Undone = true
			m.Services[name] = s
		}
	}
}

// whyUndone says why a service does not work whose job was undone.
const whyUndone = "was undone on the way to another release"

// undone reports whether a job was undone and has not run since: its container is removed before.
func (s Service) undone(containers []Container) bool {
	return s.Job && s.Undone && len(containers) == 0
}

// WaysDown returns the services that a davit that was killed may have left: ways down of releases, if one is pending that
// is newer than the current one. A service that has containers of its own besides is none.
func WaysDown(all []Release) (names []string) {
	pending := false
	for _, r := range all {
		if r.Result == Healthy && r.Invalid == "" {
			break
		}
		pending = pending || r.Result == Pending
	}
	for _, r := range all {
		if s, has := r.Model.Services[r.Down]; pending && has && s.Replicas == 0 && !slices.Contains(names, r.Down) {
			names = append(names, r.Down)
		}
	}
	return names
}

// Without returns the state without some services.
func (l Observed) Without(services []string) Observed {
	l.Containers, l.Model.Services = maps.Clone(l.Containers), maps.Clone(l.Model.Services)
	for _, name := range services {
		delete(l.Containers, name)
		delete(l.Model.Services, name)
	}
	return l
}
