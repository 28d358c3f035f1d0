package app

import "github.com/davit-dev/davit/internal/project"

// nameOtherSystems says of each target of project.toml that is for other systems why it is absent, if no plugin offers
// it.
func (l loader) nameOtherSystems() {
	for name, systems := range l.otherSystems {
		l.Resolution.SayAbsent(name, project.File+" has it for "+systems+" only")
	}
}
