package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/templates/pipeline"
)

// A pipelineBuilder adds jobs to a pipeline.
type pipelineBuilder struct {
	*Project
	out *pipeline.Pipeline
	// covered are the ids of the steps that jobs run.
	covered map[string]bool
	// asking are the targets that are left out since they ask before they run.
	asking []string
}

// addJob adds the job of those targets that the project offers, if it offers any.
func (b *pipelineBuilder) addJob(name string, targets []string) error {
	var all []string
	for _, t := range targets {
		if !b.HasTarget(t) {
			continue
		}
		job, err := b.planned(t)
		if err != nil {
			return err
		}
		if job != nil {
			all = append(all, t)
		}
	}
	if len(all) == 0 {
		return nil
	}
	job, err := b.Plan(Request{Targets: all})
	if err != nil {
		return err
	}
	b.out.Jobs = append(b.out.Jobs, b.jobOf(name, all, job.Graph.Steps()))
	return nil
}

// planned returns the job of a target; nil, with a note in the pipeline, if it asks before it runs.
func (b *pipelineBuilder) planned(target string) (*Job, error) {
	job, err := b.Plan(Request{Targets: []string{target}})
	if err != nil || len(job.Questions) == 0 {
		return job, err
	}
	if !slices.Contains(b.asking, target) {
		b.asking = append(b.asking, target)
		b.note("davit %s is not here, since it asks before it runs (confirm in project.toml)", target)
	}
	return nil, nil
}

func (b *pipelineBuilder) note(format string, args ...any) {
	if line := fmt.Sprintf(format, args...); !slices.Contains(b.out.Notes, line) {
		b.out.Notes = append(b.out.Notes, line)
	}
}

// jobOf returns the job of some targets.
func (b *pipelineBuilder) jobOf(name string, targets []string, steps []runner.Step) pipeline.Job {
	j := pipeline.Job{Name: name, Command: "davit " + strings.Join(targets, " "), Container: b.oneImage(steps),
		Tools: b.plainTools(b.ciTools(steps)), Caches: b.plainCaches(b.ciCaches(steps)), Variables: b.secretVariables(steps)}
	if slices.ContainsFunc(steps, func(s runner.Step) bool { return len(s.Plan.Reports) > 0 }) {
		j.Command, j.Reports = j.Command+" --reports "+reportsFolder, true
	}
	for _, s := range steps {
		b.covered[s.ID] = true
	}
	return j
}

// addRest adds the job of what davit check runs and no other job does.
func (b *pipelineBuilder) addRest() error {
	if !b.HasTarget("check") {
		return nil
	}
	var rest []string
	covered := func(s runner.Step) bool { return b.covered[s.ID] }
	missing := func(steps []runner.Step) bool {
		return slices.ContainsFunc(steps, func(s runner.Step) bool { return !covered(s) })
	}
	for _, name := range b.checkParts() {
		whole, err := b.Plan(Request{Targets: []string{name}})
		if err != nil {
			return err
		}
		if !missing(whole.Graph.Steps()) {
			continue
		}
		if job, _ := b.planned(name); job != nil {
			rest = append(rest, name)
		}
	}
	return b.addJob("check", rest)
}

// checkParts returns the names of all that davit check runs, in its order.
func (b *pipelineBuilder) checkParts() (names []string) {
	t, _ := b.Resolution.Find("check")
	uses, _ := b.Resolution.Expand(t)
	for _, u := range uses {
		name := u.Target.Name
		if name == t.Name {
			name = u.Provider + ":" + u.As
		}
		if t.Whole() {
			name = t.Name
		}
		if !slices.Contains(names, name) && plan.ValidTarget(name) {
			names = append(names, name)
		}
	}
	return names
}

// noteUnreached names the project's own checks that no job runs.
func (b *pipelineBuilder) noteUnreached() {
	var names []string
	for _, t := range b.Resolution.Targets {
		if !t.Own || t.Effect != conventions.Reads || len(t.Winners) == 0 || !b.shared(t.Name) || slices.Contains(b.asking, t.Name) {
			continue
		}
		job, err := b.Plan(Request{Targets: []string{t.Name}, Unset: true})
		if err == nil && slices.ContainsFunc(job.Graph.Steps(), func(s runner.Step) bool { return !b.covered[s.ID] }) {
			names = append(names, t.Name)
		}
	}
	if len(names) > 0 {
		b.note("davit check does not run %s: needs of [targets.check] in project.toml take more in", strings.Join(names, ", "))
	}
}

// addImage adds how images are made, if the project makes any.
func (b *pipelineBuilder) addImage() {
	if !b.HasTarget(packageTarget) {
		return
	}
	job, err := b.planned(packageTarget)
	if err == nil && job == nil {
		return
	}
	i := &pipeline.Image{Registry: b.Config.Registry}
	if err == nil {
		i.Variables = b.secretVariables(job.Graph.Steps())
	}
	if b.HasTarget("publish") {
		push, err := b.planned("publish")
		i.Publish = err != nil || push != nil
	}
	b.out.Image = i
}

// nothing returns the error about a project without anything that a pipeline could run.
func (b *pipelineBuilder) nothing() error {
	if len(b.asking) > 0 {
		return usage("", "the project offers nothing that a pipeline could run, since a pipeline answers no question: %s",
			strings.Join(b.out.Notes, "; "))
	}
	return usage("davit targets lists what there is", "the project offers nothing that a pipeline could run")
}
