package app

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/suggest"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/runner"
)

// setParams gives the values of "version=1.2" on the command line to the targets of the run that have the parameter,
// and the others their defaults. It returns an error about a value that no target takes, or one that is missing.
func (m *merger) setParams() error {
	given, err := namedValues(m.params)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, s := range m.ownSteps() {
		for _, param := range m.project.ownTarget(s).ParamNames() {
			known[param] = true
		}
	}
	for _, param := range slices.Sorted(maps.Keys(given)) {
		if !known[param] {
			return m.unknownParam(param, given[param], slices.Sorted(maps.Keys(known)))
		}
	}
	for _, s := range m.ownSteps() {
		t := m.project.ownTarget(s)
		for _, param := range t.ParamNames() {
			if _, ok := given[param]; m.unset && !ok && t.Params[param].Default == nil {
				continue
			}
			if err := setParam(s, param, t.Params[param], given); err != nil {
				return err
			}
		}
	}
	return nil
}

// ownSteps returns the steps that targets of project.toml run.
func (m *merger) ownSteps() (own []*runner.Step) {
	for _, id := range m.ids {
		if m.steps[id].Plugin == ownProvider {
			own = append(own, m.steps[id])
		}
	}
	return own
}

// ownTarget returns the table of project.toml that a step runs.
func (p *Project) ownTarget(s *runner.Step) project.Target { return p.Config.Targets[ownTargetName(s)] }

func ownTargetName(s *runner.Step) string { return strings.TrimPrefix(s.ID, ownProvider+":") }

// namedValues returns the values of words such as "version=1.2", by name.
func namedValues(words []string) (map[string]string, error) {
	values := map[string]string{}
	for _, word := range words {
		name, value, _ := strings.Cut(word, "=")
		if _, twice := values[name]; twice {
			return nil, usage("", "the parameter %q is given twice", name)
		}
		values[name] = value
	}
	return values, nil
}

// setParam gives a parameter to the command of a target, as a variable.
func setParam(s *runner.Step, name string, p project.Param, given map[string]string) error {
	target := ownTargetName(s)
	value, ok := given[name]
	switch {
	case !ok && p.Default == nil:
		return usage(describeParam(target, name, p), "target %q needs the parameter %q", target, name)
	case !ok:
		value = *p.Default
	case !p.Accepts(value):
		return usage("", "the parameter %q of %q is %q, wanted %s", name, target, value, text.Or(p.Choices))
	}
	env := maps.Clone(s.Plan.Env)
	if env == nil {
		env = map[string]string{}
	}
	env[name] = value
	s.Plan.Env = env
	return nil
}

// describeParam returns the hint that shows how a parameter is given.
func describeParam(target, name string, p project.Param) string {
	hint := fmt.Sprintf("davit %s %s=VALUE", target, name)
	if len(p.Choices) > 0 {
		hint = fmt.Sprintf("davit %s %s=%s; its choices are %s", target, name, p.Choices[0], strings.Join(p.Choices, ", "))
	}
	if p.Summary != "" {
		hint += ": " + p.Summary
	}
	return hint
}

// unknownParam returns the error about a value for a parameter that no target of the run has.
func (m *merger) unknownParam(name, value string, known []string) error {
	hint := fmt.Sprintf("davit TARGET -- %s=%s passes it to the command, as make takes it", name, value)
	if near := suggest.Nearest(name, known); len(near) > 0 {
		hint = fmt.Sprintf("did you mean %s?", suggest.Quoted(near))
	} else if len(known) > 0 {
		hint = "its parameters are " + strings.Join(known, ", ")
	}
	return usage(hint, "no target of this run has a parameter %q", name)
}

// Hidden reports whether project.toml leaves a target out of lists and completion.
func (p *Project) Hidden(target string) bool { return p.Config.Targets[target].Hidden }

// Params returns the parameters that a target of the project's own has, by name; nil if it has none.
func (p *Project) Params(target string) map[string]project.Param {
	t, _ := p.Resolution.Find(target)
	for _, w := range t.Winners {
		if w.Provider == ownProvider {
			return p.Config.Targets[w.As].Params
		}
	}
	return nil
}
