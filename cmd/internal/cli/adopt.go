package cli

import (
	"context"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/generator"
	"github.com/davit-dev/davit/templates/scaffold"
)

type adoptCmd struct {
	DryRun bool `short:"n" help:"Print the file and write nothing"`
}

// Help returns the details for davit adopt --help.
func (adoptCmd) Help() string {
	return `In a folder with sources it writes a project.toml that names what davit found, and has a target with the stack's own
command for each part that no plugin knows. davit works without the file: it is the place to say what differs. In an
empty folder it asks for a template (see davit new) or, without a terminal, writes a file to begin with.`
}

// Run writes project.toml and says what to type next.
func (cmd *adoptCmd) Run(ctx context.Context, c *call) error {
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	if cmd.DryRun {
		job, err := p.AdoptJob()
		if err != nil {
			return err
		}
		return c.result(dryJSON{job.Plan, places(job), nil}, func(p printer) {
			p.writes(job)
			p.Printf("%s\n", p.OutStyle().Dim("nothing was written: this is what davit adopt would write"))
		})
	}
	switch template, err := c.chooseTemplate(ctx, p); {
	case err != nil:
		return err
	case template != "":
		return c.beginWith(ctx, template, p)
	}
	display := c.display()
	defer display.Close()
	if err := p.Adopt(ctx, app.Request{Kill: c.kill}, display.Event); err != nil || c.options.JSON || c.options.Quiet {
		return err
	}
	display.Close()
	return c.next(ctx)
}

// chooseTemplate asks for the template that an empty folder begins with; "" is none.
func (c *call) chooseTemplate(ctx context.Context, p *app.Project) (name string, err error) {
	if c.options.JSON || !c.Streams.InTerminal() || !p.Unknown() || generator.CheckEmpty(p.Root.Dir) != nil {
		return "", nil
	}
	for {
		name, err := c.Streams.Prompt(ctx, "Begin with a template ("+strings.Join(scaffold.Names(), ", ")+"), or with none?", "none")
		if err != nil || name == "none" {
			return "", err
		}
		origin, err := c.origin(ctx, name)
		if err == nil {
			_, err = generator.Template(origin, c.folder())
		}
		if err == nil {
			return name, nil
		}
		c.Streams.Warning(err.Error(), "")
	}
}

// beginWith writes a project from a template into the folder of one that is empty.
func (c *call) beginWith(ctx context.Context, template string, p *app.Project) error {
	project, err := c.planProject(ctx, template, p.Root.Dir, answerOptions{})
	if err != nil {
		return err
	}
	if err := project.Write(); err != nil {
		return err
	}
	return c.result(project, func(p printer) { p.newProject(project, ".", false) })
}

// next says what to type in a project that has a project.toml now.
func (c *call) next(ctx context.Context) error {
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	environments := c.available(p)
	for _, target := range []string{"init", "build", "test"} {
		if p.HasTarget(target) {
			c.Streams.Printf("next: davit %s\n", target)
			c.printer().environmentsHint(environments)
			return nil
		}
	}
	if len(environments) > 0 {
		return c.Streams.Printf("next: davit plan %s\n", environments[0])
	}
	return c.Streams.Printf("next: add a target to project.toml, then davit targets; davit new begins a project from a template\n")
}
