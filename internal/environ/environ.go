// Package environ reads and joins environments, lists of "NAME=value" as os.Environ returns them.
//
// Of two values of one name the last counts, as for a process that gets the list. So the caller's variables
// come first, then those of a plan, and davit's own come last; Join drops what is replaced, since programs
// differ in which of two equal names they read. On Windows the case of a name does not count.
package environ

import (
	"maps"
	"runtime"
	"slices"
	"strings"
)

// Lookup returns the value of a variable, and whether it is set.
func Lookup(env []string, name string) (value string, set bool) {
	for _, pair := range slices.Backward(env) {
		if n, value, ok := strings.Cut(pair, "="); ok && key(n) == key(name) {
			return value, true
		}
	}
	return "", false
}

// Get returns the value of a variable; empty if it is not set.
func Get(env []string, name string) string {
	value, _ := Lookup(env, name)
	return value
}

// Join returns an environment with more variables, each name once: a later variable replaces an earlier one
// of the same name. Neither list is changed.
func Join(env []string, more ...string) []string {
	all := slices.Concat(env, more)
	joined, seen := make([]string, 0, len(all)), make(map[string]bool, len(all))
	for _, pair := range slices.Backward(all) {
		name, _, ok := strings.Cut(pair, "=")
		if ok && name != "" { // Windows has entries like "=C:=C:\dir", which name no variable
			if seen[key(name)] {
				continue
			}
			seen[key(name)] = true
		}
		joined = append(joined, pair)
	}
	slices.Reverse(joined)
	return joined
}

// Pairs returns variables as a list, sorted by name.
func Pairs(values map[string]string) []string {
	pairs := make([]string, 0, len(values))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		pairs = append(pairs, name+"="+values[name])
	}
	return pairs
}

// key returns the same form for all spellings of a name.
func key(name string) string {
	if runtime.GOOS == "windows" {
		return strings.ToUpper(name)
	}
	return name
}
