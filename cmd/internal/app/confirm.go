package app

import (
	"context"
	"slices"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/text"
)

// questions returns what project.toml asks before the targets of the run, in the order in which they run. An aggregate
// that it defines comes last.
func (m *merger) questions(s *Selection) (all []string) {
	ask := func(target string) {
		if q := m.project.Config.Targets[target].Confirm; q != "" && !slices.Contains(all, q) {
			all = append(all, q)
		}
	}
	for _, u := range m.uses {
		ask(ownName(u.Candidate, u.Target.Name))
	}
	for _, r := range s.requests {
		ask(r.target.Name)
	}
	return all
}

// confirm asks what project.toml asks before targets. Where nobody is there to answer, the run is refused, unless
// the request says yes.
func (p *Project) confirm(ctx context.Context, job *Job, r Request) error {
	if r.Yes {
		return nil
	}
	for _, question := range job.Questions {
		if why := p.nobodyAnswers(r); why != "" {
			return fault.Refusef("--yes confirms it", "%s asks %q, and %s; nothing was run", text.And(job.Targets), question, why)
		}
		switch yes, err := p.Streams.Ask(ctx, question); {
		case err != nil:
			return err
		case !yes:
			return fault.Refusef("", "not confirmed; nothing was run")
		}
	}
	return nil
}

// nobodyAnswers returns why there is nobody to answer a question, or "". A pipeline may have a terminal, and nobody at it.
func (p *Project) nobodyAnswers(r Request) string {
	switch ci := p.env("CI"); {
	case r.Piped || !p.Streams.InTerminal():
		return "stdin is not a terminal"
	case ci != "" && ci != "false":
		return "this is a pipeline (CI is set)"
	}
	return ""
}
