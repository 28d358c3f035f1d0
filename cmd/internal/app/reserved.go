package app

import (
	"fmt"
	"slices"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/project"
)

// KeepsTarget reports whether the project has a target with the name of a command of environments, and
// declares no environments: then the name is that of the target.
func (p *Project) KeepsTarget(name string) bool {
	t, ok := p.Resolution.Find(name)
	if !ok || len(p.Config.Environments) > 0 {
		return false
	}
	uses, _ := p.Resolution.Expand(t)
	return len(uses) > 0
}

// CheckKeepsTarget returns an error if a task file that could not be read may have a target with the name of
// a command of environments.
func (p *Project) CheckKeepsTarget(name string) error {
	if len(p.Config.Environments) > 0 {
		return nil
	}
	return incomplete("davit "+name, slices.DeleteFunc(slices.Clone(p.Failures),
		func(f Failure) bool { return f.Authority != conventions.Explicit }))
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
