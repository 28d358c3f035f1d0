package docker

import (
	"maps"
	"slices"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// waves orders services: those of one wave need only what is in the waves before, or not among the services at all. What needs itself
// in a circle, which no Compose file can say, comes last.
func waves(services map[string]release.Service) (all [][]string) {
	left := maps.Clone(services)
	for len(left) > 0 {
		var wave []string
		for name := range left {
			if !slices.ContainsFunc(left[name].Needs, func(n string) bool { _, waits := left[n]; return waits }) {
				wave = append(wave, name)
			}
		}
		if len(wave) == 0 {
			wave = slices.Collect(maps.Keys(left))
		}
		slices.Sort(wave)
		for _, name := range wave {
			delete(left, name)
		}
		all = append(all, wave)
	}
	return all
}

// splitJobs divides services into the jobs and whatever these need, and the rest: a job that fails leaves the rest as it is.
func splitJobs(services map[string]release.Service) (first, rest map[string]release.Service) {
	first, rest = map[string]release.Service{}, maps.Clone(services)
	var take func(string)
	take = func(name string) {
		s, there := rest[name]
		if !there {
			return
		}
		delete(rest, name)
		first[name] = s
		for _, n := range s.Needs {
			take(n)
		}
	}
	for name, s := range services {
		if s.Job {
			take(name)
		}
	}
	return first, rest
}
