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
	Command []string `arg:"" optional:"" help:"The command or target to show help for"`
}

// Run prints the help of a command, as --help does. A target is explained instead.
func (h *helpCmd) Run(ctx context.Context, c *call) error {
	if len(h.Command) == 1 && !c.isCommand(h.Command[0]) {
		return (&explainCmd{Target: h.Command[0]}).Run(ctx, c)
	}
	_, err := c.parser.Parse(append(h.Command, "--help"))
	if c.done {
		return nil
	}
	return usage(err)
}

// isCommand reports whether a word is a command or an option.
func (c *call) isCommand(name string) bool {
	isNamed := func(n *kong.Node) bool { return n.Name == name }
	return strings.HasPrefix(name, "-") || slices.ContainsFunc(c.parser.Model.Children, isNamed)
}

// help prints the help of a command or, if none was named, of davit and of the current project.
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
	p := c.printer()
	p.section("Commands", commandRows(k.Model.Children))
	p.section("Options", flagRows(k.Model.Flags))
	p.section("Options of a run", flagRows(k.Model.DefaultCmd.Flags))
	c.projectHelp(p)
	return nil
}

// section prints a table below a title.
func (p printer) section(title string, rows [][]string) {
	fmt.Fprintf(p.Out, "\n%s:\n", p.OutStyle().Bold(title))
	p.Table(rows, nil)
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

// flagRows returns a row for each flag.
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
