package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/generator"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/templates/scaffold"
)

type upgradeCmd struct {
	Targets []string `arg:"" optional:"" name:"target" help:"Further targets to run"`
	Check   bool     `help:"Change nothing: exit with 3 if the template has a newer version"`
	Only    string   `enum:",template,dependencies" default:"" placeholder:"SUBJECT" help:"Upgrade this alone: template or dependencies"`
	answerOptions
	confirmOptions
	runOptions
}

// The subjects of davit upgrade.
const (
	templateSubject     = "template"
	dependenciesSubject = "dependencies"
)

// Help returns the details for davit upgrade --help.
func (upgradeCmd) Help() string {
	return `A project that davit new wrote is moved to the newest version of its template: changes of the project stay, and lines
that both changed are marked. Then the target upgrade runs, which moves dependencies and pinned images. A target upgrade
that the project has itself is run in place of this command; davit --command upgrade reaches it. docs/templates.md says more.`
}

// Run upgrades the template, and runs the target upgrade. With --only template and --json it prints a generator.Upgrade, and
// with --check an upgradesJSON.
func (u *upgradeCmd) Run(ctx context.Context, c *call) error {
	u.yes = u.Yes
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	if u.Check {
		return c.checkUpgrade(p)
	}
	upgraded, err := u.template(ctx, c, p)
	switch {
	case err != nil:
		return err
	case u.Only == templateSubject || upgraded && len(u.Targets) == 0 && !p.HasTarget("upgrade"):
		return nil
	case upgraded && !p.HasTarget("upgrade"):
		return c.run(ctx, u.Targets, u.runOptions)
	}
	return c.run(ctx, append([]string{"upgrade"}, u.Targets...), u.runOptions)
}

// template moves the project to the newest version of its template, if it was made from one.
func (u *upgradeCmd) template(ctx context.Context, c *call, p *app.Project) (upgraded bool, err error) {
	if u.Only == dependenciesSubject {
		return false, nil
	}
	set, err := u.answers()
	if err != nil {
		return false, err
	}
	upgrade, err := generator.PlanUpgrade(ctx, generator.FindRecord(c.folder(), p.Root.Dir), set, c.asker(ctx, u.answerOptions))
	if err != nil {
		return false, err
	}
	if upgrade == nil && u.Only == templateSubject {
		return false, noTemplate(p)
	}
	if upgrade == nil {
		return false, nil
	}
	if err := u.show(c, upgrade); err != nil || u.DryRun {
		return true, err
	}
	if err := upgrade.Apply(); err != nil {
		return true, err
	}
	return true, conflictError(upgrade.Conflicts())
}

// conflictError returns the error about files that both the project and its template changed; nil if there are none.
func conflictError(marked, binary []string) error {
	var reasons, hints []string
	if len(marked) > 0 {
		reasons = append(reasons, "this project and its template changed the same lines of "+text.And(marked))
		hints = append(hints, "edit what is between <<<<<<< and >>>>>>>")
	}
	if len(binary) > 0 {
		reasons = append(reasons, fmt.Sprintf("this project and its template changed %s, which cannot be merged", text.And(binary)))
		hints = append(hints, "keep one of the two versions that are side by side")
	}
	if len(reasons) == 0 {
		return nil
	}
	return &fault.Error{Reason: strings.Join(reasons, "; "),
		Next: strings.Join(hints, ", and ") + ", then davit check; davit upgrade goes on from there"}
}

// noTemplate returns the error for a project that no template made.
func noTemplate(p *app.Project) error {
	return fault.Preconditionf("davit new begins a project from a template", "%s was made from no template: it has no %s",
		p.Name, scaffold.RecordFile)
}

// show prints an upgrade: with --json as a generator.Upgrade or, where the events of a run follow, as an event.
func (u *upgradeCmd) show(c *call, upgrade *generator.Upgrade) error {
	switch {
	case c.options.JSON && u.Only == templateSubject:
		return c.printJSON(upgrade)
	case c.options.JSON && u.DryRun: // the plan of the run is all that is printed
	case c.options.JSON:
		ui.NewDisplay(c.Streams, ui.Options{JSON: true}).Event(ui.Event{Type: ui.EventStep, Step: "davit:" + templateSubject,
			Status: ui.StatusOK, Reason: fmt.Sprintf("version %d to %d", upgrade.Version, upgrade.Newest)})
	case !c.options.Quiet:
		c.printer().templateUpgrade(upgrade, u.DryRun || c.options.Verbose)
	}
	return nil
}

// templateUpgrade prints what an upgrade changes, and how.
func (p printer) templateUpgrade(u *generator.Upgrade, patch bool) {
	if !u.Behind() {
		p.Printf("template  %s is at its newest version, %d\n", u.Template, u.Version)
		return
	}
	p.Printf("template  %s: version %d to %d\n", u.Template, u.Version, u.Newest)
	var rows [][]string
	for _, c := range u.Changes {
		row := []string{"  " + c.Action, c.Path}
		if c.Reason != "" {
			row = append(row, c.Reason)
		}
		rows = append(rows, row)
	}
	p.Table(rows, nil)
	for _, c := range u.Changes {
		if patch && c.Action != scaffold.Keep {
			p.Patch("", changePatch(c))
		}
	}
}

// changePatch returns the difference that a change makes.
func changePatch(c scaffold.Change) string {
	was, now := []byte(c.Was), []byte(c.Now)
	switch c.Action {
	case scaffold.Create:
		was = nil
	case scaffold.Delete:
		now = nil
	}
	return ui.Unified("a/"+c.Path, was, "b/"+c.Path, now)
}

type upgradesJSON struct {
	Subjects []upgradeSubject `json:"subjects"`
}

// An upgradeSubject is one that davit upgrade --check has looked at.
type upgradeSubject struct {
	// Subject is template.
	Subject string `json:"subject"`
	generator.Status
	Behind bool `json:"behind"`
}

// checkUpgrade prints what is behind, and returns an error with exit code 3 if something is.
func (c *call) checkUpgrade(p *app.Project) error {
	status, err := generator.Check(generator.FindRecord(c.folder(), p.Root.Dir))
	if err != nil {
		return err
	}
	if status == nil {
		return noTemplate(p)
	}
	subject := upgradeSubject{templateSubject, *status, status.Behind()}
	err = c.result(upgradesJSON{[]upgradeSubject{subject}}, func(p printer) {
		if subject.Behind {
			p.Printf("template  %s: version %d to %d; davit upgrade moves it\n", status.Template, status.Version, status.Newest)
		} else {
			p.Printf("template  %s is at its newest version, %d\n", status.Template, status.Version)
		}
	})
	if err == nil && subject.Behind {
		return &app.SilentError{Code: fault.Pending}
	}
	return err
}
