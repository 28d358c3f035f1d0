package app

import (
	"slices"

	"github.com/davit-dev/davit/conventions"
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

// Stages returns the promotion order of the convention, the lowest environment first.
func (p *Project) Stages() []string { return p.convention.Environments }
