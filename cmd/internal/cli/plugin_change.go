package cli

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/pluginreg"
	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/ui"
)

type pluginAddCmd struct {
	Ref string `arg:"" help:"The published plugin: registry.example.com/platform/acme:1.4"`
	As  string `placeholder:"NAME" help:"The name of the plugin in this project (default: its own)"`
	Yes bool   `short:"y" help:"Do not ask: grant what the plugin asks for"`
}

// Run adds a published plugin to the project. With --json it prints a pluginreg.Change.
func (cmd *pluginAddCmd) Run(ctx context.Context, c *call) error {
	return c.changePublished(ctx, cmd.Yes, func(published PublishedPlugins) (*pluginreg.Change, error) {
		return published.Add(ctx, c.root(), c.reference(cmd.Ref), cmd.As)
	})
}

type pluginUpdateCmd struct {
	Name  string `arg:"" help:"The plugin, as davit plugin list has it"`
	Grant bool   `help:"Grant what the plugin asks for now"`
	Yes   bool   `short:"y" help:"Do not ask"`
}

// Run pins a plugin to what its tag is now. With --json it prints a pluginreg.Change.
func (cmd *pluginUpdateCmd) Run(ctx context.Context, c *call) error {
	return c.changePublished(ctx, cmd.Yes, func(published PublishedPlugins) (*pluginreg.Change, error) {
		return published.Update(ctx, c.root(), cmd.Name, cmd.Grant)
	})
}

type pluginRemoveCmd struct {
	Name string `arg:"" help:"The plugin, as davit plugin list has it"`
	Yes  bool   `short:"y" help:"Do not ask"`
}

// Run removes a published plugin from the project. With --json it prints a pluginreg.Change.
func (cmd *pluginRemoveCmd) Run(ctx context.Context, c *call) error {
	return c.changePublished(ctx, cmd.Yes, func(published PublishedPlugins) (*pluginreg.Change, error) {
		return published.Remove(c.root(), cmd.Name)
	})
}

// changePublished shows a change of what the project uses of what is published, asks, and makes it. Meanwhile no other davit
// changes the files of the project.
func (c *call) changePublished(ctx context.Context, yes bool, propose func(PublishedPlugins) (*pluginreg.Change, error)) error {
	published, err := c.publishedPlugins()
	if err != nil {
		return err
	}
	unlock, err := c.lockFiles(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	change, err := propose(published)
	if err != nil {
		return err
	}
	if err := c.result(change, func(p printer) { p.publishedChange(change) }); err != nil {
		return err
	}
	if err := c.confirmChange(ctx, change, yes); err != nil {
		return err
	}
	return published.Apply(change)
}

// lockFiles waits until no other davit changes project.toml and project.lock. The caller unlocks them.
func (c *call) lockFiles(ctx context.Context) (unlock func(), err error) {
	return app.LockFiles(ctx, c.Cache, c.root(), c.Environ, func() {
		c.Streams.Warning("another davit changes "+project.File+" or "+project.LockFile+" in "+c.root()+": waiting for that to end", "")
	})
}

// confirmChange asks whether to make a change, and returns an error if it is not confirmed.
func (c *call) confirmChange(ctx context.Context, change *pluginreg.Change, yes bool) error {
	if yes {
		return nil
	}
	if c.options.JSON || !c.Streams.InTerminal() {
		return fault.Refusef("--yes confirms it", "cannot prompt: stdin is not a terminal; nothing was changed")
	}
	switch agreed, err := c.Streams.Ask(ctx, changeQuestion(change)); {
	case err != nil:
		return err
	case !agreed:
		return fault.Refusef("", "not confirmed; nothing was changed")
	}
	return nil
}

func changeQuestion(change *pluginreg.Change) string {
	if change.Kind == blobs.Convention {
		return "Change the convention of this project?"
	}
	return "Change the plugins of this project?"
}

// publishedChange prints a change: what the plugin may do then or what is different in the convention, and the files.
func (p printer) publishedChange(change *pluginreg.Change) {
	p.Printf("%s %s  %s\n", change.Name, change.Version, change.Ref)
	p.permissions("May", change.Grants)
	if change.Kind == blobs.Convention {
		p.conventionChanges(change.Changes)
	}
	for _, e := range change.Edits {
		p.Patch("", ui.Unified("a/"+e.File, e.Was, "b/"+e.File, e.Now))
	}
}

// publishedPlugins returns the use cases of published plugins. davit, which has none, hands over to davit-engine.
func (c *call) publishedPlugins() (PublishedPlugins, error) {
	if c.Published == nil {
		return nil, c.Handover()
	}
	r, err := c.publishedRequest()
	return c.Published(r), err
}

// publishedRequest says who asks for published plugins.
func (c *call) publishedRequest() (r PublishedRequest, err error) {
	r = PublishedRequest{Env: c.Environ, Store: app.PublishedStore(c.Cache, c.root()), Offline: c.options.Offline, Root: c.root(),
		Warn: c.Streams.Warning}
	env := func(name string) string { return environ.Get(c.Environ, name) }
	user, err := app.ReadUser(env, c.root())
	if err != nil {
		return r, err
	}
	if user != nil {
		r.Mirrors = user.Mirrors
	}
	r.Trust, err = app.ReadTrust(env, c.root())
	return r, err
}

// reference returns a reference that somebody typed, as project.toml has it: the folder of a layout is relative to the
// project.
func (c *call) reference(ref string) string {
	dir, tag, is := project.Layout(ref)
	if !is || dir == "" || filepath.IsAbs(dir) {
		return ref
	}
	rel, err := filepath.Rel(c.root(), c.inFolder(dir))
	if err != nil {
		return ref
	}
	if rel = filepath.ToSlash(rel); !strings.HasPrefix(rel, "../") {
		rel = "./" + rel
	}
	if tag == "" {
		return "oci:" + rel
	}
	return project.LayoutReference(rel, tag)
}

// root returns the folder of the project.
func (c *call) root() string { return app.FindRoot(c.folder()).Dir }
