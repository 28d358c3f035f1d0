package taskfile

import "slices"

// Collecting are the targets of the built-in convention of which a task file's own is one part: what that
// runs by itself is not run again.
var Collecting = []string{"check", "security"}

// Included returns the targets that one of the Collecting targets runs by itself, sorted. The needs function
// returns what a target needs or calls.
func Included(name string, needs func(string) []string) (names []string) {
	if !slices.Contains(Collecting, name) {
		return nil
	}
	todo := needs(name)
	for len(todo) > 0 {
		next := todo[0]
		todo = todo[1:]
		if next != name && !slices.Contains(names, next) {
			names = append(names, next)
			todo = append(todo, needs(next)...)
		}
	}
	slices.Sort(names)
	return names
}
