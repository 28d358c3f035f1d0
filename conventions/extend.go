package conventions

import (
	"fmt"
	"slices"

	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/plugins/plan"
)

// ownGroup is the group of targets that a team adds without one.
const ownGroup = "team"

// over returns the convention that c makes of the one that it extends.
func (c *Convention) over(base *Convention, file string) (*Convention, error) {
	out := *c
	out.Environments, out.Require, out.Targets = base.Environments, nil, slices.Clone(base.Targets)
	if c.Environments != nil {
		out.Environments = c.Environments
	}
	if c.Name == "" || c.Version == "" {
		return nil, fmt.Errorf("%s: a convention has a name and a version", file)
	}
	for i, t := range c.Targets {
		if c.index(t.Name) < i {
			return nil, fmt.Errorf("%s: the name %q appears twice", file, t.Name)
		}
		if err := out.add(t); err != nil {
			return nil, fmt.Errorf("%s: target %q: %w", file, t.Name, err)
		}
	}
	for _, name := range c.Require {
		i := out.index(name)
		if i < 0 {
			return nil, fmt.Errorf("%s: require: there is no target %q", file, name)
		}
		out.Targets[i].Required = true
	}
	return &out, out.check(file)
}

func (c *Convention) index(name string) int {
	return slices.IndexFunc(c.Targets, func(t Target) bool { return t.Name == name })
}

// add adds a target at the end of its group, or what it changes in the one of its name.
func (c *Convention) add(t Target) error {
	if i := c.index(t.Name); i >= 0 {
		changed, err := c.Targets[i].with(t)
		c.Targets[i] = changed
		return err
	}
	switch {
	case !plan.ValidTarget(t.Name) || project.Reserved(t.Name):
		return fmt.Errorf("%q cannot be the name of a target", t.Name)
	case t.Summary == "":
		return fmt.Errorf("it has no summary")
	case t.Group == "":
		t.Group = ownGroup
	}
	at := len(c.Targets)
	for i, other := range c.Targets {
		if other.Group == t.Group {
			at = i + 1
		}
	}
	c.Targets = slices.Insert(c.Targets, at, t)
	return nil
}

// with returns the target with what a team changes in it. A team may ask for more, and not allow more: the effect gets
// stricter, and no part goes.
func (t Target) with(change Target) (Target, error) {
	switch {
	case change.Effect != "" && change.Effect.Stricter(t.Effect) != change.Effect:
		return t, fmt.Errorf("its effect is %q, which can only get stricter, and not %q", t.Effect, change.Effect)
	case change.Group != "" && change.Group != t.Group:
		return t, fmt.Errorf("its group is %q", t.Group)
	case change.Cache && !t.Cache:
		return t, fmt.Errorf("its results are never reused")
	}
	if change.Effect != "" {
		t.Effect = change.Effect
	}
	if change.Summary != "" {
		t.Summary = change.Summary
	}
	t.Required = t.Required || change.Required
	t.AllOf = slices.Concat(t.AllOf, change.AllOf)
	t.Aliases = slices.Concat(t.Aliases, change.Aliases)
	t.SuggestFor = slices.Concat(t.SuggestFor, change.SuggestFor)
	return t, nil
}
