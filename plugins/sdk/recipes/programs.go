package recipes

import (
	"slices"
	"strings"
)

// addPrograms adds the programs of a package, as far as its name tells: those that are known, else one of its
// own name.
func addPrograms(programs map[string]bool, known, own string) {
	for _, program := range strings.Fields(known) {
		programs[program] = true
	}
	if known == "" && !slices.Contains(system, own) {
		programs[own] = true
	}
}

// system are programs of the system whose names packages have that do not bring them.
var system = strings.Fields("awk bash cat curl date diff docker env find git go grep install jq make node open " +
	"printf python sed sh sort tar tee test time wget which zip")
