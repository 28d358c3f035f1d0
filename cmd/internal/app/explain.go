package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// An Explanation says who provides a target, from which files, and what would run.
type Explanation struct {
	Target  string             `json:"target"`
	Summary string             `json:"summary,omitempty"`
	Effect  conventions.Effect `json:"effect"`
	// Params are the parameters that it takes, by name: davit release version=1.2.
	Params map[string]project.Param `json:"params,omitempty"`
	// Parts are the target itself and, for an aggregate that no provider offers as such, its parts.
	Parts   []Part             `json:"parts"`
	Skipped []conventions.Skip `json:"skipped,omitempty"`
	Steps   []StepExplanation  `json:"steps,omitempty"`
	// Omitted are the notes of a run about what it does not do, besides those among the reasons of a provider.
	Omitted []string `json:"omitted,omitempty"`
	// Partial says that davit-engine would know more: whether steps in containers would run.
	Partial bool `json:"-"`
}

// A Part is the providers of one target, chosen and not.
type Part struct {
	Target  string     `json:"target"`
	Winners []Provider `json:"winners,omitempty"`
	Losers  []Provider `json:"losers,omitempty"`
	// Command is the command of davit that has the name of the target, if it is one.
	Command string `json:"command,omitempty"`
	// Absent are the reasons of the providers that do not offer it: "go: no linter is configured".
	Absent []string `json:"absent,omitempty"`
}

// A Provider is a plugin, or project.toml, with its way to run a target.
type Provider struct {
	Provider  string                `json:"provider"`
	Authority conventions.Authority `json:"authority"`
	// As is its own name for the target, if it differs.
	As      string   `json:"as,omitempty"`
	Source  string   `json:"source,omitempty"`
	Reasons []string `json:"reasons,omitempty"`
	// Read are the files that its plan was made from.
	Read     []string `json:"read,omitempty"`
	Rejected string   `json:"rejected,omitempty"`
}

// A StepExplanation is one step, and whether it would run.
type StepExplanation struct {
	ID      string `json:"id"`
	Command string `json:"command"`
	// Where it would run, host or container, why there, and in which image.
	Where  runner.Where `json:"where"`
	Reason string       `json:"reason,omitempty"`
	Image  string       `json:"image,omitempty"`
	// Notes say what it needs, where it would run, and why it would run or would not.
	Notes []string `json:"notes,omitempty"`
}

// An explainer explains targets of a project.
type explainer struct{ *Project }

// Explain returns who provides a target, from which files, who else could, what runs and why. With a time that
// is not zero it also says what has changed since the last runs that ended before. Its parameters may have values, as in
// "version=1.2".
func (p *Project) Explain(ctx context.Context, name string, params []string, since time.Time) (*Explanation, error) {
	t, ok := p.Resolution.Find(name)
	if !ok {
		return nil, p.unknown(name)
	}
	uses, skipped := p.Resolution.Expand(t)
	x := &Explanation{Target: t.String(), Summary: t.Summary, Effect: t.Effect, Params: p.Params(name), Skipped: skipped}
	x.Parts = append(x.Parts, explainer{p}.part(t))
	for _, u := range uses {
		if last := x.Parts[len(x.Parts)-1]; u.Target.Name != t.Name && u.Target.Name != last.Target {
			x.Parts = append(x.Parts, explainer{p}.part(u.Target))
		}
	}
	if len(uses) == 0 || len(p.FailuresOf(t)) > 0 {
		return x, nil // it does not run
	}
	err := explainer{p}.explainSteps(ctx, x, params, since)
	x.Partial = p.Engine == nil && slices.ContainsFunc(x.Steps,
		func(s StepExplanation) bool { return s.Where == runner.InContainer })
	return x, err
}

func (x explainer) part(t conventions.Resolved) Part {
	out := Part{Target: t.String(), Absent: t.Why}
	if t.Only == "" && x.IsCommand(t.Name) {
		out.Absent, out.Command = nil, "davit "+t.Name
	}
	for _, w := range t.Winners {
		out.Winners = append(out.Winners, x.provider(t, w))
	}
	for _, u := range t.Joined {
		out.Winners = append(out.Winners, x.provider(t, u.Candidate))
	}
	for _, l := range t.Losers {
		if slices.ContainsFunc(t.Joined, func(u conventions.Use) bool { return u.Provider == l.Provider }) {
			continue
		}
		out.Losers = append(out.Losers, x.provider(t, l))
	}
	return out
}

func (x explainer) provider(t conventions.Resolved, c conventions.Candidate) Provider {
	out := Provider{Provider: c.Provider, Authority: c.Authority, Source: c.About.Source,
		Rejected: c.Rejected}
	if c.As != t.Name {
		out.As = c.As
	}
	if c.About.Why != "" {
		out.Reasons = append(out.Reasons, c.About.Why)
	}
	if len(c.About.Includes) > 0 && t.Collects {
		out.Reasons = append(out.Reasons, "what it runs is not run again: "+text.And(c.About.Includes))
	}
	from := x.planOf(c.Provider)
	if c.Provider == ownProvider {
		for _, u := range x.usesOf(from.Steps[c.As]) {
			out.Reasons = append(out.Reasons, u.Why)
		}
	}
	out.Reasons = slices.Concat(out.Reasons, []string{from.Summary}, from.Decisions, x.omittedBy(c))
	for _, o := range x.answers[c.Provider].Reads {
		out.Read = append(out.Read, o.String())
	}
	return out
}

// explainSteps adds the steps to an explanation, and what they leave out.
func (x explainer) explainSteps(ctx context.Context, to *Explanation, params []string, since time.Time) error {
	job, err := x.Plan(Request{Targets: []string{to.Target}, Params: params, Unset: true})
	if err != nil {
		return err
	}
	to.Omitted = slices.DeleteFunc(slices.Clone(job.Omitted()), to.hasReason)
	e := x.executor(Request{}, x.Environ)
	e.files.Until(ctx)
	defer e.close(x.Project)
	lacking, err := x.place(ctx, e.host, job, Request{})
	if err != nil {
		return err
	}
	o, err := x.containerOptions(ctx, e, job, Request{})
	if err != nil {
		return err
	}
	e.wrap(x.Project, Request{}, x.containers(job, o, lacking))
	_, missing := e.runner.Prepare(ctx, job.Graph.Steps())
	why, err := e.runner.Explain(ctx, job.Graph, since)
	if err != nil {
		return err
	}
	for _, s := range job.Graph.Steps() {
		notes := x.where(ctx, e, s)
		if missing == nil || s.Where == runner.OnHost && isEngine(missing) {
			notes = append(notes, x.freshness(why[s.ID])...)
		} else if s.Where == runner.InContainer && !isEngine(missing) {
			notes = append(notes, "cannot run now: "+missing.Error())
		}
		to.Steps = append(to.Steps, StepExplanation{
			ID: s.ID, Command: s.Command(), Where: s.Where, Reason: s.Reason, Image: Image(s),
			Notes: slices.Concat(stepNotes(s), job.Alone[s.ID], job.ConsumedNotes(s.ID), notes),
		})
	}
	return nil
}

// hasReason reports whether a sentence is among the reasons of a provider.
func (x *Explanation) hasReason(text string) bool {
	return slices.ContainsFunc(x.Parts, func(part Part) bool {
		return slices.ContainsFunc(part.Winners, func(w Provider) bool { return slices.Contains(w.Reasons, text) })
	})
}

// isEngine reports whether the only fault is that there is no engine.
func isEngine(err error) bool {
	_, only := errors.AsType[*runner.EngineError](err)
	return only
}

func stepNotes(s runner.Step) (notes []string) {
	if len(s.Plan.Needs) > 0 {
		notes = append(notes, "needs "+strings.Join(s.Plan.Needs, ", "))
	}
	if others := Before(s)[len(s.Plan.Needs):]; len(others) > 0 {
		notes = append(notes, "after "+strings.Join(others, ", "))
	}
	if given := s.UserConfig.Given(); len(given) > 0 {
		notes = append(notes, "gets of the configuration of the user: "+strings.Join(given, ", "))
	}
	if len(s.Plan.Services) > 0 {
		notes = append(notes, DescribeServices(s))
	}
	if p := s.Plan.Provides; p != nil {
		notes = append(notes, DescribeEnvironment(p))
	}
	return notes
}

// Before returns the steps that end before a step starts: those that it needs, then the others.
func Before(s runner.Step) []string {
	first := slices.Clone(s.Plan.Needs)
	for _, id := range s.Plan.After {
		if !slices.Contains(first, id) {
			first = append(first, id)
		}
	}
	return first
}

// DescribeEnvironment returns the environment that a step fills, and what is asked before, for a reader.
func DescribeEnvironment(p *plan.Provides) string {
	text := "fills " + p.Dir
	if len(p.Check) > 0 {
		text += ", unless what it would install is there"
	}
	return text
}

// DescribeServices returns the services that a step uses, for a reader.
func DescribeServices(s runner.Step) string {
	return "services: " + strings.Join(s.Plan.Services, ", ")
}

// where returns where a step runs, with which tool, and why there, or what is missing.
func (x explainer) where(ctx context.Context, e *executor, s runner.Step) []string {
	if s.Where == runner.InContainer || s.Tool == nil {
		return []string{Where(s)}
	}
	found, err := e.host.Probe(ctx, s)
	if err != nil {
		return []string{"cannot run here: " + err.Error()}
	}
	notes := []string{strings.TrimSpace(fmt.Sprintf("on the host: %s %s", found.Path, found.Version))}
	if found.Runtime != "" {
		notes = append(notes, found.Runtime)
	}
	return notes
}

// Where returns where a step runs, and why there.
func Where(s runner.Step) string {
	where := "on the host"
	switch {
	case needsEngine(s):
		where = "by the engine"
	case s.Where == runner.InContainer && Image(s) == "":
		where = "in a container"
	case s.Where == runner.InContainer:
		where = "in a container of " + Image(s)
	}
	if s.Reason != "" {
		where += ": " + s.Reason
	}
	return where
}

// Image returns the image that a step in a container runs in.
func Image(s runner.Step) string {
	if s.Where != runner.InContainer || s.Tool == nil {
		return ""
	}
	return s.Tool.Image
}

// freshness returns why a step would run, or would not.
func (x explainer) freshness(w runner.Explanation) []string {
	compared := ""
	if !w.Run.IsZero() {
		compared = " (compared with the run of " + w.Run.Local().Format(time.DateTime) + ")"
	}
	switch {
	case w.Fresh:
		return append([]string{"up to date" + compared}, w.Since...)
	case !w.Cacheable:
		return append([]string{"runs each time: " + strings.Join(w.Reasons, "; ")}, w.Since...)
	case len(w.Reasons) == 0:
		return w.Since
	}
	return append([]string{"would run: " + strings.Join(w.Reasons, "; ") + compared}, w.Since...)
}
