package app

import (
	"context"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/stacks"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/templates"
)

// Adopt writes a project.toml that names what davit found in a project, and has the command of each part that no plugin
// knows.
func (p *Project) Adopt(ctx context.Context, r Request, emit func(ui.Event)) error {
	job, err := p.AdoptJob()
	if err != nil {
		return err
	}
	return p.execute(ctx, job, r, emit)
}

// Unknown reports whether there is nothing in a project that davit or its list of stacks knows.
func (p *Project) Unknown() bool {
	return !p.HasFile && len(p.Failures) == 0 && p.Empty() && len(p.UnknownParts()) == 0
}

// AdoptJob returns the job of Adopt, and runs nothing. A project that has the file is left alone.
func (p *Project) AdoptJob() (*Job, error) {
	switch {
	case p.HasFile:
		return nil, usage("davit targets lists what davit finds, davit explain TARGET says where a target comes from",
			"%s is there already", project.File)
	case len(p.Failures) > 0:
		return nil, incomplete("what davit found", p.Failures)
	case p.Unknown():
		return p.writing("adopt", project.File, templates.Project(p.Name))
	}
	return p.writing("adopt", project.File, templates.Adopted(p.adoption()))
}

// adoption returns what davit found.
func (p *Project) adoption() templates.Adoption {
	a := templates.Adoption{Name: p.Name}
	for _, o := range p.Offers {
		if o.Provider == ownProvider { // without a project.toml, its targets are the user's own
			continue
		}
		a.Known = append(a.Known, strings.Join(strings.Fields(o.Provider+": "+o.Plan.Summary), " "))
	}
	var taken []string
	for _, t := range p.Resolution.Targets {
		taken = append(taken, t.Name)
		taken = append(taken, t.Aliases...)
	}
	for _, part := range p.UnknownParts() {
		name := freeName(part, taken)
		taken = append(taken, name)
		a.Parts = append(a.Parts, templates.Part{Stack: part.Name, Path: part.Path(), Target: name, Command: inFolder(part)})
	}
	return a
}

// freeName returns the name of a target for a part: that of its stack, with its folder if that is taken.
func freeName(part stacks.Part, taken []string) string {
	plain := func(s string) string {
		return strings.Trim(strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				return r
			}
			return '-'
		}, strings.ToLower(s)), "-")
	}
	name := plain(part.Name)
	for slices.Contains(taken, name) || project.Reserved(name) || project.EnvironmentCommand(name) {
		name += "-" + plain(part.Dir()+" test")
	}
	return name
}
