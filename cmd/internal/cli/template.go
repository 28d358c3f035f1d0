package cli

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/generator"
	"github.com/davit-dev/davit/cmd/internal/pluginreg"
	"github.com/davit-dev/davit/conventions/team"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/templates/scaffold"
)

// templateCmd has the commands about templates.
type templateCmd struct {
	Publish templatePublishCmd `cmd:"" help:"Publish a template to a registry, with all its versions"`
}

type templatePublishCmd struct {
	Dir string `arg:"" help:"The folder of the template"`
	publishOptions
}

// Run publishes a template. With --json it prints a pluginreg.Template.
func (cmd *templatePublishCmd) Run(ctx context.Context, c *call) error {
	published, err := c.publishedPlugins()
	if err != nil {
		return err
	}
	t, err := published.PublishTemplate(ctx, c.inFolder(cmd.Dir), c.publication(cmd.publishOptions))
	if err != nil {
		return err
	}
	return c.result(t, func(p printer) { p.publishedTemplate(t) })
}

// publishedTemplate prints a published template.
func (p printer) publishedTemplate(t *pluginreg.Template) {
	p.artifact(t.Artifact, t.Name, t.Summary)
	p.Printf("newest version: %d\n", t.Newest)
}

// origin returns where a template is that somebody names: published, one of the conventions of the project and of the user, or
// built in.
func (c *call) origin(ctx context.Context, name string) (generator.Origin, error) {
	if project.ValidReference(name) {
		return c.publishedTemplate(ctx, c.reference(name), "")
	}
	team, err := c.teamTemplates(ctx)
	if err != nil && !slices.Contains(scaffold.Names(), name) && !strings.ContainsAny(name, `/\.`) {
		return generator.Origin{}, err
	}
	if t, brought := team[name]; brought {
		return t, nil
	}
	return generator.Origin{Template: name}, nil
}

// publishedTemplate returns where a published template is.
func (c *call) publishedTemplate(ctx context.Context, ref, pin string) (o generator.Origin, err error) {
	published, err := c.publishedPlugins()
	if err != nil {
		return o, err
	}
	o.Template = ref
	o.Files, o.Pin, err = published.OpenTemplate(ctx, ref, pin)
	return o, err
}

// teamTemplates returns the templates that the conventions of the project and of the user bring, by name.
func (c *call) teamTemplates(ctx context.Context) (map[string]generator.Origin, error) {
	o := c.appOptions(ctx)
	own, err := app.OpenConvention(o)
	if err != nil {
		return nil, err
	}
	user, err := app.OpenUserConvention(o)
	if err != nil {
		return nil, err
	}
	all := map[string]generator.Origin{}
	if user != nil {
		maps.Copy(all, c.origins(user, ""))
	}
	maps.Copy(all, c.origins(own, c.root()))
	return all, nil
}

// origins returns where the templates of a convention are. Those of one in a file are folders below that of the project.
func (c *call) origins(convention *team.Convention, root string) map[string]generator.Origin {
	all := map[string]generator.Origin{}
	for name, t := range convention.Templates() {
		o := generator.Origin{Template: name, From: t.Of.Ref, Pin: t.Of.Digest, Files: t.Files}
		if t.Files == nil {
			o = generator.Origin{Template: generator.RelativePath(filepath.Join(root, filepath.FromSlash(t.Dir)), "", c.folder())}
		}
		all[name] = o
	}
	return all
}

// newest returns what finds the newest version of the template that a project was made from. A template of the convention of
// the project is that of the version which the project pins.
func (c *call) newest(ctx context.Context, p *app.Project) generator.Finder {
	return func(r *scaffold.Record) (generator.Origin, error) {
		switch {
		case r.Pin == "":
			return generator.Origin{Template: r.Template}, nil
		case r.From == "":
			return c.publishedTemplate(ctx, r.Template, r.Pin)
		}
		convention := p.Convention()
		if !slices.ContainsFunc(convention.Published(), func(one *team.Convention) bool { return one.Ref == r.From }) {
			published, err := c.publishedPlugins()
			if err != nil {
				return generator.Origin{}, err
			}
			if convention, err = published.OpenConvention(ctx, c.root(), r.From); err != nil {
				return generator.Origin{}, err
			}
		}
		if o, brought := c.origins(convention, c.root())[r.Template]; brought {
			return o, nil
		}
		return generator.Origin{}, fault.Preconditionf("davit convention update may bring it", "convention %q has no template %q any more", r.From, r.Template)
	}
}
