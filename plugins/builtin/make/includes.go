package make

import (
	"slices"

	"github.com/davit-dev/davit/plugins/sdk/taskfile"
)

// includes returns the other targets that make runs for a target.
func (g *goals) includes(name string) []string { return taskfile.Included(name, g.needsOf) }

// includeGuesses adds guessed targets to the offers whose commands they have.
func includeGuesses(offers, guesses []taskfile.Offer) {
	for i, o := range offers {
		for _, g := range guesses {
			if slices.Contains(taskfile.Collecting, o.Name) && slices.Equal(o.Argv, g.Argv) {
				offers[i].Includes = append(o.Includes, g.Name)
			}
		}
	}
}
