package cli

import (
	"context"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/templates"
)

type onboardCmd struct {
	Write  bool `help:"Put the page into CONTRIBUTING.md, between marks"`
	DryRun bool `short:"n" help:"With --write: show what would be written, and write nothing"`
}

// Help returns the details for davit onboard --help.
func (onboardCmd) Help() string {
	return `It prints one page for a new colleague, made from the project: the tools that it needs, the targets, the services of
tests, the environments, and who to ask (CODEOWNERS). With --write the page is put into CONTRIBUTING.md between marks; what
is around them stays, and writing it again renews it.`
}

// Run prints the page as Markdown; with --json what is on it, a templates.Onboarding.
func (cmd *onboardCmd) Run(ctx context.Context, c *call) error {
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	environments := c.available(p)
	if p.Empty() && len(environments) == 0 {
		return p.EmptyError()
	}
	about := p.Onboarding(environments, paramsOf)
	page := templates.Onboard(about)
	switch {
	case !cmd.Write:
		return c.result(about, func(p printer) { p.Printf("%s\n", ui.Lines("", page)) })
	case cmd.DryRun:
		return c.wouldWrite(p, page)
	}
	display := c.display()
	defer display.Close()
	return p.Onboard(ctx, page, app.Request{Kill: c.kill, Piped: c.options.JSON}, display.Event)
}

// wouldWrite shows how CONTRIBUTING.md would change.
func (c *call) wouldWrite(p *app.Project, page string) error {
	job, err := p.OnboardJob(page)
	if err != nil {
		return err
	}
	written, err := p.Written(job)
	if err != nil {
		return err
	}
	return c.result(dryJSON{job.Plan, places(job), nil}, func(p printer) { p.Patch("", written) })
}

// names returns the names of the environments that commands know, in the order of promotion.
func (c *call) names(p *app.Project) (names []string) {
	all, _ := c.environments(p, app.Request{}).All()
	for _, e := range all {
		names = append(names, e.Name)
	}
	return names
}
