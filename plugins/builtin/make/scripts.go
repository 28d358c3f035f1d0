package make

import (
	"path"
	"slices"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// A script is what a shell runs for a target, and the folder that it runs in.
type script struct {
	dir, text string
}

// uses returns the environments that the scripts of an offer use, and the part of the project that they work on.
func (o offer) uses(r *recipes.Reader) ([]recipes.Use, *plan.Scope) {
	if o.refused {
		return nil, nil
	}
	for _, s := range o.scripts {
		r.Read(s.dir, s.text)
	}
	scope := r.Scope()
	return r.Uses(), scope
}

// reached returns a target and all that it runs, in order. The needs function returns what a target needs or
// calls.
func reached(name string, needs func(string) []string) []string {
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

// scripts returns what make runs for a target: each line of a recipe has a shell of its own.
func (g *goals) scripts(name string) (all []script) {
	for _, at := range reached(name, g.needsOf) {
		t, ok := g.by[at]
		if !ok {
			continue
		}
		dir := "."
		if t.delegated {
			dir = path.Dir(t.file)
		}
		for _, line := range t.recipe {
			all = append(all, script{dir, line})
		}
	}
	return all
}

// needsOf returns the targets that a target needs or calls.
func (g *goals) needsOf(name string) []string {
	t, ok := g.by[name]
	if !ok {
		return nil
	}
	return append(slices.Clone(t.prereqs), calls(t.recipe, "make")...)
}

// scripts returns what just runs for a recipe: each line has a shell of its own, as far as it can be read.
func (j *justfile) scripts(name string) (all []script) {
	for _, at := range reached(name, j.needsOf) {
		if r, ok := j.by[at]; ok {
			for _, line := range r.body {
				all = append(all, script{".", line})
			}
		}
	}
	return all
}

// scripts returns what Task runs for a task.
func (f *taskfile) scripts(t *task) (all []script) {
	for _, at := range reached(t.name, f.needsOf) {
		if t := f.by[at]; t != nil {
			for _, line := range t.body {
				all = append(all, script{t.dir, line})
			}
		}
	}
	return all
}
