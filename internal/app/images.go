package app

import (
	"context"
	"errors"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/release"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// composeProvider is the name under which the builds of Compose files are steps.
const composeProvider = "compose"

// gather brings the images of all services to the engine of an environment: what is built there, what a registry has, or what another
// release stands on, which is not built again.
func (p *Project) gather(ctx context.Context, s *site, from *source, r Request, emit func(ui.Event)) (map[string]release.Image, error) {
	rendered, err := s.target.Render(ctx)
	if err != nil {
		return nil, err
	}
	for _, text := range rendered.Ignored {
		emit(ui.Event{Type: ui.EventWarning, Text: text})
	}
	images := map[string]release.Image{}
	for _, service := range services(rendered) {
		i, err := p.imageOf(ctx, s, rendered, service, from, r, emit)
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
func services(r *runner.Rendered) []string {
	all := slices.Collect(maps.Keys(r.Builds))
	for name := range r.Pulls {
		all = append(all, name)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// imageOf finds the image of one service.
func (p *Project) imageOf(ctx context.Context, s *site, rendered *runner.Rendered, service string, from *source, r Request, emit func(ui.Event)) (*release.Image, error) {
	build, builds := rendered.Builds[service]
	if from != nil {
		if i, has := from.release.Images[service]; has {
			return &i, from.bring(ctx, s, i, p.track("", emit))
		}
		if builds || service == s.packaged {
			return nil, refused("davit deploy "+from.site.Name+" first", "%s has no service %q, whose image would have to be built, and %s builds nothing",
				from, service, s.Name)
		}
	}
	if service == s.packaged {
		return p.pack(ctx, s, r, emit)
	}
	if builds {
		return p.built(ctx, s, service, build, r, emit)
	}
	t := p.track("", emit)
	i, err := s.target.Pull(ctx, rendered.Pulls[service], t.event)
	t.end(err)
	return &i, err
}

// built is the image that a service is built to, in the store of the engine that it will run on.
func (p *Project) built(ctx context.Context, s *site, service string, b release.Build, r Request, emit func(ui.Event)) (*release.Image, error) {
	job, err := p.buildJob(service, b)
	if err != nil {
		return nil, err
	}
	q := *p // an image is called by its project and its service
	q.Name, q.Engine, q.timeless = s.Project+"-"+service, p.Builders(s.Environment), true
	made := &making{emit: emit}
	if err := q.execute(ctx, job, r, made.event); err != nil {
		return nil, err
	}
	return s.stored(ctx, made.image)
}

// making passes on the events of a step and keeps the name of the image that it made.
type making struct {
	emit  func(ui.Event)
	image string
}

func (m *making) event(e ui.Event) {
	if e.Image != "" {
		m.image = e.Image
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
func (s *site) stored(ctx context.Context, made string) (*release.Image, error) {
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

// buildJob is the step that builds the image of a service.
func (p *Project) buildJob(service string, b release.Build) (*Job, error) {
	image, err := p.buildImage(service, b)
	if err != nil {
		return nil, err
	}
	g, err := runner.NewGraph([]runner.Step{{
		ID: composeProvider + ":" + service, Plugin: composeProvider, Effect: runner.Builds, Targets: []string{"deploy"},
		Plan: plan.Step{Op: plan.OpImage, Image: image},
	}})
	return &Job{Selection: &Selection{Targets: []string{"deploy"}}, Graph: g}, err
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
