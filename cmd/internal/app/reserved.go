package app

import (
	"fmt"
	"slices"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/project"
)

// reserveCommands takes the names of the commands of environments away from targets, if the project declares
// environments.
func (l loader) reserveCommands() {
	if len(l.Config.Environments) == 0 {
		return
	}
	for _, t := range l.Resolution.Targets {
		if project.EnvironmentCommand(t.Name) {
			l.Resolution.Reserve(t.Name, fmt.Sprintf("davit %s is a command of davit, since %s has [environments]", t.Name, project.File))
		}
	}
}

// KeepsTarget reports whether the project has a target with the name of a command of environments, and
// declares no environments: then the name is that of the target.
func (p *Project) KeepsTarget(name string) bool {
	return len(p.Config.Environments) == 0 && p.HasTarget(name)
}

// HasTarget reports whether the project offers a target of a name.
func (p *Project) HasTarget(name string) bool {
	t, ok := p.Resolution.Find(name)
	uses, _ := p.Resolution.Expand(t)
	return ok && len(uses) > 0
}

// HasOwnTarget reports whether the project itself, and no plugin by what it infers, offers a target of a name.
func (p *Project) HasOwnTarget(name string) bool {
	t, ok := p.Resolution.Find(name)
	if _, named := p.Config.Targets[t.Name]; ok && named && len(t.Winners) == 0 { // it stands for what it needs
		return true
	}
	return slices.ContainsFunc(t.Winners, func(c conventions.Candidate) bool { return c.Authority != conventions.Inferred })
}

// IsCommand reports whether a name is that of a command of environments, and of no target of the project.
func (p *Project) IsCommand(name string) bool {
	return project.EnvironmentCommand(name) && !p.KeepsTarget(name)
}

// CheckKeepsTarget returns an error if a task file that could not be read may have a target with the name of
// a command of environments.
func (p *Project) CheckKeepsTarget(name string) error {
	if len(p.Config.Environments) > 0 {
		return nil
	}
	return p.CheckTaskFiles(name)
}

// CheckTaskFiles returns an error if a task file that could not be read may have a target of a name.
func (p *Project) CheckTaskFiles(name string) error {
	return incomplete("davit "+name, slices.DeleteFunc(slices.Clone(p.Failures),
		func(f Failure) bool { return f.Authority != conventions.Explicit }))
}

// CommandWarnings returns a warning for each published plugin that was not loaded, and that may offer a target with the name
// of a command that runs in its place.
func (p *Project) CommandWarnings(name string) (all []Warning) {
	for _, f := range p.Failures {
		if f.notLoaded() {
			all = append(all, Warning{Text: fmt.Sprintf("%v; davit's own command %s runs", f.Err, name), Hint: f.hint()})
		}
	}
	return all
}

// CheckCommand returns an error if a task file that could not be read may have a target with the name of a command. A
// published plugin that was not loaded does not count: the command may be the one that puts it on this machine.
func (p *Project) CheckCommand(name string) error {
	return incomplete("davit "+name, slices.DeleteFunc(slices.Clone(p.Failures),
		func(f Failure) bool { return f.Authority != conventions.Explicit || f.notLoaded() }))
}

// CheckNoEnvironment returns an error if the argument of a target with the name of a command of environments is
// the name of an environment, and of no target: with environments of project.toml, the command is davit's.
func (p *Project) CheckNoEnvironment(target, argument string) error {
	t, _ := p.Resolution.Find(target)
	if other, ok := p.Resolution.Find(argument); !slices.Contains(p.Stages(), argument) ||
		ok && (other.Name == argument || len(other.Winners) > 0) {
		return nil
	}
	by := project.File
	if len(t.Winners) > 0 {
		by = t.Winners[0].Provider
	}
	return usage(fmt.Sprintf("davit %s -- %s passes the name on; with [environments.%s] in %s, davit %s is davit's own command",
		target, argument, argument, project.File, target),
		"%q is a target of this project (%s), which declares no environment %q", target, by, argument)
}

// Stages returns the promotion order of the convention, the lowest environment first.
func (p *Project) Stages() []string { return p.convention.Environments }
