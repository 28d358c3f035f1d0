package make

import "github.com/davit-dev/davit/plugins/sdk/taskfile"

// recursiveCall returns the call of davit by which a target leads back to itself, or "".
func (g *goals) recursiveCall(name string) string {
	return taskfile.FindRecursion(name, func(name string) (needs, davit []string) {
		if t, ok := g.by[name]; ok {
			davit = taskfile.Calls(t.recipe, "davit")
		}
		return g.needsOf(name), davit
	})
}
