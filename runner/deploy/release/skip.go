package release

import (
	"maps"
	"slices"
)

// SkipJobs returns the model of a release that an environment goes back to, and the services in it that do not run
// again: jobs, and services that have ended well. A migration of an older release refuses what a newer one has left.
// Where the state is gone that the last release has left, all of them run.
func (m Model) SkipJobs(applied Model, live Observed) (Model, []string) {
	var names []string
	m = m.Skip(nil)
	hasState := live.HasState(applied)
	for _, c := range Compare(m, m, live, nil).Changes {
		s := m.Services[c.Name]
		if c.Subject == SubjectService && (s.Job && hasState || s.Ends && live.done(c.Name)) {
			names = append(names, c.Name)
		}
	}
	for name, s := range m.Services {
		if hasState && s.Job && len(live.Containers[name]) == 0 && !applied.Services[name].mayStay(s) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return m.Skip(names), names
}

// mayStay reports whether a job of the last release is the one that is wanted: it has run, or was undone.
func (s Service) mayStay(want Service) bool {
	return s.hasRun(want) || s.Undone && s.Fields.Sum() == want.Fields.Sum()
}

// Skip returns the model with services marked that are not run, and none that was undone.
func (m Model) Skip(names []string) Model {
	m.Services = maps.Clone(m.Services)
	for name, s := range m.Services {
		s.Skipped, s.Undone = slices.Contains(names, name), false
		m.Services[name] = s
	}
	return m
}

// StillSkipped returns the services that the last release has skipped and that have not changed since.
func (m Model) StillSkipped(applied Model) (names []string) {
	for name, before := range applied.Services {
		if s, has := m.Services[name]; has && before.Skipped && s.Fields.Sum() == before.Fields.Sum() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// HasState reports whether an environment still has what the last release has left: containers or volumes of its own,
// and no volume is gone.
func (l Observed) HasState(applied Model) bool {
	own := 0
	for name, f := range applied.Volumes {
		if f["external"] != "" {
			continue
		}
		if _, has := l.Model.Volumes[name]; !has {
			return false
		}
		own++
	}
	return own > 0 || len(l.Containers) > 0 || len(l.Model.Volumes) > 0
}

// done reports whether a service has containers, and all of them have ended well.
func (l Observed) done(service string) bool {
	all := l.Containers[service]
	return len(all) > 0 && !slices.ContainsFunc(all, func(c Container) bool { return !c.done() })
}

// skip adds a service that is not run, if what ran last is of another release.
func (p *Plan) skip(name string, fields []Difference, has, before bool) {
	detail := "it does not run again on the way back"
	if before {
		detail = "the way back to the last release has skipped it, and it has not changed since; --run-jobs runs it"
	}
	if len(fields) > 0 || !has {
		p.Skipped = append(p.Skipped, Change{Kind: Skip, Subject: SubjectService, Name: name, Detail: detail})
	}
}

// MarkSkipped marks in the current release, the newest healthy one, the services that the way back from later ones
// has skipped. What a killed davit has recorded are services that its own release skips. The releases are the newest
// first.
func MarkSkipped(all []Release) []Release {
	all = slices.Clone(all)
	var names []string
	for i, r := range all {
		if r.Result != Pending {
			names = append(names, r.Skipped...)
		}
		if r.Result == Healthy && r.Invalid == "" {
			all[i].Model = r.Model.Skip(names)
			break
		}
	}
	return all
}
