package cli

import (
	"context"
	"fmt"

	"github.com/alecthomas/kong"
)

type helpCmd struct {
	Command []string `arg:"" optional:"" help:"The command to tell about"`
}

// Run prints the help of a command, as --help behind it does.
func (h *helpCmd) Run(c *call) error {
	_, err := c.parser.Parse(append(h.Command, "--help"))
	if c.done {
		return nil
	}
	return c.usage(err)
}

// help prints the help of what was called and, at the top, the targets of the project that davit was called in.
func (c *call) help(o kong.HelpOptions, k *kong.Context) error {
	if err := kong.DefaultHelpPrinter(o, k); err != nil {
		return err
	}
	if node := k.Selected(); node != nil && node.Name != "TARGET" {
		return nil
	}
	p, err := c.open(context.Background())
	if err != nil || len(p.Offers) == 0 {
		return nil // help never fails for what is wrong with a project
	}
	defer p.Close()
	fmt.Fprintf(c.Streams.Out, "\nTargets of %s:\n", p.Name)
	var rows [][]string
	for _, name := range p.Resolution.Names() {
		t, _ := p.Resolution.Find(name)
		rows = append(rows, []string{"  " + name, t.Summary})
	}
	c.Streams.Table(rows, nil)
	return nil
}
