package make

import "slices"

// collecting are the targets of the built-in convention of which a task file's own is one part: what that
// runs by itself is not run again.
var collecting = []string{"check", "security"}

// included returns the targets that one of the collecting targets runs by itself, sorted. The needs function
// returns what a target needs or calls.
func included(name string, needs func(string) []string) (names []string) {
	if !slices.Contains(collecting, name) {
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

// includes returns the other targets that make runs for a target.
func (g *goals) includes(name string) []string { return included(name, g.needsOf) }

// includeGuesses adds guessed targets to the offers whose commands they have.
func includeGuesses(offers, guesses []offer) {
	for i, o := range offers {
		for _, g := range guesses {
			if slices.Contains(collecting, o.name) && slices.Equal(o.argv, g.argv) {
				offers[i].includes = append(o.includes, g.name)
			}
		}
	}
}
