package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// checks are the targets of the built-in convention that check something, except for tests.
var checks = []string{"style", "complexity", "check", "security", "security-sast",
	"security-dependency-scan"}

// askUpToDate returns how to ask make whether it would do nothing for the target of a name, which a goal
// makes. It returns nil if the target checks nothing, or if doing nothing does not mean that make took the
// name of a task for that of a file.
func (g *goals) askUpToDate(name string, t *goal, argv []string) *plan.UpToDate {
	name = canonicalName(name)
	cause := g.fileLike(t, map[string]bool{})
	if cause == nil || !strings.HasPrefix(name, "test") && !slices.Contains(checks, name) {
		return nil
	}
	return &plan.UpToDate{Argv: append(slices.Clone(argv), "-q", t.name),
		Hint: fmt.Sprintf("\".PHONY: %s\" in %s makes make run it", cause.name, path.Clean(cause.file))}
}

// fileLike returns the goal whose recipe make does not run if there is a file or folder of its name, although
// it looks like a task: the goal itself or, if it only needs others, one of these. It returns nil if make
// always runs the recipe, and for goals that need only files, such as the log of the last tests: make knows
// whether these are up to date.
func (g *goals) fileLike(t *goal, seen map[string]bool) *goal {
	if seen[t.name] {
		return nil
	}
	seen[t.name] = true
	switch {
	case t.delegated, len(t.recipe) > 0 && !t.phony:
		return t
	case len(t.recipe) > 0:
		return nil
	}
	for _, name := range t.prereqs {
		if next, ok := g.by[name]; ok && isUserTarget(name, next.phony) {
			if cause := g.fileLike(next, seen); cause != nil {
				return cause
			}
		}
	}
	return nil
}
