package project

import (
	"slices"
	"strings"
)

// Systems are the names that os = […] of a target takes.
var Systems = []string{"linux", "macos", "windows", "freebsd", "netbsd", "openbsd"}

// RunsOn reports whether the table of a target counts on a system, which is named as Go names it.
func (t Target) RunsOn(goos string) bool {
	if goos == "darwin" {
		goos = "macos"
	}
	return len(t.OS) == 0 || slices.Contains(t.OS, goos)
}

// osFaults returns what is wrong with the systems of a target.
func (p *Project) osFaults(name string, t Target) (faults []error) {
	for _, system := range t.OS {
		if !slices.Contains(Systems, system) {
			faults = append(faults, p.Fault(at(name, "os"), "", "os of %q has %q, wanted %s", name, system,
				strings.Join(Systems, ", ")))
		}
	}
	return faults
}

// KeepSystem takes away the tables of targets that do not count on a system, and returns which systems they are for, by
// the name of the target: "windows and macos".
func (p *Project) KeepSystem(goos string) map[string]string {
	others := map[string]string{}
	for name, t := range p.Targets {
		if !t.RunsOn(goos) {
			others[name] = strings.Join(t.OS, " and ")
			delete(p.Targets, name)
		}
	}
	return others
}
