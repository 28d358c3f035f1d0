package cli

import (
	"context"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/pluginreg"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/trust"
	"github.com/davit-dev/davit/plugins"
)

// PublishedPlugins are the use cases of published plugins, which davit-engine alone has.
type PublishedPlugins interface {
	Publish(ctx context.Context, file, ref, key string, move bool) (*pluginreg.Artifact, error)
	Inspect(ctx context.Context, ref string) (*pluginreg.Artifact, error)
	Fetch(ctx context.Context, dir string) ([]pluginreg.Entry, error)
	List(dir string) ([]pluginreg.Entry, error)
	Add(ctx context.Context, dir, ref, as string) (*pluginreg.Change, error)
	Update(ctx context.Context, dir, name string, grant bool) (*pluginreg.Change, error)
	Remove(dir, name string) (*pluginreg.Change, error)
	Apply(*pluginreg.Change) error
	Vendor(ctx context.Context, dir string) (*pluginreg.Vendoring, error)
	CheckVendored(dir string) error
	Search(ctx context.Context, namespace, word string) ([]project.Listed, error)
}

// A PublishedRequest says who asks for published plugins, and where this machine has them.
type PublishedRequest struct {
	Env     []string
	Store   plugins.Store
	Offline bool
	// Root is the folder that layouts are relative to, that of the project.
	Root string
	// Mirrors of registries, from the user's configuration.
	Mirrors map[string]string
	// Trust says whose signatures count.
	Trust trust.Rules
}

type pluginPublishCmd struct {
	File string `arg:"" help:"The plugin, as davit plugin build wrote it: FILE.wasm"`
	Ref  string `arg:"" help:"Where to publish it: registry.example.com/platform/acme:1.4"`
	Sign string `placeholder:"KEY" help:"Sign it with the private key in a file, of cosign or ssh; DAVIT_KEY_PASSWORD or COSIGN_PASSWORD is its password"`
	Move bool   `help:"Have a tag that names another module name this one"`
}

// Run publishes a plugin. With --json it prints a pluginreg.Artifact.
func (cmd *pluginPublishCmd) Run(ctx context.Context, c *call) error {
	published, err := c.publishedPlugins()
	if err != nil {
		return err
	}
	a, err := published.Publish(ctx, c.inFolder(cmd.File), c.reference(cmd.Ref), c.ifGiven(cmd.Sign), cmd.Move)
	if err != nil {
		return err
	}
	return c.result(a, func(p printer) { p.artifact(a) })
}

type pluginInspectCmd struct {
	Ref string `arg:"" help:"The published plugin: registry.example.com/platform/acme:1.4"`
}

// Run prints what a published plugin is. With --json it prints a pluginreg.Artifact.
func (cmd *pluginInspectCmd) Run(ctx context.Context, c *call) error {
	published, err := c.publishedPlugins()
	if err != nil {
		return err
	}
	a, err := published.Inspect(ctx, c.reference(cmd.Ref))
	if err != nil {
		return err
	}
	return c.result(a, func(p printer) { p.artifact(a) })
}

type pluginListCmd struct{}

type pluginsJSON struct {
	Plugins []pluginreg.Entry `json:"plugins"`
}

// Run lists the plugins that project.toml names. With --json it prints a pluginsJSON.
func (pluginListCmd) Run(c *call) error {
	published, err := c.publishedPlugins()
	if err != nil {
		return err
	}
	all, err := published.List(c.root())
	if err != nil {
		return err
	}
	return c.result(pluginsJSON{all}, func(p printer) { p.pluginEntries(all) })
}

type pluginFetchCmd struct{}

// Run downloads the plugins that project.lock pins. With --json it prints a pluginsJSON with what was downloaded.
func (pluginFetchCmd) Run(ctx context.Context, c *call) error {
	published, err := c.publishedPlugins()
	if err != nil {
		return err
	}
	fetched, err := published.Fetch(ctx, c.root())
	if err != nil {
		return err
	}
	return c.result(pluginsJSON{fetched}, func(p printer) { p.pluginEntries(fetched) })
}

// artifact prints a published plugin.
func (p printer) artifact(a *pluginreg.Artifact) {
	p.Printf("%s  %s %s, %s\n%s\n", a.Ref, a.Manifest.Name, a.Manifest.Version, mebibytes(a.Size), a.Digest)
	if a.Manifest.Summary != "" {
		p.Printf("%s\n", a.Manifest.Summary)
	}
	if a.SignedBy != "" {
		p.Printf("signed by the key %s\n", plugins.Short(a.SignedBy))
	}
	p.permissions("Asks to", a.Manifest.Permissions)
}

// permissions prints permissions below a title.
func (p printer) permissions(title string, asked plugins.Permissions) {
	if all := pluginreg.Beyond(asked, plugins.Permissions{}); len(all) > 0 {
		p.section(title, column(all))
	}
}

// pluginEntries prints a row for each plugin.
func (p printer) pluginEntries(all []pluginreg.Entry) {
	var rows [][]string
	for _, e := range all {
		rows = append(rows, []string{e.Name, e.State, strings.TrimSpace(e.From + " " + plugins.Short(e.Digest))})
	}
	p.Table(rows, nil)
}
