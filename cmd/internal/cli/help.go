package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/davit-dev/davit/internal/ui"
)

type helpCmd struct {
	Command []string `arg:"" optional:"" help:"The command, target or topic to show help for"`
}

// Run prints the help of a command, as --help does. A target is explained instead.
func (h *helpCmd) Run(ctx context.Context, c *call) error {
	switch {
	case len(h.Command) == 1 && c.isTopic(ctx, h.Command[0]):
		return c.topicHelp(h.Command[0])
	case len(h.Command) == 1 && !c.isCommand(h.Command[0]):
		return (&explainCmd{Target: h.Command}).Run(ctx, c)
	}
	_, err := c.parse(append(h.Command, "--help"))
	if c.done {
		return nil
	}
	return err
}

// isCommand reports whether a word is a command or an option.
func (c *call) isCommand(name string) bool {
	isNamed := func(n *kong.Node) bool { return n.Name == name }
	return strings.HasPrefix(name, "-") || slices.ContainsFunc(c.parser.Model.Children, isNamed)
}

// help prints the help of a command or, if none was named, of davit and of the current project.
func (c *call) help(k *kong.Context) {
	if node := k.Selected(); node != nil && node.Name != runName {
		c.commandHelp(node, k.Model.Flags)
		return
	}
	if c.about = firstTarget(k.Model, c.Args); c.about != "" {
		return // which is explained, once this has returned
	}
	c.Streams.Printf(`The same commands for any project.

Usage:
  davit                        show the targets of this project
  davit TARGET... [-- ARGS]    run targets: davit build test
  davit PROVIDER:TARGET        run what one provider has for a target: davit go:test
  davit COMMAND
`)
	p := c.printer()
	p.section("Commands", commandRows(inGroup(k.Model.Children, "")))
	p.section("Commands of environments", append(commandRows(inGroup(k.Model.Children, environmentGroup)), topicRows()...))
	p.section("Options", flagRows(k.Model.Flags))
	p.section("Options of a run", flagRows(k.Model.DefaultCmd.Flags))
	c.projectHelp(p)
}

// firstTarget returns the first target that arguments name, or "".
func firstTarget(m *kong.Application, args []string) string {
	args, _ = cut(args)
	if n, _ := leadingRunOptions(m, args); n < len(args) && args[n] != "help" {
		return args[n]
	}
	return ""
}

// targetHelp explains a target, and names the options of a run.
func (c *call) targetHelp(ctx context.Context) error {
	if err := (&explainCmd{Target: []string{c.about}}).Run(ctx, c); err != nil || c.options.JSON {
		return err
	}
	c.printer().section("Options of a run", flagRows(c.parser.Model.DefaultCmd.Flags))
	return nil
}

// commandHelp prints the help of a command.
func (c *call) commandHelp(n *kong.Node, common []*kong.Flag) {
	p, arguments := c.printer(), argumentsOf(n)
	words, rows := []string{"davit", n.Path()}, [][]string(nil)
	if len(n.Children) > 0 {
		words = append(words, "COMMAND")
	}
	for _, a := range arguments {
		words = append(words, a.name)
		rows = append(rows, []string{"  " + a.name, a.help})
	}
	p.Printf("Usage: %s\n\n%s\n", strings.Join(words, " "), ui.Lines("", n.Help))
	if n.Detail != "" {
		p.Printf("\n%s\n", ui.Lines("", n.Detail))
	}
	for _, s := range []struct {
		title string
		rows  [][]string
	}{{"Commands", commandRows(n.Children)}, {"Arguments", rows}, {"Options", flagRows(n.Flags)}, {"Options of every command", flagRows(common)}} {
		if len(s.rows) > 0 {
			p.section(s.title, s.rows)
		}
	}
}

// section prints a table below a title.
func (p printer) section(title string, rows [][]string) {
	p.Printf("\n%s:\n", p.OutStyle().Bold(title))
	p.Table(rows, nil)
}

// environmentGroup is the group of the commands of environments, in the grammar.
const environmentGroup = "environments"

// inGroup returns the commands of a group; "" is that of the commands that name none.
func inGroup(nodes []*kong.Node, group string) []*kong.Node {
	return slices.DeleteFunc(slices.Clone(nodes), func(n *kong.Node) bool {
		return n.Group == nil && group != "" || n.Group != nil && n.Group.Key != group
	})
}

// commandRows returns a row for each visible command.
func commandRows(nodes []*kong.Node) (rows [][]string) {
	for _, n := range nodes {
		if !n.Hidden && n.Name != runName {
			rows = append(rows, []string{"  " + n.Name, n.Help})
		}
	}
	return rows
}

// flagRows returns a row for each visible flag.
func flagRows(flags []*kong.Flag) (rows [][]string) {
	for _, f := range flags {
		if f.Hidden {
			continue
		}
		short := "    "
		if f.Short != 0 {
			short = "-" + string(f.Short) + ", "
		}
		name := "--" + f.Name
		if !f.IsBool() && f.PlaceHolder != "" {
			name += " " + f.PlaceHolder
		}
		rows = append(rows, []string{"  " + short + name, f.Help})
	}
	return rows
}

// projectHelp prints the targets of the project. A project that cannot be read is left out: help never fails.
func (c *call) projectHelp(out printer) {
	p, err := c.open(context.Background())
	if err != nil {
		return
	}
	defer p.Close()
	var rows [][]string
	for _, name := range p.Resolution.Names() {
		t, _ := p.Resolution.Find(name)
		rows = append(rows, []string{"  " + name, t.Summary})
	}
	if len(rows) > 0 {
		out.section("Targets of "+p.Name, rows)
	}
}

// An argument is one of a command, as its usage has it.
type argument struct{ name, help string }

// The arguments of commands on environments.
var (
	envArgument      = argument{"ENV", "The environment, as davit env lists it"}
	serviceArgument  = argument{"SERVICE", "The service, as davit status lists it"}
	servicesArgument = argument{"[SERVICE...]", "The services, as davit status lists them (default: all)"}
	releaseArgument  = argument{"[RELEASE]",
		"The number of a release, as davit releases lists it (default: the previous healthy one)"}
	portArgument    = argument{"[SERVICE[:PORT]]", "The service, and the port of its container"}
	commandArgument = argument{"[COMMAND...]",
		"The command and its arguments (default on a terminal: a shell)"}
)

// environmentArguments are the arguments of each command on environments. Their grammar is the same, since a
// project may have targets of these names.
var environmentArguments = map[string][]argument{
	"env": {}, "plan": {envArgument}, "deploy": {envArgument}, "rollback": {envArgument, releaseArgument},
	"releases": {envArgument}, "status": {envArgument}, "diff": {envArgument, servicesArgument},
	"inspect": {envArgument, servicesArgument}, "logs": {envArgument, servicesArgument},
	"exec": {envArgument, serviceArgument, commandArgument}, "open": {envArgument, portArgument},
	"heal": {envArgument, servicesArgument}, "destroy": {envArgument},
}

// argumentsOf returns the arguments of a command.
func argumentsOf(n *kong.Node) (arguments []argument) {
	if own, ok := environmentArguments[n.Path()]; ok {
		return own
	}
	for _, a := range n.Positional {
		name := strings.ToUpper(a.Name)
		if a.IsCumulative() {
			name += "..."
		}
		if !a.Required {
			name = "[" + name + "]"
		}
		arguments = append(arguments, argument{name, a.Help})
	}
	return arguments
}
