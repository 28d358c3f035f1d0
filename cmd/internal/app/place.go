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

// The words for where steps run, of --on and of project.toml.
const (
	onAuto      = "auto"
	onHost      = string(runner.OnHost)
	onContainer = string(runner.InContainer)
)

// on is where steps are to run, and who said so.
func (p *Project) on(r Request) (on, said string) {
	switch {
	case r.On != "":
		return r.On, "--on " + r.On + " says so"
	case p.Config.On != "":
		return p.Config.On, "project.toml says so: on = " + fmt.Sprintf("%q", p.Config.On)
	}
	return onAuto, ""
}

// placement decides where each step of a job runs. Its steps are in the order of a graph: behind what they need.
type placement struct {
	project  *Project
	on, said string
	steps    []runner.Step
	index    map[string]int
	imaged   map[string]string // steps that an image is made of, with the step that makes it
	found    []host.Found
	missing  []error // why a step cannot run on the host, by its place in steps; nil where it can
}

// place sets, for every step of a job, where it runs and why there. It returns what auto would rather have had on the host.
func (p *Project) place(ctx context.Context, h *host.Runner, job *Job, r Request) (lacking host.MissingToolsError, err error) {
	on, said := p.on(r)
	l := &placement{project: p, on: on, said: said, steps: job.Graph.Steps(), index: map[string]int{}, imaged: map[string]string{}}
	for i, s := range l.steps {
		l.index[s.ID] = i
	}
	l.image()
	l.probe(ctx, h)
	for i := range l.steps {
		l.steps[i].Where, l.steps[i].Reason = l.decide(i)
		if l.steps[i].Where == runner.InContainer {
			l.steps[i] = stepImages{p}.housed(l.steps[i])
		}
	}
	l.inside()
	if job.Graph, err = runner.NewGraph(l.steps); err != nil {
		return nil, err
	}
	return l.lacking(), ctx.Err()
}

// image finds what images are made of: all that a step needs that makes one.
func (l *placement) image() {
	for _, s := range slices.Backward(l.steps) {
		maker := l.imaged[s.ID]
		if engines(s) {
			maker = s.ID
		}
		for _, need := range s.Plan.Needs {
			if maker != "" && l.imaged[need] == "" {
				l.imaged[need] = maker
			}
		}
	}
}

// engines tells whether only an engine can do a step.
func engines(s runner.Step) bool { return s.Plan.Op == plan.OpImage || s.Plan.Op == plan.OpPush }

// probe looks for the tools of the steps of which nothing else decides.
func (l *placement) probe(ctx context.Context, h *host.Runner) {
	l.found, l.missing = make([]host.Found, len(l.steps)), make([]error, len(l.steps))
	if l.on != onAuto {
		return
	}
	var wait sync.WaitGroup
	for i, s := range l.steps {
		if !engines(s) && l.imaged[s.ID] == "" {
			wait.Go(func() { l.found[i], l.missing[i] = h.FindTool(ctx, s) })
		}
	}
	wait.Wait()
}

// decide says where a step runs. Where the steps that it needs run has been decided.
func (l *placement) decide(i int) (where runner.Where, because string) {
	s := l.steps[i]
	switch maker := l.imaged[s.ID]; {
	case s.Plan.Op == plan.OpWrite:
		return runner.OnHost, "davit writes files itself"
	case slices.Contains(s.Targets, "clean"):
		return runner.OnHost, "what it removes is on this machine"
	case engines(s) && l.on == onHost:
		return runner.InContainer, "only an engine makes and pushes images, whatever " + l.said
	case engines(s):
		return runner.InContainer, "only an engine makes and pushes images"
	case maker != "":
		return runner.InContainer, "the image of " + maker + " is made of it"
	case l.on != onAuto:
		return runner.Where(l.on), l.said
	}
	return l.choose(i)
}

// choose is auto: the host where that has the tool, unless what the step needs stays in a container.
func (l *placement) choose(i int) (where runner.Where, because string) {
	s := l.steps[i]
	image := stepImages{l.project}.imageFor(s)
	if need := l.kept(s); need != "" && image != "" && !s.Plan.Interactive {
		return runner.InContainer, "what " + need + " gets for it is in a container"
	}
	switch {
	case l.missing[i] == nil && s.Tool == nil:
		return runner.OnHost, "it asks for no tool"
	case l.missing[i] == nil && l.found[i].Version == "":
		return runner.OnHost, s.ToolName + " is here, or comes"
	case l.missing[i] == nil:
		return runner.OnHost, s.ToolName + " " + l.found[i].Version + " is here"
	case image != "":
		return runner.InContainer, l.missing[i].Error()
	}
	return runner.OnHost, "there is no image for it"
}

// kept is a step that a step needs, that runs in a container, and of which nothing comes to the host that would serve there:
// dependencies are installed for the one place or for the other.
func (l *placement) kept(s runner.Step) string {
	for _, need := range s.Plan.Needs {
		n := l.steps[l.index[need]]
		if n.Where == runner.InContainer && n.Effect != runner.Reads && (n.Plan.Stamp != "" || len(n.Plan.Outputs) == 0) {
			return need
		}
	}
	return ""
}

// inside finds the steps whose work stays in the engine: nobody asked for it, and nothing on the host needs it.
func (l *placement) inside() {
	wanted := map[string]bool{}
	for _, s := range l.steps {
		for _, need := range s.Plan.Needs {
			wanted[need] = wanted[need] || s.Where == runner.OnHost
		}
	}
	for i, s := range l.steps {
		quiet := s.Effect == runner.Reads || s.Effect == runner.Builds
		l.steps[i].Inside = s.Where == runner.InContainer && !engines(s) && quiet && len(s.Targets) == 0 && !wanted[s.ID]
	}
}

// lacking are the tools for want of which steps run in containers.
func (l *placement) lacking() (all host.MissingToolsError) {
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

// housed is a step with an image to run in, where one is known.
func (i stepImages) housed(s runner.Step) runner.Step {
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

// imageFor is the image that a step runs in: that of its tool, the one that project.toml names, that of the tool of some plugin
// whose program it calls, or that of the first stack that has one. It is empty where there is none.
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

// equipOwn gives a step of the project's own the tool that it calls, if a plugin knows it.
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

// stackImage is the image of the tool that most steps of the first stack with one use.
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

// ownID is the name under which project.toml has a step.
func ownID(s runner.Step) string { return strings.TrimPrefix(s.ID, ownProvider+":") }

// program is the first word of what a step runs.
func program(s runner.Step) string {
	if s.Plan.Op == plan.OpExec {
		return s.Plan.Argv[0]
	}
	words := append(strings.Fields(s.Plan.Script), "")
	return words[0]
}
