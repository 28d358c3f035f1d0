package release

import (
	"maps"
	"slices"
	"strings"
)

const (
	// unobserved begins the paths of fields that no engine is asked for.
	unobserved = "compose."
	// MixedPrefix begins the path of the difference of a container that was made for another model than the
	// first of its service; the name of the container follows.
	MixedPrefix = "containers."
)

// differences returns where live differs from desired. Fields that no engine is asked for are taken to be as
// the last release, applied, has them.
func differences(desired, applied, live, inherited Fields) (all []Difference) {
	for _, path := range paths(desired, applied, live) {
		want, wanted := desired[path]
		before, had := applied[path]
		actual, has := live[path]
		if strings.HasPrefix(path, unobserved) {
			actual, has = before, had
		}
		if wanted == has && want == actual || !wanted && has && inherits(inherited, path, actual) {
			continue
		}
		all = append(all, Difference{
			Path: path, Before: valueOf(actual, has), After: valueOf(want, wanted),
			Drift: wanted == had && want == before,
		})
	}
	return all
}

func inherits(inherited Fields, path, value string) bool {
	from, has := inherited[path]
	return has && from == value
}

// paths returns the paths that any of the fields have, sorted.
func paths(all ...Fields) []string {
	union := Fields{}
	for _, f := range all {
		maps.Copy(union, f)
	}
	return slices.Sorted(maps.Keys(union))
}

// filterIgnored removes drift that is ignored.
func filterIgnored(name string, all []Difference, ignore []string) []Difference {
	return slices.DeleteFunc(all, func(d Difference) bool {
		return d.Drift &&
			Ignored(ignore, name+"."+d.Path)
	})
}

// Ignored reports whether a pattern matches a path, which begins with its service:
// "web.environment.LOG_LEVEL". A "*" is any one part, and at the end everything that follows:
// "*.files./var/cache/*".
func Ignored(patterns []string, path string) bool {
	parts := strings.Split(path, ".")
	return slices.ContainsFunc(patterns, func(p string) bool { return covers(strings.Split(p, "."), parts) })
}

func covers(pattern, parts []string) bool {
	for i, p := range pattern {
		switch {
		case i >= len(parts):
			return false
		case i == len(pattern)-1 && strings.HasSuffix(p, "*"):
			return strings.HasPrefix(strings.Join(parts[i:], "."), strings.TrimSuffix(p, "*"))
		case p != "*" && p != parts[i]:
			return false
		}
	}
	return len(pattern) == len(parts)
}
