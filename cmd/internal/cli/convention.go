package cli

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/pluginreg"
	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/conventions/team"
	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
)

// conventionCmd has the commands about conventions.
type conventionCmd struct {
	Check   conventionCheckCmd   `cmd:"" help:"Say which targets this project lacks that its convention requires; exit with 3 if it lacks any"`
	Diff    conventionDiffCmd    `cmd:"" help:"Show what is different in another convention"`
	Publish conventionPublishCmd `cmd:"" help:"Publish a convention to a registry, with its plugins and templates"`
	Inspect conventionInspectCmd `cmd:"" help:"Show a published convention: its version, its digest, what it brings"`
	Use     conventionUseCmd     `cmd:"" help:"Use a published convention in this project, pinned in project.lock"`
	Update  conventionUpdateCmd  `cmd:"" help:"Pin the convention to what its tag is now"`
	Fetch   pluginFetchCmd       `cmd:"" help:"Download the convention and the plugins that project.lock pins"`
}

type conventionCheckCmd struct{}

// Run prints what the project lacks. With --json it prints an app.Conformity.
func (conventionCheckCmd) Run(ctx context.Context, c *call) error {
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	p.WarnFailures()
	found := p.Conform()
	if err := c.result(found, func(out printer) { out.conformity(found) }); err != nil || len(found.Lacks) == 0 {
		return err
	}
	return &app.SilentError{Code: fault.Pending}
}

// conformity prints what a project lacks.
func (p printer) conformity(c app.Conformity) {
	if len(c.Lacks) == 0 {
		p.Printf("%s offers what %s requires\n", c.Project, c.Convention)
		return
	}
	p.Printf("%s lacks what %s requires:\n", c.Project, c.Convention)
	var rows [][]string
	for _, l := range c.Lacks {
		rows = append(rows, []string{"  " + l.Target, l.Why})
	}
	p.Table(rows, nil)
}

type conventionDiffCmd struct {
	A string `arg:"" help:"A convention: gazr@1, a file, or a published one"`
	B string `arg:"" help:"Another one"`
}

type conventionDiffJSON struct {
	Changes []conventions.Change `json:"changes"`
}

// Run prints what is different in a convention. With --json it prints a conventionDiffJSON.
func (cmd *conventionDiffCmd) Run(ctx context.Context, c *call) error {
	a, err := c.convention(ctx, cmd.A)
	if err != nil {
		return err
	}
	b, err := c.convention(ctx, cmd.B)
	if err != nil {
		return err
	}
	changes := a.Diff(b)
	return c.result(conventionDiffJSON{changes}, func(p printer) { p.conventionChanges(changes) })
}

// convention returns the convention of an argument. What is published, and a file that extends that, need davit-engine.
func (c *call) convention(ctx context.Context, name string) (*team.Convention, error) {
	reference, dir := project.ValidReference(name), c.root()
	if conventions.IsFile(name) && !reference {
		dir, name = filepath.Split(c.inFolder(name))
	}
	if !reference {
		found, err := team.Source{Dir: dir}.Open(name)
		if _, pinned := errors.AsType[*blobs.PinError](err); !pinned {
			return found, asPrecondition(err)
		}
	}
	published, err := c.publishedPlugins()
	if err != nil {
		return nil, err
	}
	if reference {
		name = c.reference(name)
	}
	return published.OpenConvention(ctx, dir, name)
}

// asPrecondition returns an error before which nothing was changed.
func asPrecondition(err error) error {
	if err == nil || fault.ChangedNothing(err) {
		return err
	}
	return fault.Preconditionf("", "%v", err)
}

type conventionPublishCmd struct {
	File string `arg:"" help:"The folder of the convention, or its file"`
	publishOptions
}

// Run publishes a convention. With --json it prints a pluginreg.Convention.
func (cmd *conventionPublishCmd) Run(ctx context.Context, c *call) error {
	published, err := c.publishedPlugins()
	if err != nil {
		return err
	}
	a, err := published.PublishConvention(ctx, c.inFolder(cmd.File), c.publication(cmd.publishOptions))
	if err != nil {
		return err
	}
	return c.result(a, func(p printer) { p.publishedConvention(a) })
}

type conventionInspectCmd struct {
	Ref string `arg:"" help:"The published convention: registry.example.com/platform/way:2"`
}

// Run prints what a published convention is. With --json it prints a pluginreg.Convention.
func (cmd *conventionInspectCmd) Run(ctx context.Context, c *call) error {
	published, err := c.publishedPlugins()
	if err != nil {
		return err
	}
	a, err := published.InspectConvention(ctx, c.reference(cmd.Ref))
	if err != nil {
		return err
	}
	return c.result(a, func(p printer) { p.publishedConvention(a) })
}

// publishedConvention prints a published convention.
func (p printer) publishedConvention(a *pluginreg.Convention) {
	p.artifact(a.Artifact, a.Name+" "+a.Version, a.Summary)
	p.Printf("extends %s\n", a.Extends)
	for _, brings := range []struct {
		what  string
		names []string
	}{{"plugins", a.Plugins}, {"templates", a.Templates}} {
		if len(brings.names) > 0 {
			p.Printf("%s: %s\n", brings.what, strings.Join(brings.names, ", "))
		}
	}
}

type conventionUseCmd struct {
	Ref string `arg:"" help:"The published convention: registry.example.com/platform/way:2"`
	Yes bool   `short:"y" help:"Do not ask"`
}

// Run has the project use a published convention. With --json it prints a pluginreg.Change.
func (cmd *conventionUseCmd) Run(ctx context.Context, c *call) error {
	return c.changePublished(ctx, cmd.Yes, func(published PublishedPlugins) (*pluginreg.Change, error) {
		return published.Use(ctx, c.root(), c.reference(cmd.Ref))
	})
}

type conventionUpdateCmd struct {
	Yes bool `short:"y" help:"Do not ask"`
}

// Run pins the convention of the project to what its tag is now. With --json it prints a pluginreg.Change.
func (cmd *conventionUpdateCmd) Run(ctx context.Context, c *call) error {
	return c.changePublished(ctx, cmd.Yes, func(published PublishedPlugins) (*pluginreg.Change, error) {
		return published.UpdateConvention(ctx, c.root())
	})
}

// conventionChanges prints what is different in a convention.
func (p printer) conventionChanges(changes []conventions.Change) {
	if len(changes) == 0 {
		p.Printf("no difference\n")
	}
	marks := map[string]string{"added": "+", "removed": "-", "changed": "~"}
	for _, change := range changes {
		if change.Target == "" {
			p.Printf("%s %s\n", marks[change.Kind], strings.Join(change.Details, ", "))
			continue
		}
		p.Printf("%s %s\n", marks[change.Kind], change.Target)
		for _, detail := range change.Details {
			p.Printf("    %s\n", detail)
		}
	}
}
