package app

// KeepsTarget tells whether the project has a target of a name that is a command of environments too, and declares no environments: it
// had its own way before davit, and keeps it.
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
