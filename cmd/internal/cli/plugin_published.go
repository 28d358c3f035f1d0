package cli

import (
	"context"
	"io/fs"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/pluginreg"
	"github.com/davit-dev/davit/conventions/team"
	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/trust"
	"github.com/davit-dev/davit/plugins"
)

// PublishedPlugins are the use cases of published plugins, which davit-engine alone has.
type PublishedPlugins interface {
	Publish(ctx context.Context, file string, to pluginreg.Publication) (*pluginreg.Plugin, error)
	Inspect(ctx context.Context, ref string) (*pluginreg.Plugin, error)
	Fetch(ctx context.Context, dir string) ([]pluginreg.Entry, error)
	List(dir string) ([]pluginreg.Entry, error)
	Add(ctx context.Context, dir, ref, as string) (*pluginreg.Change, error)
	Update(ctx context.Context, dir, name string, grant bool) (*pluginreg.Change, error)
	Remove(dir, name string) (*pluginreg.Change, error)
	Apply(*pluginreg.Change) error
	Newer(ctx context.Context, dir string) (*pluginreg.Newer, error)
	Move(context.Context, *pluginreg.Newer) error
	PublishConvention(ctx context.Context, file string, to pluginreg.Publication) (*pluginreg.Convention, error)
	PublishTemplate(ctx context.Context, dir string, to pluginreg.Publication) (*pluginreg.Template, error)
	OpenTemplate(ctx context.Context, ref, pin string) (files fs.FS, digest string, err error)
	InspectConvention(ctx context.Context, ref string) (*pluginreg.Convention, error)
	OpenConvention(ctx context.Context, dir, name string) (*team.Convention, error)
	Use(ctx context.Context, dir, ref string) (*pluginreg.Change, error)
	UpdateConvention(ctx context.Context, dir string) (*pluginreg.Change, error)
	Vendor(ctx context.Context, dir string) (*pluginreg.Vendoring, error)
	CheckVendored(dir string) error
	Verify(ctx context.Context, ref string, b blobs.Blob) error
	Image(ctx context.Context, ref string) (string, error)
	Search(ctx context.Context, namespace, word string) ([]project.Listed, error)
}

// A PublishedRequest says who asks for published plugins, and where this machine has them.
type PublishedRequest struct {
	Env     []string
	Store   blobs.Store
	Offline bool
	// Root is the folder that layouts are relative to, that of the project.
	Root string
	// Mirrors of registries, from the user's configuration.
	Mirrors map[string]string
	// Trust says whose signatures count.
	Trust trust.Rules
	// Warn takes warnings.
	Warn func(text, hint string)
}

type pluginPublishCmd struct {
	File string `arg:"" help:"The plugin, as davit plugin build wrote it: FILE.wasm"`
	publishOptions
}

// publishOptions say where something is published, and how.
type publishOptions struct {
	Ref  string `arg:"" help:"Where to publish it: registry.example.com/platform/acme:1.4"`
	Sign string `placeholder:"KEY" help:"Sign it with the private key in a file or in a variable (env://NAME), of cosign or ssh; DAVIT_KEY_PASSWORD or COSIGN_PASSWORD is its password"`
	Move bool   `help:"Have a tag that names something else name this"`
}

// publication returns what the options say.
func (c *call) publication(o publishOptions) pluginreg.Publication {
	return pluginreg.Publication{Ref: c.reference(o.Ref), Key: c.keyFile(o.Sign), Move: o.Move}
}

// Run publishes a plugin. With --json it prints a pluginreg.Plugin.
func (cmd *pluginPublishCmd) Run(ctx context.Context, c *call) error {
	published, err := c.publishedPlugins()
	if err != nil {
		return err
	}
	a, err := published.Publish(ctx, c.inFolder(cmd.File), c.publication(cmd.publishOptions))
	if err != nil {
		return err
	}
	return c.result(a, func(p printer) { p.publishedPlugin(a) })
}

type pluginInspectCmd struct {
	Ref string `arg:"" help:"The published plugin: registry.example.com/platform/acme:1.4"`
}

// Run prints what a published plugin is. With --json it prints a pluginreg.Plugin.
func (cmd *pluginInspectCmd) Run(ctx context.Context, c *call) error {
	published, err := c.publishedPlugins()
	if err != nil {
		return err
	}
	a, err := published.Inspect(ctx, c.reference(cmd.Ref))
	if err != nil {
		return err
	}
	return c.result(a, func(p printer) { p.publishedPlugin(a) })
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

// Run downloads the plugins and the convention that project.lock pins. With --json it prints a pluginsJSON with what was downloaded.
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

// publishedPlugin prints a published plugin.
func (p printer) publishedPlugin(a *pluginreg.Plugin) {
	p.artifact(a.Artifact, a.Manifest.Name+" "+a.Manifest.Version, a.Manifest.Summary)
	p.permissions("Asks to", a.Manifest.Permissions)
}

// artifact prints what was published, or is in a registry.
func (p printer) artifact(a pluginreg.Artifact, name, summary string) {
	p.Printf("%s  %s, %s\n%s\n", a.Ref, name, size(a.Size), a.Digest)
	if summary != "" {
		p.Printf("%s\n", summary)
	}
	if a.SignedBy != "" {
		p.Printf("signed by the key %s\n", blobs.Short(a.SignedBy))
	}
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
		from := strings.TrimSpace(e.From + " " + blobs.Short(e.Digest))
		if e.Convention != "" {
			from += ", of " + e.Convention
		}
		rows = append(rows, []string{e.Name, e.State, from})
	}
	p.Table(rows, nil)
}
