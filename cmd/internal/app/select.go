package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/suggest"
)

// A Selection is the targets of a run, their providers, and the parts of aggregates that are not offered.
type Selection struct {
	Targets []string
	Uses    []conventions.Use
	Skipped []conventions.Skip

	requests []request
}

// A request is one target that was asked for, with its providers.
type request struct {
	target conventions.Resolved
	uses   []conventions.Use
}

// Select returns the targets of some names. A name that the project does not offer is an error.
func (p *Project) Select(names []string) (*Selection, error) { return p.selectTargets(names, false) }

// selectTargets returns the targets of some names. A target that is known and not offered is skipped or, if
// ifOffered is false, an error.
func (p *Project) selectTargets(names []string, ifOffered bool) (*Selection, error) {
	s := &Selection{}
	for _, name := range names {
		t, ok := p.Resolution.Find(name)
		if !ok && p.replacesCommand(names[0]) {
			return nil, usage("davit --command "+strings.Join(names, " ")+" is the command of davit",
				"unknown target %q; %s is a target of this project", name, names[0])
		}
		if !ok {
			return nil, p.unknown(name)
		}
		if err := p.checkComplete(t); err != nil {
			return nil, err
		}
		uses, skipped := p.Resolution.Expand(t)
		if len(uses) == 0 && !ifOffered {
			return nil, p.absent(name, t)
		}
		if len(uses) == 0 {
			skipped = []conventions.Skip{{Target: t.String(), Why: "this project does not offer it: " +
				t.AbsentBecause()}}
		}
		s.add(t, uses, skipped)
	}
	p.WarnFailures()
	return s, nil
}

// replacesCommand reports whether the project has a target with the name of a command of davit, which then is the target.
func (p *Project) replacesCommand(name string) bool {
	return slices.Contains(p.Commands, name) && p.HasTarget(name)
}

func (s *Selection) add(t conventions.Resolved, uses []conventions.Use, skipped []conventions.Skip) {
	if len(uses) > 0 {
		s.Targets = append(s.Targets, t.String())
		s.Uses = append(s.Uses, uses...)
		s.requests = append(s.requests, request{t, uses})
	}
	for _, skip := range skipped {
		if !slices.Contains(s.Skipped, skip) {
			s.Skipped = append(s.Skipped, skip)
		}
	}
}

// unknown returns the error about a name that is no target. A plugin that failed may know it.
func (p *Project) unknown(name string) error {
	if len(p.Failures) > 0 {
		return incomplete(fmt.Sprintf("%q", name), p.Failures)
	}
	return usage(p.meant(name, "davit targets lists the targets, davit --help the commands"), "unknown target %q", name)
}

// meant returns the hint for a name that is no target: those that are near, or another one.
func (p *Project) meant(name, otherwise string) string {
	near := slices.DeleteFunc(p.near(name), func(one string) bool { return one == name })
	if len(near) > 0 {
		return fmt.Sprintf("did you mean %s?", suggest.Quoted(near))
	}
	return otherwise
}

// near returns the targets that were probably meant by a name that is none: those for which it is a common word, else
// those with a similar name. Of a provider that is not there, the target itself.
func (p *Project) near(name string) []string {
	var all []string
	for _, t := range p.Resolution.Targets {
		if p.Hidden(t.Name) {
			continue
		}
		if slices.Contains(t.SuggestFor, strings.ToLower(name)) {
			return []string{t.Name}
		}
		all = append(all, t.Name)
		all = append(all, t.Aliases...)
	}
	if _, target, scoped := strings.Cut(name, ":"); scoped {
		if near := suggest.Nearest(name, p.Resolution.ScopedNames()); len(near) > 0 {
			return near
		}
		name = target
	}
	if near := suggest.Nearest(name, all); len(near) > 0 {
		return near
	}
	return suggest.Nearest(name, p.Commands)
}

// absent returns the error about a target that the project does not offer, with the name that the user typed if
// that is an alias.
func (p *Project) absent(typed string, t conventions.Resolved) error {
	hint := "davit targets lists what there is; [targets." + t.Name +
		"] in project.toml adds one; --if-offered skips it"
	switch {
	case p.Empty() && (len(p.UnknownParts()) > 0 || !p.HasFile):
		return p.EmptyError()
	case p.IsCommand(t.Name):
		hint = fmt.Sprintf("it is a command of davit, which is called by itself: davit %s ENV", t.Name)
	case p.otherSystems[t.Name] != "":
		hint = "--if-offered skips it"
	}
	if t.Only != "" {
		return usage(hint, "%s has no %q here: %s", t.Only, t.Name,
			strings.TrimPrefix(t.AbsentBecause(), t.Only+": "))
	}
	name := fmt.Sprintf("%q", t.Name)
	if slices.Contains(t.Aliases, typed) {
		name += fmt.Sprintf(", for which %q is another name", typed)
	}
	return usage(hint, "this project has no %s: %s", name, t.AbsentBecause())
}
