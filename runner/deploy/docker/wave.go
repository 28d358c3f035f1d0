package docker

import (
	"maps"
	"slices"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// waves orders services topologically: those of one wave need only services of earlier waves, or none of
// these at all. Services that need themselves in a circle, which no Compose file can say, come last.
func waves(services map[string]release.Service) (all [][]string) {
	remaining := maps.Clone(services)
	for len(remaining) > 0 {
		var wave []string
		for name := range remaining {
			if !slices.ContainsFunc(remaining[name].Needs,
				func(n string) bool { _, waits := remaining[n]; return waits }) {
				wave = append(wave, name)
			}
		}
		if len(wave) == 0 {
			wave = slices.Collect(maps.Keys(remaining))
		}
		slices.Sort(wave)
		for _, name := range wave {
			delete(remaining, name)
		}
		all = append(all, wave)
	}
	return all
}

// splitJobs returns the jobs and their dependencies, and the other services: a job that fails leaves the
// others as they are.
func splitJobs(services map[string]release.Service) (first, rest map[string]release.Service) {
	first, rest = map[string]release.Service{}, maps.Clone(services)
	var take func(string)
	take = func(name string) {
		s, exists := rest[name]
		if !exists {
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
