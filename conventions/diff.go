package conventions

import (
	"fmt"
	"slices"
	"strings"
)

// A Change is one difference between two conventions.
type Change struct {
	// Kind is added, removed or changed.
	Kind string `json:"kind"`
	// Target is the name of the target; "" for the environments.
	Target string `json:"target,omitempty"`
	// Details say what is different, or what the target is.
	Details []string `json:"details"`
}

// Diff returns what is different in another convention, in the order of its targets.
func (c *Convention) Diff(other *Convention) (changes []Change) {
	if !slices.Equal(c.Environments, other.Environments) {
		changes = append(changes, Change{"changed", "", []string{fmt.Sprintf("environments: %s, before %s",
			strings.Join(other.Environments, ", "), strings.Join(c.Environments, ", "))}})
	}
	for _, t := range c.Targets {
		if _, stays := other.Target(t.Name); !stays {
			changes = append(changes, Change{"removed", t.Name, []string{t.Summary}})
		}
	}
	for _, t := range other.Targets {
		was, there := c.Target(t.Name)
		details := was.differences(t)
		switch {
		case !there:
			changes = append(changes, Change{"added", t.Name, append([]string{t.Summary}, details...)})
		case len(details) > 0:
			changes = append(changes, Change{"changed", t.Name, details})
		}
	}
	return changes
}

// differences returns what is different in another version of a target, or, of no target, what it is.
func (t Target) differences(now Target) (all []string) {
	if t.Effect != now.Effect {
		all = append(all, before("effect: "+string(now.Effect), string(t.Effect)))
	}
	if t.Name != "" && t.Summary != now.Summary {
		all = append(all, before("summary: "+now.Summary, t.Summary))
	}
	if t.Required != now.Required {
		all = append(all, map[bool]string{true: "every project has to offer it", false: "projects need not offer it"}[now.Required])
	}
	for _, list := range []struct {
		noun     string
		was, now []string
	}{{"part", t.AllOf, now.AllOf}, {"alias", t.Aliases, now.Aliases}} {
		for _, name := range list.now {
			if !slices.Contains(list.was, name) {
				all = append(all, "new "+list.noun+": "+name)
			}
		}
		for _, name := range list.was {
			if !slices.Contains(list.now, name) {
				all = append(all, "no "+list.noun+" any more: "+name)
			}
		}
	}
	return all
}

func before(now, was string) string {
	if was == "" {
		return now
	}
	return now + ", before " + was
}
