package docker

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/docker/compose/v5/pkg/api"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/compose"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// apply is the work of one Apply.
type apply struct {
	t     *Target
	r     release.Release
	o     deploy.ApplyOptions
	kinds map[string]release.ChangeKind // of the changes of services
	nets  []string                      // networks that are to be others
	vols  []string                      // volumes that are to be others
	alone []string                      // containers of no service, which go
	sdk   api.Compose
	guard *guard
	model *compose.Model
	// findings are the containers that heal replaces, by id; a deploy has none.
	findings map[string]release.Finding
}

// Apply makes the engine have what a release says, and waits until it is healthy: jobs and what they need, then the rest, then what
// is too much goes. What is as it should be is not touched.
func (t *Target) Apply(ctx context.Context, p release.Plan, r release.Release, o deploy.ApplyOptions) error {
	a, err := t.newApply(ctx, p, r, o)
	if err != nil {
		return err
	}
	if err := a.createNetworks(ctx); err != nil {
		return err
	}
	err = a.services(ctx)
	if err != nil && !o.KeepGoing {
		return err
	}
	return errors.Join(err, a.prune(ctx))
}

// services makes the engine have all of them, jobs and what they need first.
func (a *apply) services(ctx context.Context) error {
	var failed []error
	first, rest := parts(a.r.Model.Services)
	for _, wave := range append(waves(first), waves(rest)...) {
		err := each(wave, func(_ int, service string) error { return a.service(ctx, service) })
		if failed = append(failed, err); err != nil && (!a.o.KeepGoing || ctx.Err() != nil) {
			break
		}
	}
	return errors.Join(failed...)
}

func (t *Target) newApply(ctx context.Context, p release.Plan, r release.Release, o deploy.ApplyOptions) (*apply, error) {
	m, err := t.parse(ctx, r)
	if err != nil {
		return nil, err
	}
	a := &apply{t: t, r: r, o: o, kinds: map[string]release.ChangeKind{}, guard: newGuard(t.engine, t.project), model: m}
	for _, c := range slices.Concat(p.Changes, p.Retained) {
		switch {
		case c.Subject == release.SubjectService:
			a.kinds[c.Name] = c.Kind
		case c.Subject == release.SubjectNetwork && c.Kind == release.Replace:
			a.nets = append(a.nets, c.Name)
		case c.Subject == release.SubjectContainer:
			a.alone = append(a.alone, c.Name)
		case c.Subject == release.SubjectVolume && c.Kind == release.Replace:
			a.vols = append(a.vols, c.Name)
		}
	}
	a.sdk, err = newService(a.guard)
	return a, err
}

// say tells how far a service is.
func (a *apply) say(service, text string) {
	a.tell(ui.Event{Type: ui.EventOutput, Step: service, Text: text + "\n"})
}

func (a *apply) tell(e ui.Event) {
	if a.o.Emit != nil {
		a.o.Emit(e)
	}
}

// project is a part of the model, for one call of the SDK, which changes what it gets.
func (a *apply) project(services ...string) (*types.Project, error) {
	p, err := a.model.Project(a.t.Key)
	if err != nil {
		return nil, err
	}
	for name, s := range p.Services {
		maps.Copy(s.CustomLabels, a.labels(p, name))
		p.Services[name] = s
	}
	a.mark(p)
	if len(services) == 0 {
		p.Services = types.Services{}
		return p, nil
	}
	return p.WithSelectedServices(a.withParents(services), types.IgnoreDependencies)
}

// withParents adds the services whose containers others share: the SDK has to find these.
func (a *apply) withParents(services []string) []string {
	all := slices.Clone(services)
	for _, name := range services {
		for parent := range a.r.Model.Services[name].Shares {
			if !slices.Contains(all, parent) {
				all = append(all, parent)
			}
		}
	}
	return all
}

// labels are what a container bears beside what the model gives it, so that one look tells what it is.
func (a *apply) labels(p *types.Project, service string) map[string]string {
	s := a.r.Model.Services[service]
	all := map[string]string{label.Fields: s.Fields.Sum(), label.Release: label.Number(a.r.Number)}
	if s.Job {
		all[label.Job] = "true"
	}
	var hidden []string
	for path, value := range s.Fields {
		if release.IsSecret(value) {
			hidden = append(hidden, path)
		}
		if strings.HasPrefix(path, backend+".networks.") && (strings.HasSuffix(path, ".ipv4_address") || strings.HasSuffix(path, ".ipv6_address")) {
			all[label.Static] = "true"
		}
	}
	slices.Sort(hidden)
	all[label.Secrets] = strings.Join(hidden, ",")
	for key := range p.Services[service].Networks {
		if n := p.Networks[key].Name; n != p.Name+"_"+key {
			all[label.Networks+n] = key
		}
	}
	for _, v := range p.Services[service].Volumes {
		if n := p.Volumes[v.Source].Name; n != "" && n != p.Name+"_"+v.Source {
			all[label.Volumes+n] = v.Source
		}
	}
	return all
}
