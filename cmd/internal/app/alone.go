package app

import (
	"fmt"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// alone returns a note for each step that runs alone only because project.toml does not say what it does.
func (p *Project) alone(g *runner.Graph) map[string][]string {
	notes := map[string][]string{}
	for _, s := range g.Steps() {
		if name := p.withoutEffect(s); name != "" {
			notes[s.ID] = []string{fmt.Sprintf(
				`runs alone: [targets.%s] has no effect; with effect = "reads" or "builds" others run beside it`,
				name)}
		}
	}
	return notes
}

// withoutEffect returns the name of the target of project.toml whose step runs alone because the target has
// neither an effect nor outputs, or "".
func (p *Project) withoutEffect(s runner.Step) string {
	if s.Plugin != ownProvider || s.Effect != runner.Effect(conventions.Writes) || s.Plan.Interactive {
		return ""
	}
	name := s.ID[len(ownProvider)+1:]
	if t, _ := p.Resolution.Find(name); !t.Own || p.Config.Targets[name].Effect != "" {
		return ""
	}
	return name
}

// aloneNotes returns a warning if several steps were to run at once and run alone instead.
func aloneNotes(p *Project, job *Job, jobs int) []ui.Event {
	var names []string
	for _, s := range job.Graph.Steps() {
		if len(job.Alone[s.ID]) > 0 {
			names = append(names, p.withoutEffect(s))
		}
	}
	if jobs < 2 || len(names) < 2 {
		return nil
	}
	return []ui.Event{{Type: ui.EventWarning,
		Text: "one after the other, since they have no effect in " + project.File + ": " + text.And(names),
		Hint: `effect = "reads" or "builds" in [targets.` + names[0] + `] lets others run beside it`}}
}
