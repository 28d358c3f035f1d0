package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/plugins/plan"
)

// checkArgs returns an error about arguments behind -- that would reach several tools: the parts of an
// aggregate, or the providers of a target. It names what can be asked for instead.
func (p *Project) checkArgs(s *Selection, args []string) error {
	for _, a := range s.requests {
		if len(args) == 0 {
			return nil
		}
		if parts := p.partsOf(a.target); severalTargets(a.uses) && !a.target.SharesArgs && len(parts) > 0 {
			return usage(withArgs(parts), "the arguments behind -- would reach all parts of %q", a.target)
		}
		if by := providersOf(a.uses); len(by) > 1 {
			return usage(withArgs(scoped(by, a.target.Name)),
				"the arguments behind -- would reach several providers of %q: %s", a.target, text.And(by))
		}
		if !p.takesArgs(a.uses) {
			return usage("", "%q runs no command that could take the arguments behind --", a.target)
		}
	}
	return nil
}

// withArgs returns a hint that names targets: "davit go:test -- …, or davit node:test -- …".
func withArgs(targets []string) string {
	var calls []string
	for _, name := range targets {
		calls = append(calls, fmt.Sprintf("davit %s -- …", name))
	}
	return strings.Join(calls, ", or ")
}

func scoped(providers []string, target string) (names []string) {
	for _, provider := range providers {
		names = append(names, provider+":"+target)
	}
	return names
}

func severalTargets(uses []conventions.Use) bool {
	return slices.ContainsFunc(uses,
		func(u conventions.Use) bool { return u.Target.Name != uses[0].Target.Name })
}

// providersOf returns the providers of some uses, each once.
func providersOf(uses []conventions.Use) (names []string) {
	for _, u := range uses {
		if !slices.Contains(names, u.Provider) {
			names = append(names, u.Provider)
		}
	}
	return names
}

// partsOf returns the parts of an aggregate that the project offers, as a user asks for them.
func (p *Project) partsOf(t conventions.Resolved) (names []string) {
	prefix := ""
	if t.Only != "" {
		prefix = t.Only + ":"
	}
	for _, name := range t.AllOf {
		part, _ := p.Resolution.Find(prefix + name)
		if uses, _ := p.Resolution.Expand(part); len(uses) > 0 {
			names = append(names, part.String())
		}
	}
	for _, w := range t.Winners {
		names = append(names, w.Provider+":"+t.Name)
	}
	return names
}

// takesArgs reports whether one of the steps of some uses is a command or a script.
func (p *Project) takesArgs(uses []conventions.Use) bool {
	return slices.ContainsFunc(uses, func(u conventions.Use) bool {
		return slices.ContainsFunc(u.Steps, func(id string) bool {
			return isCommand(p.planOf(u.Provider).Steps[id])
		})
	})
}

func isCommand(s plan.Step) bool { return s.Op == plan.OpExec || s.Op == plan.OpShell }

// setArgs gives the arguments behind -- to the commands of a target that no other step of it needs.
func (m *merger) setArgs(u conventions.Use) {
	needed := map[string]bool{}
	var visit func(id string)
	visit = func(id string) {
		for _, need := range m.steps[id].Plan.Needs {
			if !needed[need] {
				needed[need] = true
				visit(need)
			}
		}
	}
	for _, id := range u.Steps {
		visit(u.Provider + ":" + id)
	}
	for _, id := range u.Steps {
		if s := m.steps[u.Provider+":"+id]; !needed[s.ID] && isCommand(s.Plan) {
			s.Args = m.args
		}
	}
}
