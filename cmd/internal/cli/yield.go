package cli

import (
	"context"
	"slices"

	"github.com/alecthomas/kong"
)

// yields is the tag of the commands that give way to a target of their name: a project that had a target "ci" before
// davit had a command "ci" keeps it. With the value own, they do so for a target of the project's own only, and not for
// one that a plugin infers.
const (
	yields = "yields"
	own    = "own"
)

// engineAlone is the tag of the commands that davit hands over to davit-engine at once, which then says what is to be said.
const engineAlone = "engine"

// givenWay returns args so that they run a target, if their first word is a command that yields and the project offers
// a target of its name. With --command, the word is the command.
func (c *call) givenWay(args []string) ([]string, error) {
	n, _ := leadingRunOptions(c.parser.Model, args)
	if n == len(args) {
		return args, nil
	}
	command := c.yielding(args[n:])
	if command == nil {
		return args, nil
	}
	if _, err := c.read(args[:n]); err != nil || c.done || c.options.Command {
		return args, nil // the next parse says what is wrong
	}
	p, err := c.open(context.Background())
	if err != nil { // a project that cannot be read offers no target; a command that needs it says why
		return args, nil
	}
	defer p.Close()
	if p.HasOwnTarget(args[n]) || command.Tag.Get(yields) != own && p.HasTarget(args[n]) {
		return slices.Insert(slices.Clone(args), n, runName), p.CheckTaskFiles(args[n])
	}
	if c.Handover == nil || !command.Tag.Has(engineAlone) {
		c.warn(p.CommandWarnings(args[n]))
	}
	return args, p.CheckCommand(args[n])
}

// yielding returns the command that words begin with, if it gives way to a target of its name; else nil. One that has
// commands of its own does not if the next word is one of them: davit plugin fetch works where the plugins of the project do
// not.
func (c *call) yielding(words []string) *kong.Node {
	for _, n := range c.parser.Model.Children {
		if n.Name == words[0] && n.Tag.Has(yields) && !slices.ContainsFunc(n.Children, func(child *kong.Node) bool {
			return len(words) > 1 && child.Name == words[1]
		}) {
			return n
		}
	}
	return nil
}
