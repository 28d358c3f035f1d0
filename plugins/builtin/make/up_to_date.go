package make

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk/taskfile"
)

// checks are the targets of the built-in convention that check something, except for tests.
var checks = []string{"style", "complexity", "check", "security", "security-sast",
	"security-dependency-scan"}

// askUpToDate returns how to ask make whether it would do nothing for the target of a name, which a goal
// makes. It returns nil if the target checks nothing, or if doing nothing does not mean that make took the
// name of a task for that of a file.
func (g *goals) askUpToDate(name string, t *goal, argv []string) *plan.UpToDate {
	name = taskfile.CanonicalName(name)
	files := g.fileLike(t, map[string]bool{})
	if len(files) == 0 || !strings.HasPrefix(name, "test") && !slices.Contains(checks, name) {
		return nil
	}
	out := &plan.UpToDate{Argv: append(slices.Clone(argv), "-q", t.name)}
	for _, f := range files {
		out.Files = append(out.Files, f.name)
	}
	out.Hint = fmt.Sprintf("\".PHONY: %s\" in %s makes make run it", strings.Join(out.Files, " "),
		path.Clean(files[0].file))
	return out
}

// fileLike returns the goals whose recipes make does not run if there is a file or folder of their name,
// although they look like tasks: the goal itself or, if it only needs others, those of them. It returns none
// if make always runs the recipe, and for goals that need only files, such as the log of the last tests: make
// knows whether these are up to date.
func (g *goals) fileLike(t *goal, seen map[string]bool) (found []*goal) {
	if seen[t.name] {
		return nil
	}
	seen[t.name] = true
	switch {
	case (t.delegated || len(t.recipe) > 0 && !t.phony) && isFileName(t.name):
		return []*goal{t}
	case t.delegated, len(t.recipe) > 0:
		return nil
	}
	for _, name := range t.prereqs {
		if next, ok := g.by[name]; ok && isUserTarget(name, next.phony) {
			found = append(found, g.fileLike(next, seen)...)
		}
	}
	return found
}

// isFileName reports whether a plan can have a name as that of a file.
func isFileName(name string) bool { return plan.ValidTarget(name) && !strings.ContainsAny(name, ":/") }
