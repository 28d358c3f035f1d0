package make

import (
	"path"
	"slices"

	"github.com/davit-dev/davit/plugins/sdk/taskfile"
)

// scripts returns what make runs for a target: each line of a recipe has a shell of its own.
func (g *goals) scripts(name string) (all []taskfile.Script) {
	for _, at := range taskfile.Reached(name, g.needsOf) {
		t, ok := g.by[at]
		if !ok {
			continue
		}
		dir := "."
		if t.delegated {
			dir = path.Dir(t.file)
		}
		for _, line := range t.recipe {
			all = append(all, taskfile.Script{Dir: dir, Text: line})
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
	return append(slices.Clone(t.prereqs), taskfile.Calls(t.recipe, "make")...)
}

// scripts returns what just runs for a recipe: each line has a shell of its own, as far as it can be read.
func (j *justfile) scripts(name string) (all []taskfile.Script) {
	for _, at := range taskfile.Reached(name, j.needsOf) {
		if r, ok := j.by[at]; ok {
			for _, line := range r.body {
				all = append(all, taskfile.Script{Dir: ".", Text: line})
			}
		}
	}
	return all
}

// scripts returns what Task runs for a task.
func (f *goTaskfile) scripts(t *task) (all []taskfile.Script) {
	for _, at := range taskfile.Reached(t.name, f.needsOf) {
		if t := f.by[at]; t != nil {
			for _, line := range t.body {
				all = append(all, taskfile.Script{Dir: t.dir, Text: line})
			}
		}
	}
	return all
}
