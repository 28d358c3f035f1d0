package conventions

import (
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins/plan"
)

// TestScope: make provides "test" within a scope, and a stack has test-unit in front/ and at the root.
func TestScope(t *testing.T) {
	c, err := Load("gazr@1")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		scope         *plan.Scope
		uses, omitted string
	}{
		"all of the project":    {nil, "make:test", ""},
		"another folder":        {&plan.Scope{Folders: []string{"back"}}, "make:test python:front", "python:root"},
		"the folder":            {&plan.Scope{Folders: []string{"front"}}, "make:test", "python:root"},
		"the stack at the root": {&plan.Scope{Stacks: []string{"python"}}, "make:test", ""},
		"another stack at the root": {&plan.Scope{Stacks: []string{"go"}, Folders: []string{"front"}}, "make:test",
			"python:root"},
		"another stack there": {&plan.Scope{Stacks: []string{"go"}}, "make:test", "python:front python:root"},
	} {
		for _, target := range []string{"test", "test-unit"} { // what make calls test-unit stands for itself
			makefile := &plan.Plan{Stack: "make", Steps: map[string]plan.Step{"test": {}},
				Targets: map[string][]string{target: {"test"}}, About: map[string]plan.About{target: {Scope: test.scope}}}
			python := &plan.Plan{Stack: "python", Steps: map[string]plan.Step{"front": {Dir: "front"}, "root": {}},
				Targets: map[string][]string{"test-unit": {"front", "root"}}}
			r := c.Resolve([]Offer{{"make", Explicit, makefile}, {"python", Inferred, python}})
			found, _ := r.Find(target)
			uses, _ := r.Expand(found)
			if got := stepsOf(uses); got != test.uses {
				t.Errorf("%s, %s: got %s, want %s", name, target, got, test.uses)
			}
			if got := stepsOf(r.Omitted(found)); got != test.omitted {
				t.Errorf("%s, %s: it leaves out %s, want %s", name, target, got, test.omitted)
			}
		}
	}
}

func stepsOf(uses []Use) string {
	var all []string
	for _, u := range uses {
		for _, id := range u.Steps {
			all = append(all, u.Provider+":"+id)
		}
	}
	return strings.Join(all, " ")
}
