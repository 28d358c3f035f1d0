package plan

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxSteps is far more than any project has, and few enough to check the graph quickly.
const maxSteps = 10_000

// Validate returns all faults of the plan, joined. Each names its step.
func (p *Plan) Validate() error {
	if p.API != API {
		return fmt.Errorf("api is %d, wanted %d", p.API, API)
	}
	if !p.Match {
		if len(p.Steps) > 0 || len(p.Targets) > 0 {
			return errors.New("the plan does not match but has steps or targets")
		}
		return nil
	}
	if len(p.Steps) > maxSteps {
		return fmt.Errorf("the plan has %d steps, more than %d", len(p.Steps), maxSteps)
	}
	var faults []error
	if p.Order != "" && p.Order != Sequential && p.Order != Parallel {
		faults = append(faults, fmt.Errorf("order is %q, wanted %s or %s", p.Order, Sequential, Parallel))
	}
	for _, name := range slices.Sorted(maps.Keys(p.Tools)) {
		faults = append(faults, prefixFaults("tool", name, append(nameFaults(name), p.Tools[name].faults()...))...)
	}
	for _, id := range slices.Sorted(maps.Keys(p.Steps)) {
		s := p.Steps[id]
		found := append(idFaults(id), s.faults()...)
		faults = append(faults, prefixFaults("step", id, append(found, p.linkFaults(s)...))...)
	}
	for _, name := range slices.Sorted(maps.Keys(p.Targets)) {
		faults = append(faults, prefixFaults("target", name, p.targetFaults(name))...)
	}
	for _, l := range p.Omitted {
		if l.Part == "" || len(l.Targets) == 0 {
			faults = append(faults, errors.New("omitted: one lacks part or targets"))
		}
	}
	for _, dir := range p.DependsOn {
		if inner := strings.TrimLeft(dir, "./"); strings.HasPrefix(dir, "/") || dir == "" ||
			inner != "" && pathFault(inner) != "" {
			faults = append(faults, fmt.Errorf("depends_on: %q is not a relative folder", dir))
		}
	}
	if cycle := p.cycle(); cycle != nil {
		faults = append(faults, fmt.Errorf("step %q: needs itself: %s", cycle[0], strings.Join(cycle, " → ")))
	}
	return errors.Join(faults...)
}

func prefixFaults(kind, name string, faults []string) []error {
	var out []error
	for _, f := range faults {
		out = append(out, fmt.Errorf("%s %q: %s", kind, name, f))
	}
	return out
}

func (t Tool) faults() []string {
	switch {
	case len(t.Check) > 0 && !asksVersion(t.Check):
		return []string{fmt.Sprintf(`check %q is not a program and a flag that prints its version, such as ["go", "version"]`,
			t.Check)}
	case t.Version != "" && len(t.Check) == 0:
		return []string{"version is given, but no check to ask for it"}
	case t.Runtime != "" && !slices.Contains(Runtimes, t.Runtime):
		return []string{fmt.Sprintf("unknown runtime %q; known are %s", t.Runtime, strings.Join(Runtimes, ", "))}
	case t.Pin != "" && (t.Runtime == "" || t.PinnedBy == ""):
		return []string{"a pin needs runtime and pinned_by"}
	}
	return nil
}

// versionFlags print the version of a program and do nothing else.
var versionFlags = []string{"version", "--version", "-version", "-V", "-v"}

// subcommand are the characters of a subcommand of cargo.
const subcommand = "abcdefghijklmnopqrstuvwxyz-"

// asksVersion reports whether a command is a program, found by its name, and a flag that prints its version. It is run
// in order to look, so it may do nothing else: a program that runs others by their names is refused with such a name,
// but for cargo, whose subcommands are programs of the user's.
func asksVersion(check []string) bool {
	program, last := check[0], check[len(check)-1]
	if program == "" || strings.ContainsAny(program, `/\`) || !slices.Contains(versionFlags, last) {
		return false
	}
	return len(check) == 2 || len(check) == 3 && program == "cargo" && strings.Trim(check[1], subcommand) == ""
}

// linkFaults returns the faults of a step's references to other steps and tools.
func (p *Plan) linkFaults(s Step) (faults []string) {
	for _, id := range s.Needs {
		if _, ok := p.Steps[id]; !ok {
			faults = append(faults, fmt.Sprintf("needs %q, which is not a step", id))
		}
	}
	for _, id := range s.After {
		if _, ok := p.Steps[id]; !ok {
			faults = append(faults, fmt.Sprintf("comes after %q, which is not a step", id))
		}
	}
	if s.Image != nil {
		for _, c := range s.Image.Copy {
			if c.Of != "" && !slices.Contains(s.Needs, c.Of) {
				faults = append(faults, fmt.Sprintf("copies %q of %q, which it does not need", c.From, c.Of))
			}
		}
	}
	if _, ok := p.Tools[s.Tool]; s.Tool != "" && !ok {
		faults = append(faults, fmt.Sprintf("tool %q is not among the tools", s.Tool))
	}
	return faults
}

// ValidTarget reports whether a name can be that of a target: letters, digits and _ . : / + @ -, not
// beginning with "-".
func ValidTarget(name string) bool {
	return name != "" && name[0] != '-' && hasOnly(name, "_.:/+@-")
}

// hasOnly reports whether a name has only ASCII letters, digits and the other characters.
func hasOnly(name, others string) bool {
	return !strings.ContainsFunc(name, func(r rune) bool {
		plain := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !plain && !strings.ContainsRune(others, r)
	})
}

func (p *Plan) targetFaults(name string) (faults []string) {
	if !ValidTarget(name) {
		faults = append(faults, "is not a name that can be typed")
	}
	if scope := p.About[name].Scope; scope != nil {
		faults = append(faults, pathFaults("scope", scope.Folders...)...)
	}
	if len(p.Targets[name]) == 0 {
		faults = append(faults, "has no steps")
	}
	for _, id := range p.Targets[name] {
		if _, ok := p.Steps[id]; !ok {
			faults = append(faults, fmt.Sprintf("names %q, which is not a step", id))
		}
	}
	return faults
}

// cycle returns the ids of the steps in a cycle of needs, with the first one again at the end, or nil.
func (p *Plan) cycle() []string {
	done := map[string]bool{}
	for _, id := range slices.Sorted(maps.Keys(p.Steps)) {
		if found := p.walk(id, nil, done); found != nil {
			return found
		}
	}
	return nil
}

func (p *Plan) walk(id string, trail []string, done map[string]bool) []string {
	if done[id] {
		return nil
	}
	if i := slices.Index(trail, id); i >= 0 {
		return append(slices.Clone(trail[i:]), id)
	}
	trail = append(trail, id)
	for _, need := range slices.Concat(p.Steps[id].Needs, p.Steps[id].After) {
		if found := p.walk(need, trail, done); found != nil {
			return found
		}
	}
	done[id] = true
	return nil
}

// maxID is more than the id of any step has, in bytes.
const maxID = 1000

// idFaults returns the faults of the id of a step.
func idFaults(id string) []string {
	if id == "" || strings.ContainsFunc(id, unicode.IsSpace) {
		return []string{"the id is empty or has white space in it"}
	}
	return nameFaults(id)
}

// nameFaults returns the faults of the name of a tool, which may have several words: "node of web".
func nameFaults(id string) []string {
	if strings.TrimSpace(id) == "" {
		return []string{"the id is empty"}
	}
	if !utf8.ValidString(id) || strings.ContainsFunc(id, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return []string{"the id has characters in it that cannot be seen"}
	}
	if len(id) > maxID {
		return []string{fmt.Sprintf("the id is longer than %d bytes", maxID)}
	}
	return nil
}

// pathFault returns what is wrong with a path of the project, or "".
func pathFault(name string) string {
	switch clean := strings.TrimSuffix(name, "/"); {
	case name == "":
		return "is empty"
	case strings.HasPrefix(name, "/") || len(name) > 1 && name[1] == ':':
		return "is an absolute path"
	case strings.ContainsAny(name, "\\\x00"):
		return "has a backslash or a NUL in it"
	case slices.Contains(strings.Split(name, "/"), ".."):
		return "leaves the project with \"..\""
	case path.Clean(clean) != clean:
		return "is not in its shortest form"
	}
	return ""
}

func pathFaults(key string, names ...string) (faults []string) {
	for _, name := range names {
		if bad := pathFault(name); bad != "" {
			faults = append(faults, fmt.Sprintf("%s: %q %s", key, name, bad))
		}
	}
	return faults
}
