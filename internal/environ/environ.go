// Package environ reads and joins environments, lists of "NAME=value" as os.Environ returns them.
//
// Of two values of one name the last counts, as for a process that gets the list. So what davit sets comes last, and Join drops what it
// replaces: programs differ in which of two equal names they read.
package environ

import (
	"runtime"
	"slices"
	"strings"
)

// Lookup returns the value of a variable, and whether it is set.
func Lookup(env []string, name string) (value string, set bool) {
	for _, pair := range slices.Backward(env) {
		if n, value, ok := strings.Cut(pair, "="); ok && same(n, name) {
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

// Join returns an environment with more variables, which replace those of the same name. Neither list is changed.
func Join(env []string, more ...string) []string {
	replaced := func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		_, is := Lookup(more, name)
		return is
	}
	return append(slices.DeleteFunc(slices.Clone(env), replaced), more...)
}

// same reports whether two names are of one variable. On Windows their case does not count.
func same(a, b string) bool { return a == b || runtime.GOOS == "windows" && strings.EqualFold(a, b) }
