package app

import (
	"cmp"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// Request is what a run was asked for.
type Request struct {
	Targets []string
	// Args follow -- on the command line: they go to the steps of each target that no other step of it needs.
	Args []string
	// Params are values of parameters of project.toml: "version=1.2".
	Params []string
	// Unset leaves parameters that have no value unset: nothing is run.
	Unset bool
	// Yes answers the questions of project.toml.
	Yes bool
	// IfOffered skips targets that the project does not offer.
	IfOffered bool
	// On is auto, host or container; empty is what project.toml says, else auto.
	On string
	// Image has the options for images that are made.
	Image ImageRequest
	// Locked refuses to install dependencies, and images that project.lock does not pin.
	Locked bool
	Force  bool
	// NoEngine says that there is no container engine: steps that could do without run on the host.
	NoEngine bool
	Jobs     int // 0 is one for each processor
	FailFast bool
	// Reports is the folder that machine-readable results go to; empty for none.
	Reports string
	// Piped says that a program reads standard output: no step may write to it directly.
	Piped bool
	// Verbose traces the logs of services.
	Verbose bool
	// Kill is closed by a second Ctrl-C.
	Kill <-chan struct{}
	wrap func(runner.Step, *exec.Cmd) // see host.Options.Wrap
}

// A Job is a run before it starts.
type Job struct {
	*Selection
	Graph *runner.Graph
	// Alone has notes about steps that could run beside others if project.toml said more of them, by id.
	Alone map[string][]string
	// Consumed has notes about steps that need another one for what it makes, by id.
	Consumed map[string][]string
	// Unmet are warnings about steps that read what neither git nor a step has.
	Unmet []ui.Event
	// Mismatches are warnings about steps on the host with another version than the project pins.
	Mismatches []ui.Event
	// Questions are what project.toml asks before anything runs.
	Questions []string
	// Moved says that a step is in a container only because the host does not have the version that the project pins.
	Moved bool
	// Plan is the graph as one plan, in the form in which a plugin answers: ids of steps and tools are
	// "provider:id".
	Plan *plan.Plan

	userConfig userConfig      // set where its steps run
	omitted    func() []string // nil if it leaves nothing out
}

// Omitted returns the parts of the project that the targets leave out, a sentence for each. It reads files when it is called
// first.
func (j *Job) Omitted() []string {
	if j.omitted == nil {
		return nil
	}
	return j.omitted()
}

// Plan merges the steps of all requested targets, of all their providers, into one graph.
func (p *Project) Plan(r Request) (*Job, error) {
	s, err := p.selectTargets(r.Targets, r.IfOffered)
	if err != nil {
		return nil, err
	}
	if err := p.checkArgs(s, r.Args); err != nil {
		return nil, err
	}
	for _, name := range s.Targets {
		if err := p.checkHasStep(name); err != nil {
			return nil, err
		}
	}
	m := &merger{project: p, args: r.Args, params: r.Params, unset: r.Unset, steps: map[string]*runner.Step{}, promises: p.promises(),
		consumed: map[string][]string{}, envValues: map[string]map[string]string{}}
	for _, u := range s.Uses {
		if err := m.use(u, u.Target.Name); err != nil {
			return nil, err
		}
	}
	return m.job(s)
}

// A merger collects the steps of a run.
type merger struct {
	project *Project
	args    []string
	params  []string
	unset   bool // see Request.Unset
	// envValues are the variables of files that were read, by the names of the files.
	envValues map[string]map[string]string
	steps     map[string]*runner.Step
	ids       []string          // of the steps, in the order in which they were added
	used      []string          // provider:target of the uses that were added
	uses      []conventions.Use // the same, each behind those that it needs by project.toml
	promises  map[string]promise
	consumed  map[string][]string // see Job.Consumed
	unmet     []ui.Event          // see Job.Unmet
}

// use adds the steps of one provider of a target, and the targets that it needs by project.toml. Asked is the
// requested target; empty if another target needs this one.
func (m *merger) use(u conventions.Use, asked string) error {
	key := u.Provider + ":" + u.As
	if !slices.Contains(m.used, key) {
		m.used = append(m.used, key)
		for _, id := range u.Steps {
			m.add(u.Provider, id)
			m.applyOverrides(u, m.steps[u.Provider+":"+id])
		}
		if err := m.needs(u); err != nil {
			return err
		}
		m.uses = append(m.uses, u)
	}
	if asked == "" {
		return nil
	}
	for _, id := range u.Steps {
		s := m.steps[u.Provider+":"+id]
		if !slices.Contains(s.Targets, asked) {
			s.Targets = append(s.Targets, asked)
		}
	}
	m.setArgs(u)
	return nil
}

// applyOverrides adds to a step of a plugin what project.toml says of its target: inputs replace those of the
// plugin, variables win over its own, and all else is added.
func (m *merger) applyOverrides(u conventions.Use, s *runner.Step) {
	t := m.project.Config.Targets[ownName(u.Candidate, u.Target.Name)]
	if t.Run != nil || !t.Changes() {
		return
	}
	p := &s.Plan
	p.Services = union(p.Services, t.Services)
	p.PassEnv = union(p.PassEnv, t.PassEnv)
	p.Secrets, p.SSH = addSecrets(p.Secrets, t.StepSecrets()), p.SSH || t.SSH
	p.Outputs = union(p.Outputs, t.OutputPaths())
	if t.Inputs != nil {
		p.Inputs, s.OwnInputs = t.Inputs, true
	}
	if t.Consumes != nil {
		p.Consumes = t.Consumes
	}
	if t.Timeout > 0 {
		p.Timeout = t.Timeout
	}
	if t.EnvFile != nil {
		s.EnvFile = t.EnvFile
	}
	p.Retry = max(p.Retry, t.Retry)
	if t.Cache != nil {
		p.NoCache, p.NoCacheWhy = !*t.Cache, project.NeverCached
		s.Afresh = !*t.Cache
	}
	if len(t.Env) > 0 {
		env := maps.Clone(t.Env)
		for name, value := range p.Env {
			env[name] = cmp.Or(env[name], value)
		}
		p.Env = env
	}
}

// addSecrets returns secrets with more of them, each variable once: the later one counts.
func addSecrets(all, more []plan.Secret) []plan.Secret {
	all = slices.DeleteFunc(slices.Clone(all), func(s plan.Secret) bool {
		return slices.ContainsFunc(more, func(m plan.Secret) bool { return m.Env+m.File == s.Env+s.File })
	})
	return append(all, more...)
}

// union returns two lists as one, each word once, in order if both have words.
func union(a, b []string) []string {
	if len(b) == 0 {
		return a
	}
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// checkHasStep returns an error about a target of project.toml with services or variables, and no step that
// could use them.
func (p *Project) checkHasStep(name string) error {
	t, c := p.Config.Targets[name], []string{"targets", name, "services"}
	if resolved, _ := p.Resolution.Find(name); t.Run != nil || !t.Changes() || len(resolved.Winners) > 0 {
		return nil
	}
	return p.Config.Fault(c, "name them for the targets that it stands for",
		"target %q runs nothing itself, so only needs can be said of it", name)
}

// add adds a step and all that it needs.
func (m *merger) add(provider, id string) {
	full := provider + ":" + id
	if m.steps[full] != nil {
		return
	}
	from := m.project.planOf(provider)
	s := from.Steps[id]
	step := &runner.Step{ID: full, Plan: s, Plugin: provider, Effect: runner.Builds, Cacheable: true,
		ToolName: s.Tool, DependsOn: from.DependsOn, OwnInputs: provider == ownProvider,
		Reserved: m.project.reservations[provider], Afresh: s.NoCacheWhy == project.NeverCached}
	if tool, ok := from.Tools[s.Tool]; ok {
		step.Tool = &tool
	}
	if provider == ownProvider {
		stepImages{m.project}.equipOwn(step)
	}
	if promise, ok := m.promises[full]; ok {
		step.Effect, step.Cacheable = runner.Effect(promise.effect), promise.cache
	}
	step.Plan.Interactive = s.Interactive || step.Effect == runner.Runs
	step.Plan.Needs = nil
	for _, need := range s.Needs {
		step.Plan.Needs = append(step.Plan.Needs, provider+":"+need)
	}
	if step.Plan.Image = qualified(provider, s.Image); s.Op == plan.OpImage {
		step.Name = imageNames{m.project}.imageName(provider, id)
	}
	m.steps[full], m.ids = step, append(m.ids, full)
	for _, need := range s.Needs {
		m.add(provider, need)
	}
}

// qualified returns an image that names the steps of its files by their ids in the graph.
func qualified(provider string, i *plan.Image) *plan.Image {
	if i == nil {
		return nil
	}
	out := *i
	out.Copy = slices.Clone(i.Copy)
	for n, c := range out.Copy {
		if c.Of != "" {
			out.Copy[n].Of = provider + ":" + c.Of
		}
	}
	return &out
}

// needs adds the targets that a target needs by project.toml, before each of its steps.
func (m *merger) needs(u conventions.Use) error {
	p := m.project
	own := ownName(u.Candidate, u.Target.Name)
	if p.Config.Targets[own].Run != nil && u.Provider != ownProvider {
		return nil // they are needs of what it runs, not of this provider
	}
	for _, name := range p.Config.Targets[own].Needs {
		key := []string{"targets", own, "needs"}
		t, ok := p.Resolution.Find(name)
		if !ok {
			return p.Config.Fault(key, p.meant(name, "[targets."+name+"] in project.toml adds it"),
				"target %q needs %q, which is no target", u.Target.Name, name)
		}
		if err := p.checkComplete(t); err != nil {
			return err
		}
		uses, _ := p.Resolution.Expand(t)
		if len(uses) == 0 {
			return p.Config.Fault(key, "", "target %q needs %q, which this project does not offer: %s",
				u.Target.Name, name, t.AbsentBecause())
		}
		for _, needed := range uses {
			if err := m.use(needed, ""); err != nil {
				return err
			}
			m.link(u, needed)
		}
	}
	return nil
}

// link makes every step of a use need every step of another.
func (m *merger) link(u, needed conventions.Use) {
	for _, id := range u.Steps {
		s := m.steps[u.Provider+":"+id]
		for _, need := range needed.Steps {
			if full := needed.Provider + ":" + need; full != s.ID && !slices.Contains(s.Plan.Needs, full) {
				s.Plan.Needs = append(s.Plan.Needs, full)
			}
		}
	}
}

// overrideNeeded applies project.toml to the steps that the requested targets only need: those of an install
// belong to "init".
func (m *merger) overrideNeeded() {
	used := map[string]bool{}
	for _, u := range m.uses {
		for _, id := range u.Steps {
			used[u.Provider+":"+id] = true
		}
	}
	for _, t := range m.project.Resolution.Targets {
		for _, w := range t.Winners {
			for _, id := range w.Steps {
				if s := m.steps[w.Provider+":"+id]; s != nil && !used[s.ID] {
					m.applyOverrides(conventions.Use{Target: t, Candidate: w}, s)
				}
			}
		}
	}
}

func (m *merger) job(s *Selection) (*Job, error) {
	m.overrideNeeded() // project.toml says what the steps consume
	m.addConsumed()
	m.addEnvironments()
	m.overrideNeeded() // and changes the steps that these added; for the others it is the same as before
	m.order()
	if err := cmp.Or(m.setParams(), m.addEnvFiles()); err != nil {
		return nil, err
	}
	var steps []runner.Step
	for _, id := range m.ids {
		steps = append(steps, *m.steps[id])
	}
	g, err := runner.NewGraph(steps)
	if err != nil {
		return nil, err
	}
	j := &Job{Selection: s, Graph: g, Plan: merged(m.project.Name, s, g), Alone: m.project.alone(g),
		Consumed: m.consumed, Unmet: m.unmet, Questions: m.questions(s), omitted: m.project.omittedBySteps(s, steps)}
	return j, j.Plan.Validate()
}

// merged returns the graph as one plan.
func merged(name string, s *Selection, g *runner.Graph) *plan.Plan {
	out := &plan.Plan{
		API: plan.API, Match: true, Summary: name, Tools: map[string]plan.Tool{},
		Steps: map[string]plan.Step{}, Targets: map[string][]string{},
	}
	stacks := map[string]bool{}
	for _, step := range g.Steps() {
		one := step.Plan
		if one.Op == plan.OpExec {
			one.Argv = step.Argv()
		}
		if step.Tool != nil {
			one.Tool = step.Plugin + ":" + step.ToolName
			out.Tools[one.Tool] = *step.Tool
		}
		out.Steps[step.ID] = one
		stacks[step.Plugin] = true
	}
	for _, u := range s.Uses {
		for _, id := range u.Steps {
			if id := u.Provider + ":" + id; !slices.Contains(out.Targets[u.Target.Name], id) {
				out.Targets[u.Target.Name] = append(out.Targets[u.Target.Name], id)
			}
		}
	}
	out.Stack = strings.Join(slices.Sorted(maps.Keys(stacks)), "+")
	return out
}

// A promise is what a step may do, and whether its result may be cached, by its targets.
type promise struct {
	effect conventions.Effect
	cache  bool
}

// promises returns the promise of every step of a target. A step of several targets has the strictest. A step
// that only other steps need is not in the map: its effect is "builds".
func (p *Project) promises() map[string]promise {
	all := map[string]promise{}
	for _, t := range p.Resolution.Targets {
		for _, w := range append(slices.Clone(t.Winners), t.Losers...) {
			for _, id := range w.Steps {
				now := promise{t.Effect, t.Cache}
				if was, ok := all[w.Provider+":"+id]; ok {
					now = promise{was.effect.Stricter(t.Effect), was.cache && t.Cache}
				}
				all[w.Provider+":"+id] = now
			}
		}
	}
	return all
}

// planOf returns the plan of a provider.
func (p *Project) planOf(provider string) *plan.Plan {
	for _, o := range p.Offers {
		if o.Provider == provider {
			return o.Plan
		}
	}
	panic(fmt.Sprintf("no provider %q", provider)) // a resolution names only providers with an offer
}
