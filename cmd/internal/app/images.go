package app

import (
	"context"
	"errors"
	"maps"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// composeProvider is the name under which the builds of Compose files are steps.
const composeProvider = "compose"

// collectImages brings the images of all services to the engine of an environment: what is built there, what a registry has, or what another
// release stands on, which is not built again.
func (p *Project) collectImages(ctx context.Context, s *session, from *source, d DeployRequest, emit func(ui.Event)) (map[string]release.Image, error) {
	rendered, err := s.target.Render(ctx)
	if err != nil {
		return nil, err
	}
	for _, text := range append(rendered.Ignored, p.inCommon(s.Environment, rendered.SharedResources)...) {
		emit(ui.Event{Type: ui.EventWarning, Text: text})
	}
	images, err := p.made(ctx, s, rendered, from, d.Run, emit)
	if err != nil {
		return nil, err
	}
	for _, service := range services(rendered) {
		if _, made := images[service]; made {
			continue
		}
		i, err := p.imageOf(ctx, s, rendered, service, from, d, emit)
		if err != nil {
			return nil, err
		}
		images[service] = *i
	}
	if len(images) == 0 {
		return nil, usage("profiles = [\"NAME\"] in [environments."+s.Name+"] switches services on", "the Compose files have no service for %s", s.Name)
	}
	return images, nil
}

// services are the names of those that are rendered.
func services(r *deploy.Rendered) []string {
	all := slices.Collect(maps.Keys(r.Builds))
	for name := range r.Pulls {
		all = append(all, name)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// imageOf finds the image of one service.
func (p *Project) imageOf(ctx context.Context, s *session, rendered *deploy.Rendered, service string, from *source, d DeployRequest, emit func(ui.Event)) (*release.Image, error) {
	_, builds := rendered.Builds[service]
	if from != nil {
		if i, has := from.release.Images[service]; has {
			return &i, from.copyImage(ctx, s, i, p.track("", emit))
		}
		if builds || service == s.packaged {
			return nil, refused("davit deploy "+from.session.Name+" first", "%s has no service %q, whose image would have to be built, and %s builds nothing",
				from, service, s.Name)
		}
	}
	if service == s.packaged {
		return p.pack(ctx, s, d.Run, emit)
	}
	t := p.track("", emit)
	i, err := s.target.Pull(ctx, rendered.Pulls[service], d.Pull || rendered.AlwaysPull[service], t.event)
	t.end(err)
	return &i, err
}

// made are the images of the services that are built, in the store of the engine that they will run on: all in one run. Services with the
// same build have one image, which is called by the first of them. An environment that takes a release from another builds nothing.
func (p *Project) made(ctx context.Context, s *session, rendered *deploy.Rendered, from *source, r Request, emit func(ui.Event)) (map[string]release.Image, error) {
	images := map[string]release.Image{}
	if from != nil || len(rendered.Builds) == 0 {
		return images, nil
	}
	job, steps, err := p.buildJob(s, rendered.Builds)
	if err != nil {
		return nil, err
	}
	q := *p
	q.Engine, q.timeless = p.Builders(s.Environment), true
	m := &imageCollector{emit: emit, images: map[string]string{}}
	if err := q.execute(ctx, job, r, m.event); err != nil {
		return nil, err
	}
	for service, step := range steps {
		i, err := s.stored(ctx, m.images[step])
		if err != nil {
			return nil, err
		}
		images[service] = *i
	}
	return images, nil
}

// imageCollector passes on the events of steps and keeps the names of the images that they made.
type imageCollector struct {
	emit   func(ui.Event)
	images map[string]string // by step
}

func (m *imageCollector) event(e ui.Event) {
	if e.Image != "" {
		m.images[e.Step] = e.Image
	}
	part(m.emit)(e)
}

// part is what takes the events of a run that is a part of another: it neither begins nor ends that.
func part(emit func(ui.Event)) func(ui.Event) {
	return func(e ui.Event) {
		if e.Type != ui.EventRun && e.Type != ui.EventEnd {
			emit(e)
		}
	}
}

// stored is the image that a build has put into the store of an engine. One knows it by the digest that the build has told; an engine
// that wraps what it is given in a manifest of its own knows it by its name.
func (s *session) stored(ctx context.Context, made string) (*release.Image, error) {
	name, digest, _ := strings.Cut(made, "@")
	for _, ref := range []string{digest, name + ":latest"} {
		i, err := s.target.Image(ctx, ref)
		if err != nil {
			return nil, err
		}
		if i != nil {
			i.Name = name
			return i, nil
		}
	}
	return nil, errors.New("the image " + made + " has been built and is not in the engine of " + s.Name)
}

// buildJob are the steps that build the images of services, and which one is that of a service.
func (p *Project) buildJob(s *session, builds map[string]release.Build) (*Job, map[string]string, error) {
	var steps []runner.Step
	of := map[string]string{}
	for _, service := range sorted(builds) {
		image, err := p.buildImage(service, builds[service])
		if err != nil {
			return nil, nil, err
		}
		if same := slices.IndexFunc(steps, func(other runner.Step) bool { return reflect.DeepEqual(other.Plan.Image, image) }); same >= 0 {
			of[service] = steps[same].ID
			continue
		}
		of[service] = composeProvider + ":" + service
		steps = append(steps, runner.Step{
			ID: of[service], Plugin: composeProvider, Effect: runner.Builds, Cacheable: true, Targets: []string{"deploy"},
			Name: s.Project + "-" + service, Plan: plan.Step{Op: plan.OpImage, Image: image},
		})
	}
	g, err := runner.NewGraph(steps)
	return &Job{Selection: &Selection{Targets: []string{"deploy"}}, Graph: g}, of, err
}

// buildImage is a build of a Compose file as a plan has it: with paths in the project.
func (p *Project) buildImage(service string, b release.Build) (*plan.Image, error) {
	folder, err := p.inside(service, b.Context)
	if err != nil {
		return nil, err
	}
	file := b.Dockerfile
	if !filepath.IsAbs(file) {
		file = filepath.Join(p.Root.Dir, filepath.FromSlash(folder), file)
	}
	if file, err = p.inside(service, file); err != nil {
		return nil, err
	}
	i := &plan.Image{Dockerfile: file, Context: folder, Target: b.Target, Args: b.Args, Contexts: map[string]string{}}
	for name, where := range b.Contexts {
		if !strings.Contains(where, "://") {
			if where, err = p.inside(service, where); err != nil {
				return nil, err
			}
		}
		i.Contexts[name] = where
	}
	return i, nil
}

// inside is a path of a build relative to the project.
func (p *Project) inside(service, name string) (string, error) {
	if strings.Contains(name, "://") || strings.HasPrefix(name, "git@") {
		return "", usage("clone it, and name its folder", "service %q is built from %q, which is no folder of the project", service, name)
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(p.Root.Dir, filepath.FromSlash(name))
	}
	relative, err := filepath.Rel(p.Root.Dir, name)
	if err != nil || !filepath.IsLocal(relative) {
		return "", usage("", "service %q is built from %q, which is outside of the project", service, name)
	}
	return path.Clean(filepath.ToSlash(relative)), nil
}
