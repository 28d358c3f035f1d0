package cli

import (
	"context"
	"path/filepath"

	"github.com/davit-dev/davit/cmd/internal/pluginreg"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/internal/tree"
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
	if err := c.result(v, func(p printer) { p.vendoring(v) }); err != nil {
		return err
	}
	return c.warnIgnored(ctx, v)
}

// warnIgnored warns of vendored files that git ignores: a clone would not have them.
func (c *call) warnIgnored(ctx context.Context, v *pluginreg.Vendoring) error {
	t, err := tree.Open(c.root())
	if err != nil {
		return err
	}
	defer t.Close()
	files, err := filepath.Glob(filepath.Join(t.Dir(), v.Folder, "sha256-*"))
	if err != nil || len(files) == 0 || t.GitFolder() == "" {
		return err
	}
	for i, file := range files {
		files[i] = v.Folder + "/" + filepath.Base(file)
	}
	ignored, err := t.Ignored(ctx, files)
	if err == nil && len(ignored) > 0 {
		c.Streams.Warning("git ignores "+text.And(ignored)+", so that a clone would not have what is vendored",
			"git add --force "+v.Folder+", or a line !"+v.Folder+"/** in .gitignore")
	}
	return err
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
