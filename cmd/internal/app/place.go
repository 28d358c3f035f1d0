package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/host"
)

// The values of --on, and of "on" in project.toml.
const (
	onAuto      = "auto"
	onHost      = string(runner.OnHost)
	onContainer = string(runner.InContainer)
)

// on returns where steps are to run, and what said so.
func (p *Project) on(r Request) (on, said string) {
	switch {
	case r.On != "":
		return r.On, "--on " + r.On + " says so"
	case p.Config.On != "":
		return p.Config.On, "project.toml says so: on = " + fmt.Sprintf("%q", p.Config.On)
	}
	return onAuto, ""
}

// A placement decides where each step of a job runs. Its steps are in the order of the graph, behind their
// needs.
type placement struct {
	project    *Project
	on, said   string
	steps      []runner.Step
	index      map[string]int
	imageSteps map[string]string // steps that an image is made of, by id, with the step that makes it
	found      []host.Found
	missing    []error // why each of the steps cannot run on the host; nil if it can
	// engine reports whether a container engine may run the steps whose pinned runtime the host does not have.
	engine func() bool
}

// place sets, for every step of a job, where it runs and why there. It returns the tools that were missing on
// the host.
func (p *Project) place(
	ctx context.Context, h *host.Runner, job *Job, r Request,
) (lacking host.MissingToolsError, err error) {
	on, said := p.on(r)
	l := &placement{project: p, on: on, said: said, steps: job.Graph.Steps(), index: map[string]int{},
		imageSteps: map[string]string{}, engine: sync.OnceValue(func() bool { return p.mayUseEngine(ctx, r) })}
	for i, s := range l.steps {
		l.index[s.ID] = i
	}
	l.findImageSteps()
	l.probe(ctx, h)
	for i := range l.steps {
		l.steps[i].Where, l.steps[i].Reason = l.decide(i)
		if l.steps[i].Where == runner.InContainer {
			l.steps[i] = stepImages{p}.withImage(l.steps[i])
		} else {
			l.steps[i].ToolDir = l.found[i].Dir
		}
	}
	l.markInside()
	job.Mismatches, job.Moved = l.mismatches(), l.moved()
	if job.Graph, err = runner.NewGraph(l.steps); err != nil {
		return nil, err
	}
	if err := p.giveUserConfig(job); err != nil {
		return nil, err
	}
	return l.missingTools(), ctx.Err()
}

// findImageSteps finds the steps that images are made of: all that a step needs that makes one.
func (l *placement) findImageSteps() {
	for _, s := range slices.Backward(l.steps) {
		maker := l.imageSteps[s.ID]
		if needsEngine(s) {
			maker = s.ID
		}
		for _, need := range s.Plan.Needs {
			if maker != "" && l.imageSteps[need] == "" {
				l.imageSteps[need] = maker
			}
		}
	}
}

// needsEngine reports whether only an engine can do a step.
func needsEngine(s runner.Step) bool { return s.Plan.Op == plan.OpImage || s.Plan.Op == plan.OpPush }

// probe looks for the tools of the steps that may run on the host.
func (l *placement) probe(ctx context.Context, h *host.Runner) {
	l.found, l.missing = make([]host.Found, len(l.steps)), make([]error, len(l.steps))
	if l.on == onContainer {
		return
	}
	var wait sync.WaitGroup
	for i, s := range l.steps {
		if !needsEngine(s) && l.imageSteps[s.ID] == "" {
			wait.Go(func() { l.found[i], l.missing[i] = h.FindTool(ctx, s) })
		}
	}
	wait.Wait()
}

// decide returns where a step runs, and why. Its needs have been decided before.
func (l *placement) decide(i int) (where runner.Where, because string) {
	s := l.steps[i]
	switch maker := l.imageSteps[s.ID]; {
	case s.Plan.Op == plan.OpWrite:
		return runner.OnHost, "davit writes files itself"
	case slices.Contains(s.Targets, "clean"):
		return runner.OnHost, "what it removes is on this machine"
	case needsEngine(s) && l.on == onHost:
		return runner.InContainer, "only an engine makes and pushes images, whatever " + l.said
	case needsEngine(s):
		return runner.InContainer, "only an engine makes and pushes images"
	case maker != "":
		return runner.InContainer, "the image of " + maker + " is made of it"
	case l.on != onAuto:
		return runner.Where(l.on), l.said
	}
	return l.choose(i)
}

// choose decides for auto: the host if it has the tool, unless a need of the step stays in a container.
func (l *placement) choose(i int) (where runner.Where, because string) {
	s := l.steps[i]
	image := stepImages{l.project}.imageFor(s)
	if need := l.keptNeed(s); need != "" && image != "" && !s.Plan.Interactive {
		return runner.InContainer, "what " + need + " gets for it is in a container"
	}
	switch {
	case l.excluded(i) && l.engine():
		return runner.InContainer, l.found[i].Mismatch.Text
	case l.missing[i] == nil && s.Tool == nil:
		return runner.OnHost, "it asks for no tool"
	case l.missing[i] == nil && l.found[i].Runtime != "":
		return runner.OnHost, l.found[i].Runtime
	case l.missing[i] == nil && l.found[i].Version == "":
		return runner.OnHost, s.ToolName + " is here, or comes"
	case l.missing[i] == nil:
		return runner.OnHost, s.ToolName + " " + l.found[i].Version + " is here"
	case image != "":
		return runner.InContainer, l.missing[i].Error()
	}
	return runner.OnHost, "there is no image for it"
}

// keptNeed returns a need of a step that runs in a container and of which nothing useful comes to the host:
// dependencies are installed for one place or for the other.
func (l *placement) keptNeed(s runner.Step) string {
	for _, need := range s.Plan.Needs {
		n := l.steps[l.index[need]]
		if n.Where == runner.InContainer && n.Effect != runner.Reads &&
			(n.Plan.Provides != nil || len(n.Plan.Outputs) == 0) {
			return need
		}
	}
	return ""
}

// markInside marks the steps whose outputs stay in the engine: no target asked for them, and nothing on the
// host needs them.
func (l *placement) markInside() {
	wanted := map[string]bool{}
	for _, s := range l.steps {
		for _, need := range s.Plan.Needs {
			wanted[need] = wanted[need] || s.Where == runner.OnHost
		}
	}
	for i, s := range l.steps {
		quiet := s.Effect == runner.Reads || s.Effect == runner.Builds
		l.steps[i].Inside = s.Where == runner.InContainer && !needsEngine(s) && quiet &&
			len(s.Targets) == 0 && !wanted[s.ID]
	}
}

// missingTools returns the tools whose absence makes steps run in containers.
func (l *placement) missingTools() (all host.MissingToolsError) {
	for i, s := range l.steps {
		if tool, ok := l.missing[i].(*host.ToolError); ok && s.Where == runner.InContainer {
			if !slices.ContainsFunc(all, func(t *host.ToolError) bool { return t.Error() == tool.Error() }) {
				all = append(all, tool)
			}
		}
	}
	return all
}

// stepImages chooses the images that steps run in.
type stepImages struct{ *Project }

// withImage returns a step with the image that it runs in, if one is known.
func (i stepImages) withImage(s runner.Step) runner.Step {
	if image := i.imageFor(s); image != "" && (s.Tool == nil || s.Tool.Image != image) {
		tool := plan.Tool{}
		if s.Tool != nil {
			tool = *s.Tool
		}
		tool.Image = image
		s.Tool = &tool
	}
	return s
}

// imageFor returns the image that a step runs in: the one that project.toml names, that of its tool, that of
// the tool of another plugin whose program it calls, or that of the first stack that has one; empty if there
// is none.
func (i stepImages) imageFor(s runner.Step) string {
	switch {
	case s.Plan.Op != plan.OpExec && s.Plan.Op != plan.OpShell:
		return ""
	case s.Plugin == ownProvider && i.Config.Targets[ownID(s)].Image != "":
		return i.Config.Targets[ownID(s)].Image
	case s.Tool != nil && s.Tool.Image != "":
		return s.Tool.Image
	case s.Tool != nil && s.Plugin != ownProvider:
		return ""
	}
	for _, o := range i.Offers {
		if tool, ok := o.Plan.Tools[program(s)]; ok && tool.Image != "" {
			return tool.Image
		}
	}
	return i.stackImage()
}

// equipOwn gives a step of project.toml the tool that it calls, if a plugin knows it.
func (i stepImages) equipOwn(s *runner.Step) {
	if s.Plan.Op != plan.OpExec && s.Plan.Op != plan.OpShell {
		return
	}
	for _, o := range i.Offers {
		if tool, ok := o.Plan.Tools[program(*s)]; ok {
			s.ToolName, s.Tool = program(*s), &tool
			return
		}
	}
}

// stackImage returns the image of the tool that most steps use in the first stack that has an image.
func (i stepImages) stackImage() string {
	for _, o := range i.Offers {
		uses, best := map[string]int{}, ""
		for _, id := range slices.Sorted(maps.Keys(o.Plan.Steps)) {
			name := o.Plan.Steps[id].Tool
			if o.Plan.Tools[name].Image == "" {
				continue
			}
			if uses[name]++; uses[name] > uses[best] {
				best = name
			}
		}
		if best != "" {
			return o.Plan.Tools[best].Image
		}
	}
	return ""
}

// ownID returns the name of a step in project.toml.
func ownID(s runner.Step) string { return strings.TrimPrefix(s.ID, ownProvider+":") }

// program returns the first word of the command of a step.
func program(s runner.Step) string {
	if s.Plan.Op == plan.OpExec {
		return s.Plan.Argv[0]
	}
	words := append(strings.Fields(s.Plan.Script), "")
	return words[0]
}
