package cli

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/ui"
)

type envCmd struct{ environmentArgs }

// Help returns the details for davit env --help.
func (envCmd) Help() string {
	return `Environments are declared in project.toml, one table each: [environments.staging]. The convention gives the
promotion order: dev, qualification, staging, preproduction, production. A project that declares none has dev,
on the Docker engine of this machine.

davit env does not look for changed files in containers, which takes seconds: davit status does.`
}

// Run lists the environments side by side, the lowest first. With --json it prints
// {"environments":[…]}, each a deploy.Status.
func (cmd *envCmd) Run(ctx context.Context, c *call) error {
	cmd.NameOptional = true
	return c.inEnvironments(ctx, "env", cmd.environmentArgs, runOptions{},
		func(e *deploy.Environments) error {
			if cmd.Name != "" {
				return fault.Preconditionf("davit status "+cmd.Name+" shows one environment",
					"davit env takes no argument: it lists all environments")
			}
			all, err := e.Statuses(ctx)
			if err != nil {
				return err
			}
			return c.result(environmentsJSON{all}, func(p printer) { p.environments(all) })
		})
}

type environmentsJSON struct {
	Environments []deploy.Status `json:"environments"`
}

// environments prints a row for each environment.
func (p printer) environments(all []deploy.Status) {
	style, head := p.OutStyle(), []string{"ENVIRONMENT", "RELEASE", "COMMIT", "SINCE", "HEALTH", "SYNC"}
	var rows [][]string
	for _, s := range all {
		rows = append(rows, p.environmentRow(s))
	}
	p.tableWithHead(head, rows, func(row, col int, text string) ui.Text {
		switch {
		case col == 0:
			return style.Bold(text)
		case text == inSync(false) || text == healthy(false):
			return style.Yellow(text)
		}
		return style.Plain(text)
	})
}

// environmentRow returns the release of an environment and its state.
func (p printer) environmentRow(s deploy.Status) []string {
	switch {
	case s.Error != "":
		return []string{s.Environment, "?", "", "", "", "", s.Error}
	case s.Down != nil:
		return []string{s.Environment, "-", "", p.age(s.Down.Time), "down", "", "destroyed by " + s.Down.By}
	case s.Release == nil && s.Change != nil:
		return []string{s.Environment, "-", "", "", "", "", p.changing(*s.Change)}
	case s.Failed != nil:
		return []string{s.Environment, strconv.Itoa(s.Failed.Number), cmp.Or(sourceOf(s.Failed.Release), "-"), p.age(s.Failed.Time),
			string(s.Failed.Result), "", remark(*s.Failed)}
	case s.Release == nil:
		return []string{s.Environment, "-", "", "", "", "", "nothing has been deployed"}
	}
	r, note := s.Release.Release, cmp.Or(s.Foreign, remark(*s.Release))
	switch {
	case s.Change != nil:
		note = p.changing(*s.Change)
	case s.Interrupted != nil:
		note = p.interrupted(s)
	}
	return []string{
		s.Environment, strconv.Itoa(r.Number), cmp.Or(sourceOf(r), "-"), p.age(r.Time),
		healthy(s.Healthy), inSync(s.InSync), note,
	}
}

// available returns the names of the environments of a project, the lowest first: what it declares or, with a Compose file
// alone, dev.
func (c *call) available(p *app.Project) []string {
	if len(p.Config.Environments) == 0 && (p.KeepsTarget("deploy") || !project.HasComposeFile(p.Root.Dir)) {
		return nil
	}
	return c.names(p)
}

// environmentsHint names the environments of a project, and the first command on them.
func (p printer) environmentsHint(names []string) {
	if len(names) > 0 {
		p.Printf("\n%s\n", p.OutStyle().Dim(fmt.Sprintf("environments: %s; davit plan %s shows what a deploy would change, davit help environments more",
			strings.Join(names, ", "), names[0])))
	}
}
