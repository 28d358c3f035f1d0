package cli

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/upgrade"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/suggest"
	"github.com/davit-dev/davit/internal/text"
)

type upgradeCmd struct {
	Subjects []string `arg:"" optional:"" name:"subject" help:"What to upgrade: template, convention, plugins, images, tools or dependencies (default: all)"`
	Check    bool     `help:"Change nothing: print what is behind, and exit with 3 if something is"`
	Test     bool     `help:"Run davit check after each subject, and take back one that makes it fail"`
	Commit   bool     `help:"Make a commit of each subject"`
	answerOptions
	confirmOptions
	runOptions
}

// The subjects of davit upgrade, in the order in which they are moved: what decides what others are comes first.
const (
	templateSubject     = "template"
	conventionSubject   = "convention"
	pluginsSubject      = "plugins"
	imagesSubject       = "images"
	toolsSubject        = "tools"
	dependenciesSubject = "dependencies"
)

var upgradeSubjects = []string{templateSubject, conventionSubject, pluginsSubject, imagesSubject, toolsSubject, dependenciesSubject}

// Help returns the details for davit upgrade --help.
func (upgradeCmd) Help() string {
	return `One subject after the other is moved to its newest version. Its changes are shown and, on a terminal, asked about; what is
not wanted is taken back. The dependencies are moved by the target upgrade. A target upgrade that the project has itself
is run in place of this command; davit --command upgrade reaches it, with that target as dependencies. docs/upgrade.md
says more.`
}

// Run upgrades the project. With --check or --dry-run, and --json, it prints an upgradesJSON.
func (u *upgradeCmd) Run(ctx context.Context, c *call) error {
	u.yes = u.Yes
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	subjects, err := u.subjects(ctx, c, p)
	switch {
	case err != nil:
		return err
	case u.Check:
		return u.check(ctx, c, subjects)
	case u.DryRun:
		return u.dryRun(ctx, c, p, subjects)
	}
	unlock, err := p.LockUpgrade()
	if err != nil {
		return err
	}
	defer unlock()
	unlockFiles, err := c.lockFiles(ctx)
	if err != nil {
		return err
	}
	defer unlockFiles()
	w, err := upgrade.Open(p.Root.Dir, p.Cache, p.Key())
	if err != nil {
		return err
	}
	defer w.Close()
	return w.Run(ctx, subjects, u.options(c, p))
}

// options returns the options of an upgrade.
func (u *upgradeCmd) options(c *call, p *app.Project) upgrade.Options {
	o := upgrade.Options{Commit: u.Commit, Reporter: &upgradeReporter{call: c, asks: !u.Yes && p.Prompts(c.options.JSON)}}
	if u.Test {
		o.Test = func(ctx context.Context) error { return c.run(ctx, []string{"check"}, u.runOptions) }
	}
	return o
}

// subjects returns the subjects that were asked for, or else all that the project has.
func (u *upgradeCmd) subjects(ctx context.Context, c *call, p *app.Project) ([]upgrade.Subject, error) {
	for _, name := range u.Subjects {
		if !slices.Contains(upgradeSubjects, name) {
			return nil, noSubject(name, p)
		}
	}
	all, err := u.all(ctx, c, p)
	if err != nil {
		return nil, err
	}
	var asked []upgrade.Subject
	for _, name := range upgradeSubjects {
		i := slices.IndexFunc(all, func(s upgrade.Subject) bool { return s.Name == name })
		switch named := slices.Contains(u.Subjects, name); {
		case i < 0 && named:
			return nil, absentSubject(name, p)
		case i >= 0 && (named || len(u.Subjects) == 0):
			asked = append(asked, all[i])
		}
	}
	if len(asked) == 0 {
		return nil, nothingToUpgrade(p)
	}
	return asked, nil
}

// noSubject returns the error about a word that is no subject.
func noSubject(name string, p *app.Project) error {
	hint := "the subjects are " + text.And(upgradeSubjects)
	switch near := suggest.Nearest(name, upgradeSubjects); {
	case p.HasTarget(name):
		hint = "davit upgrade, and then davit " + name
	case len(near) > 0:
		hint = "did you mean " + suggest.Quoted(near) + "?"
	}
	return fault.Preconditionf(hint, "%q is nothing that davit upgrade moves", name)
}

// absences say what a project has not that has nothing of a subject, and what would give it that.
var absences = map[string][2]string{
	templateSubject:     {"it was made from no template", "davit new begins a project from a template"},
	conventionSubject:   {"project.toml names no published convention", "davit convention use takes one"},
	pluginsSubject:      {"project.toml names no published plugin", "davit plugin add adds one"},
	imagesSubject:       {"project.lock pins no images", "davit lock pins them"},
	toolsSubject:        {"no file pins the version of a tool", ""},
	dependenciesSubject: {"it offers no target upgrade", "davit explain upgrade says why"},
}

// absentSubject returns the error about a subject of which the project has nothing.
func absentSubject(name string, p *app.Project) error {
	return fault.Preconditionf(absences[name][1], "%s has no %s to upgrade: %s", p.Name, name, absences[name][0])
}

// nothingToUpgrade returns the error about a project that has no subject.
func nothingToUpgrade(p *app.Project) error {
	if err := p.CheckOffered("upgrade"); err != nil {
		return err
	}
	var why []string
	for _, name := range upgradeSubjects {
		why = append(why, absences[name][0])
	}
	return fault.Preconditionf("davit targets lists what it offers", "%s has nothing to upgrade: %s", p.Name, strings.Join(why, ", "))
}

type upgradesJSON struct {
	Subjects []upgradeJSON `json:"subjects"`
}

// An upgradeJSON is a subject that davit upgrade has looked at.
type upgradeJSON struct {
	upgrade.Status
	// Changes are what would become of files.
	Changes []upgrade.Change `json:"changes,omitempty"`
	// Steps are the steps that would be run.
	Steps []string `json:"steps,omitempty"`
}

// check prints what is behind, and returns an error with exit code 3 if something is. A subject that cannot be looked up hides
// no other one: the first error is returned in the end, and others are warnings.
func (u *upgradeCmd) check(ctx context.Context, c *call, subjects []upgrade.Subject) error {
	out, failures := upgradesJSON{[]upgradeJSON{}}, map[string]error{}
	behind, first := false, ""
	for _, s := range subjects {
		p, err := s.Propose(ctx)
		if ctx.Err() != nil {
			return cmp.Or(err, ctx.Err())
		}
		if err != nil {
			first, failures[s.Name] = cmp.Or(first, s.Name), err
			p = &upgrade.Proposal{Status: upgrade.Status{Subject: s.Name, State: upgrade.Unknown, Reason: err.Error()}}
		}
		behind = behind || p.State == upgrade.Behind
		out.Subjects = append(out.Subjects, upgradeJSON{Status: p.Status})
	}
	err := c.result(out, func(p printer) {
		for _, s := range out.Subjects {
			switch failure := failures[s.Subject]; {
			case failure == nil:
				p.subject(s.Status)
			case s.Subject != first:
				c.Streams.Warning(failure.Error(), "")
			}
		}
	})
	switch {
	case err != nil:
		return err
	case first != "" && c.options.JSON:
		return &app.SilentError{Code: fault.Of(failures[first])}
	case first == "" && behind:
		return &app.SilentError{Code: fault.Pending}
	}
	return failures[first]
}

// dryRun prints what would be changed, and run.
func (u *upgradeCmd) dryRun(ctx context.Context, c *call, p *app.Project, subjects []upgrade.Subject) error {
	out := upgradesJSON{[]upgradeJSON{}}
	for _, s := range subjects {
		proposal, err := s.Propose(ctx)
		if err != nil {
			return err
		}
		one := upgradeJSON{Status: proposal.Status, Changes: proposal.Changes}
		if s.Name == dependenciesSubject {
			job, err := p.DryRun(ctx, c.request([]string{"upgrade"}, u.runOptions))
			if err != nil {
				return err
			}
			for _, step := range job.Graph.Steps() {
				one.Steps = append(one.Steps, step.ID)
			}
			if !c.options.JSON {
				c.printer().job(job)
			}
		} else if !c.options.JSON {
			c.printer().upgradeProposal(proposal)
		}
		out.Subjects = append(out.Subjects, one)
	}
	if c.options.JSON {
		return c.printJSON(out)
	}
	return nil
}
