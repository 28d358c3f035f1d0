package cli

import (
	"context"

	"github.com/davit-dev/davit/cmd/internal/pluginreg"
	"github.com/davit-dev/davit/internal/project"
)

type vendorCmd struct {
	Check bool `help:"Only check that the project has every plugin that project.lock pins; exit with 3 if not"`
}

// Run puts the published plugins of the project into it. With --json it prints a pluginreg.Vendoring.
func (cmd *vendorCmd) Run(ctx context.Context, c *call) error {
	published, err := c.publishedPlugins()
	if err != nil {
		return err
	}
	if cmd.Check {
		return published.CheckVendored(c.root())
	}
	v, err := published.Vendor(ctx, c.root())
	if err != nil {
		return err
	}
	return c.result(v, func(p printer) { p.vendoring(v) })
}

// vendoring prints what is in the folder of a project now.
func (p printer) vendoring(v *pluginreg.Vendoring) {
	if len(v.Plugins) == 0 {
		p.Printf("%s names no published plugin\n", project.File)
	}
	p.pluginEntries(v.Plugins)
	for _, name := range v.Added {
		p.Printf("added %s/%s\n", v.Folder, name)
	}
	for _, name := range v.Removed {
		p.Printf("removed %s/%s\n", v.Folder, name)
	}
}
