package app

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

// Stages returns the promotion order of the convention, the lowest environment first.
func (p *Project) Stages() []string { return p.convention.Environments }
