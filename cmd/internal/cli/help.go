package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

type helpCmd struct {
	Command []string `arg:"" optional:"" help:"The command or target to tell about"`
}

// Run prints the help of a command, as --help behind it does; what is no command is a target, and is explained.
func (h *helpCmd) Run(ctx context.Context, c *call) error {
	if len(h.Command) == 1 && !c.isCommand(h.Command[0]) {
		return (&explainCmd{Target: h.Command[0]}).Run(ctx, c)
	}
	_, err := c.parser.Parse(append(h.Command, "--help"))
	if c.done {
		return nil
	}
	return c.usage(err)
}

func (c *call) isCommand(name string) bool {
	return strings.HasPrefix(name, "-") || slices.ContainsFunc(c.parser.Model.Children, func(n *kong.Node) bool { return n.Name == name })
}

// help prints the help of a command or, where none was named, of davit and of the project that it was called in.
func (c *call) help(o kong.HelpOptions, k *kong.Context) error {
	if node := k.Selected(); node != nil && node.Name != runName {
		return kong.DefaultHelpPrinter(o, k)
	}
	io.WriteString(c.Streams.Out, `The same commands for any project.

Usage:
  davit                        show the targets of this project
  davit TARGET... [-- ARGS]    run targets: davit build test
  davit COMMAND
`)
	model := k.Model
	c.section("Commands", commandRows(model.Children))
	c.section("Options", flagRows(model.Flags))
	c.section("Options of a run", flagRows(model.DefaultCmd.Flags))
	c.projectHelp()
	return nil
}

func (c *call) section(title string, rows [][]string) {
	fmt.Fprintf(c.Streams.Out, "\n%s:\n", c.Streams.OutStyle().Bold(title))
	c.Streams.Table(rows, nil)
}

func commandRows(nodes []*kong.Node) (rows [][]string) {
	for _, n := range nodes {
		if !n.Hidden && n.Name != runName {
			rows = append(rows, []string{"  " + n.Name, n.Help})
		}
	}
	return rows
}

func flagRows(flags []*kong.Flag) (rows [][]string) {
	for _, f := range flags {
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

// projectHelp shows the targets of the project. Help never fails for what is wrong with one.
func (c *call) projectHelp() {
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
		c.section("Targets of "+p.Name, rows)
	}
}
