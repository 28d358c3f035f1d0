package app

import (
	"context"
	"errors"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// composeProvider is the name under which the builds of Compose files are steps.
const composeProvider = "compose"

// packageTarget makes the image that a project without a Compose file deploys.
const packageTarget = "package"

// BuildImages builds images of Compose services on an engine, all in one run, and returns the reference of
// each by service. Services with equal builds share an image, which is named after the first of them.
func (p *Project) BuildImages(
	ctx context.Context, engine runner.Engine, name string, builds map[string]release.Build, r Request,
	emit func(ui.Event),
) (map[string]string, error) {
	job, steps, err := composeBuild{p}.buildJob(name, builds)
	if err != nil {
		return nil, err
	}
	q := *p
	q.Engine, q.withoutCommit = engine, true
	c := &imageCollector{emit: emit, images: map[string]string{}}
	if err := q.execute(ctx, job, r, c.event); err != nil {
		return nil, err
	}
	refs := map[string]string{}
	for service, step := range steps {
		refs[service] = c.images[step]
	}
	return refs, nil
}

// PackageImage builds the one image that the project packages, on an engine, and returns its reference.
func (p *Project) PackageImage(
	ctx context.Context, engine runner.Engine, r Request, emit func(ui.Event),
) (string, error) {
	job, err := p.Plan(Request{Targets: []string{packageTarget}})
	if err != nil {
		return "", err
	}
	q := *p
	q.Engine = engine
	c := &imageCollector{emit: emit, images: map[string]string{}}
	if err := q.execute(ctx, job, r, c.event); err != nil {
		return "", err
	}
	refs := slices.Collect(maps.Values(c.images))
	if len(refs) != 1 { // PackagedPorts has seen that it is one
		return "", errors.New("the package of " + p.Name + " is no single image")
	}
	return refs[0], nil
}

// PackagedPorts returns the ports of the image that package makes; ok is false if it makes none, or several.
func (p *Project) PackagedPorts() (ports []string, ok bool) {
	job, err := p.Plan(Request{Targets: []string{packageTarget}})
	if err != nil {
		return nil, false
	}
	var images []*plan.Image
	for _, s := range job.Graph.Steps() {
		if s.Plan.Op == plan.OpImage {
			images = append(images, s.Plan.Image)
		}
	}
	if len(images) != 1 {
		return nil, false
	}
	return images[0].Expose, true
}

// An imageCollector passes on the events of steps and keeps the references of the images that they made.
type imageCollector struct {
	emit   func(ui.Event)
	images map[string]string // by step
}

func (c *imageCollector) event(e ui.Event) {
	if e.Image != "" {
		c.images[e.Step] = e.Image
	}
	c.emit(e)
}

// A composeBuild turns the builds of Compose files into steps.
type composeBuild struct{ *Project }

// buildJob returns the steps that build the images of services, and which of them is that of a service.
func (c composeBuild) buildJob(
	name string, builds map[string]release.Build,
) (*Job, map[string]string, error) {
	var steps []runner.Step
	of := map[string]string{}
	for _, service := range slices.Sorted(maps.Keys(builds)) {
		image, err := c.buildImage(service, builds[service])
		if err != nil {
			return nil, nil, err
		}
		if same := slices.IndexFunc(steps,
			func(other runner.Step) bool { return reflect.DeepEqual(other.Plan.Image, image) }); same >= 0 {
			of[service] = steps[same].ID
			continue
		}
		of[service] = composeProvider + ":" + service
		steps = append(steps, runner.Step{
			ID: of[service], Plugin: composeProvider, Effect: runner.Builds, Cacheable: true,
			Targets: []string{"deploy"},
			Name:    name + "-" + service, Plan: plan.Step{Op: plan.OpImage, Image: image},
		})
	}
	g, err := runner.NewGraph(steps)
	return &Job{Selection: &Selection{Targets: []string{"deploy"}}, Graph: g}, of, err
}

// buildImage returns a build of a Compose file as a plan has it: with paths in the project.
func (c composeBuild) buildImage(service string, b release.Build) (*plan.Image, error) {
	folder, err := c.inProject(service, b.Context)
	if err != nil {
		return nil, err
	}
	file := b.Dockerfile
	if !filepath.IsAbs(file) {
		file = filepath.Join(c.Root.Dir, filepath.FromSlash(folder), file)
	}
	if file, err = c.inProject(service, orLowerCase(file)); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(c.Root.Dir, file)); errors.Is(err, os.ErrNotExist) {
		return nil, usage("add it, or name another one with dockerfile:; without a Compose file davit package needs none",
			"%s: there is no %q", b.At, file)
	}
	i := &plan.Image{Dockerfile: file, Context: folder, Target: b.Target, Args: b.Args,
		Contexts: map[string]string{}}
	for name, where := range b.Contexts {
		if !strings.Contains(where, "://") {
			if where, err = c.inProject(service, where); err != nil {
				return nil, err
			}
		}
		i.Contexts[name] = where
	}
	return i, nil
}

// orLowerCase returns the path of a Dockerfile or, where that is not there, of a dockerfile, as docker build does.
func orLowerCase(file string) string {
	lower := filepath.Join(filepath.Dir(file), strings.ToLower(filepath.Base(file)))
	_, missing := os.Stat(file)
	if _, err := os.Stat(lower); missing != nil && err == nil {
		return lower
	}
	return file
}

// inProject returns a path of a build relative to the project.
func (c composeBuild) inProject(service, name string) (string, error) {
	if strings.Contains(name, "://") || strings.HasPrefix(name, "git@") {
		return "", usage("clone it, and name its folder",
			"service %q is built from %q, which is no folder of the project", service, name)
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(c.Root.Dir, filepath.FromSlash(name))
	}
	relative, err := filepath.Rel(c.Root.Dir, name)
	if err != nil || !filepath.IsLocal(relative) {
		return "", usage("", "service %q is built from %q, which is outside of the project", service, name)
	}
	return path.Clean(filepath.ToSlash(relative)), nil
}

// CheckTargets returns an error about a target that a change of an environment cannot run: one that the project does not
// offer, that needs a parameter, or that asks, since it runs when the environment has been changed.
func (p *Project) CheckTargets(targets []string) error {
	job, err := p.Plan(Request{Targets: targets})
	if err != nil || len(job.Questions) == 0 {
		return err
	}
	return usage("confirm = true of the environment asks before anything changes",
		"%s asks %q (confirm), and would ask when the environment has been changed", text.And(targets), job.Questions[0])
}

// VerifyTargets runs targets, cached results or not, with further variables, which replace those of the
// caller.
func (p *Project) VerifyTargets(
	ctx context.Context, targets, env []string, r Request, emit func(ui.Event),
) error {
	q := *p
	q.Environ = environ.Join(p.Environ, env...)
	r.Targets, r.Force, r.Args = targets, true, nil
	err := q.Run(ctx, r, emit)
	if _, silent := errors.AsType[*SilentError](err); silent {
		return errors.New("a target failed")
	}
	if err != nil { // whatever its category is, the deploy before it has changed something
		return &fault.Error{Reason: err.Error()}
	}
	return nil
}
