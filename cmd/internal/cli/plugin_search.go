package cli

import (
	"context"

	"github.com/davit-dev/davit/internal/project"
)

type pluginSearchCmd struct {
	Namespace string `arg:"" help:"Where to search: registry.example.com/platform, or the folder of a layout: oci:./plugins"`
	Word      string `arg:"" optional:"" help:"A word in the name or the summary"`
}

type foundPluginsJSON struct {
	Plugins []project.Listed `json:"plugins"`
}

// Run lists the plugins in a namespace of a registry. With --json it prints a foundPluginsJSON.
func (cmd *pluginSearchCmd) Run(ctx context.Context, c *call) error {
	published, err := c.publishedPlugins()
	if err != nil {
		return err
	}
	all, err := published.Search(ctx, c.reference(cmd.Namespace), cmd.Word)
	if err != nil {
		return err
	}
	return c.result(foundPluginsJSON{all}, func(p printer) { p.foundPlugins(all) })
}

// foundPlugins prints a row for each plugin.
func (p printer) foundPlugins(all []project.Listed) {
	var rows [][]string
	for _, l := range all {
		rows = append(rows, []string{l.Ref, l.Version, l.Summary})
	}
	if len(rows) == 0 {
		p.Printf("no plugin is there\n")
	}
	p.Table(rows, nil)
}
