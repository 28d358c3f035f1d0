package app

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/templates"
)

// Onboarding returns what a new colleague needs to know of the project. Params describes the parameters of a target.
func (p *Project) Onboarding(environments []string, params func(map[string]project.Param) string) templates.Onboarding {
	o := templates.Onboarding{Name: p.Name, Environments: environments, Targets: []templates.Typed{}}
	for _, offer := range p.Offers {
		if offer.Provider != ownProvider { // whose summary names the user's own file
			o.Stacks = append(o.Stacks, offer.Plan.Summary)
		} else if len(p.sharedTargets()) > 0 {
			o.Stacks = append(o.Stacks, project.File)
		}
	}
	for _, s := range p.toolSteps() {
		o.Tools = appendNew(o.Tools, strings.TrimSpace(s.ToolName+" "+s.Tool.Version))
	}
	for _, name := range p.Resolution.Names() {
		if t, _ := p.Resolution.Find(name); p.shared(name) {
			command := strings.TrimSpace(name + " " + params(p.Params(name)))
			o.Targets = append(o.Targets, templates.Typed{Command: command, Summary: t.Summary})
		}
	}
	for name, t := range p.Config.Targets {
		if p.Personal(name) == "" {
			o.Services = appendNew(o.Services, t.Services...)
		}
	}
	slices.Sort(o.Services)
	o.OwnersFile, o.Owners = p.owners()
	return o
}

// owners returns the lines of CODEOWNERS, where the sites that read it look for it.
func (p *Project) owners() (file string, all []templates.Owner) {
	for _, file = range []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"} {
		data, err := regular.ReadInside(p.Root.Dir, file, regular.Config)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(data)) {
			line, _, _ = strings.Cut(line, " #")
			if words := strings.Fields(line); len(words) > 1 && !strings.ContainsAny(words[0][:1], "#[^") {
				all = append(all, templates.Owner{Pattern: words[0], Names: strings.Join(words[1:], " ")})
			}
		}
		return file, all
	}
	return "", nil
}

// OnboardJob returns the job that writes a page into CONTRIBUTING.md, and runs nothing.
func (p *Project) OnboardJob(page string) (*Job, error) {
	name, text := "CONTRIBUTING.md", ""
	for _, at := range []string{"CONTRIBUTING.md", ".github/CONTRIBUTING.md", "docs/CONTRIBUTING.md"} {
		data, err := regular.ReadInside(p.Root.Dir, at, regular.Config)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, usage("", "%s cannot be read: %s", at, regular.Reason(err))
		}
		name, text = at, string(data)
		break
	}
	return p.writing("onboard", name, templates.WithOnboarding(text, page))
}

// Onboard writes a page into CONTRIBUTING.md.
func (p *Project) Onboard(ctx context.Context, page string, r Request, emit func(ui.Event)) error {
	job, err := p.OnboardJob(page)
	if err != nil {
		return err
	}
	return p.execute(ctx, job, r, emit)
}
