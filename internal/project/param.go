package project

import (
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// A Param is one [targets.NAME.params.PARAM] table: a value that the caller gives by name. It is the variable of that
// name in the command.
type Param struct {
	// Summary is one line of help.
	Summary string `toml:"summary" json:"summary,omitempty"`
	// Default is the value where the caller gives none. Absent: the caller must give one.
	Default *string `toml:"default" json:"default,omitempty"`
	// Choices are the values that it may have; without them, any.
	Choices []string `toml:"choices" json:"choices,omitempty"`
}

// Accepts reports whether the parameter may have a value.
func (p Param) Accepts(value string) bool {
	return len(p.Choices) == 0 || slices.Contains(p.Choices, value)
}

// ParamNames returns the names of the parameters of a target, sorted.
func (t Target) ParamNames() []string { return slices.Sorted(maps.Keys(t.Params)) }

// neverParams are variables that shells and loaders act upon.
var neverParams = []string{"PATH", "HOME", "IFS", "ENV", "BASH_ENV", "SHELL", "PWD", "SHELLOPTS", "BASHOPTS", "PATHEXT", "COMSPEC"}

// paramFaults returns what is wrong with the parameters of a target.
func (p *Project) paramFaults(name string, t Target) (faults []error) {
	fault := func(param, key, format string, args ...any) {
		at := []string{"targets", name, "params", param}
		if key != "" {
			at = append(at, key)
		}
		faults = append(faults, p.Fault(at, "", format, args...))
	}
	for _, param := range t.ParamNames() {
		one := t.Params[param]
		_, fixed := t.Env[param]
		switch {
		case !plan.ValidVariable(param):
			fault(param, "", "the parameter %q of %q cannot be the name of a variable: letters, digits and _ can", param, name)
		case slices.Contains(neverParams, param) || strings.HasPrefix(param, "LD_") || strings.HasPrefix(param, "DYLD_") || strings.HasPrefix(param, "DAVIT_"):
			fault(param, "", "the parameter %q of %q would change how programs are found or started; another name can", param, name)
		case fixed:
			fault(param, "", "%q of %q is a parameter and a variable of env", param, name)
		case one.Default != nil && !one.Accepts(*one.Default):
			fault(param, "default", "the default %q of the parameter %q is none of its choices", *one.Default, param)
		}
	}
	return faults
}
