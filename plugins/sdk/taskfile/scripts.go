package taskfile

import (
	"slices"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// A Script is what a shell runs for a target, and the folder that it runs in.
type Script struct {
	Dir, Text string
	// Own says that its tool runs it in an environment that it fills itself.
	Own bool
}

// uses returns the environments that the scripts of an offer use, and the part of the project that they work on.
func (o Offer) uses(r *recipes.Reader) ([]recipes.Use, *plan.Scope) {
	if o.Refused {
		return nil, nil
	}
	for _, s := range o.Scripts {
		if s.Own {
			continue
		}
		r.Read(s.Dir, s.Text)
	}
	scope := r.Scope()
	return r.Uses(), scope
}

// testRunner returns the test runner whose totals count the tests of an offer, or "".
func (o Offer) testRunner() string {
	var all []recipes.Command
	for _, s := range o.Scripts {
		for _, c := range recipes.Commands(s.Dir, s.Text) {
			if !slices.Equal(c.Words, o.Argv) {
				all = append(all, c)
			}
		}
	}
	return pipelines.TestRunner(all)
}

// Reached returns a target and all that it runs, in order. The needs function returns what a target needs or
// calls.
func Reached(name string, needs func(string) []string) []string {
	all, seen := []string{name}, map[string]bool{name: true}
	for i := 0; i < len(all); i++ {
		for _, next := range needs(all[i]) {
			if !seen[next] {
				seen[next] = true
				all = append(all, next)
			}
		}
	}
	return all
}
