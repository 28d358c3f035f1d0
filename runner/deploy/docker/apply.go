package docker

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/compose"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// apply is one call of Apply or Heal.
type apply struct {
	backend         *Backend
	release         release.Release
	options         deploy.ApplyOptions
	kinds           map[string]release.ChangeKind // of changes, by service
	clearedNetworks []string                      // keys of networks that are removed before others are created
	replacedVolumes []string                      // keys of volumes that are recreated
	owner           owner
	sdk             api.Compose
	guard           *guard
	model           *compose.Model
	monitors        monitors
	notices         *notices
	// floating are the keys of the networks on which new containers do not get the addresses of the old ones.
	floating []string
	// variables are those that the containers of RunJob have besides their own.
	variables map[string]string
	// refreshing is held while clients look names up again.
	refreshing sync.Mutex
	// told are the containers, each with what it has become, about which a line was emitted.
	told sync.Map
	// findings are those about containers that heal replaces, by id; a deploy has none.
	findings map[string]release.Finding
}

// Apply carries out a plan and waits until the release is healthy: services start in the order of their dependencies, and
// those that are replaced once the jobs have succeeded. Then it removes what the release does not have. It does not touch what is up to date.
func (b *Backend) Apply(ctx context.Context, p release.Plan, r release.Release, o deploy.ApplyOptions) error {
	a, err := b.newApply(ctx, p, r, o)
	if err != nil {
		return err
	}
	defer a.watch(ctx)()
	if err = a.apply(ctx, p.CreatesResources(r.Model)); err != nil {
		return errors.Join(err, b.endChange(ctx, a.guard.mark))
	}
	return atOnce(
		func() error { return o.RunVerify(ctx) },
		func() error { return b.endChange(ctx, a.guard.mark) })
}

// apply makes the environment what the release says. New networks and volumes do not wait for the record of the release.
func (a *apply) apply(ctx context.Context, newResources bool) error {
	if !newResources {
		if err := a.options.AwaitRecord(); err != nil {
			return err
		}
	}
	if err := a.createNetworks(ctx); err != nil {
		return err
	}
	if err := a.findFloating(ctx); err != nil {
		return err
	}
	if err := a.options.AwaitRecord(); err != nil {
		return err
	}
	err := a.inOrder(ctx, a.release.Model.Services)
	if err != nil && !a.options.KeepGoing {
		return err
	}
	return errors.Join(err, a.prune(ctx))
}

func (b *Backend) newApply(
	ctx context.Context, p release.Plan, r release.Release, o deploy.ApplyOptions,
) (*apply, error) {
	m, err := b.parse(ctx, r)
	if err != nil {
		return nil, err
	}
	a := &apply{
		backend: b, release: r, options: o, kinds: map[string]release.ChangeKind{},
		guard: newGuard(b.engine, b.project, r.Model), model: m,
	}
	for _, c := range slices.Concat(p.Changes, p.Retained) {
		switch {
		case c.Subject == release.SubjectService:
			a.kinds[c.Name] = c.Kind
		case c.ClearsNetwork():
			a.clearedNetworks = append(a.clearedNetworks, c.Name)
		case c.Subject == release.SubjectVolume && c.Kind == release.Replace:
			a.replacedVolumes = append(a.replacedVolumes, c.Name)
		}
	}
	if a.sdk, err = newService(a.guard); err != nil {
		return nil, err
	}
	a.owner, a.guard.mark, err = b.beginChange(ctx, p)
	a.guard.owner = a.owner
	return a, err
}

// containers returns the containers of services that belong to the change: its record of ownership is the last one as long
// as it has the lock.
func (a *apply) containers(ctx context.Context) ([]container.Summary, error) {
	all, err := a.backend.engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ofProject(a.backend.project)})
	return a.owner.services(all.Items), err
}

// report emits a line about a service.
func (a *apply) report(service, text string) {
	a.emit(ui.Said(service, text))
}

func (a *apply) emit(e ui.Event) {
	if a.options.Emit != nil {
		a.options.Emit(e)
	}
}

// project returns a part of the Compose project, for one call of the SDK, which changes what it gets.
func (a *apply) project(services ...string) (*types.Project, error) {
	p, err := a.model.Project()
	if err != nil {
		return nil, err
	}
	for name, s := range p.Services {
		maps.Copy(s.CustomLabels, a.labels(p, name))
		for variable, value := range a.variables {
			s.Environment[variable] = &value
		}
		p.Services[name] = s
	}
	a.labelEphemeral(p)
	if len(services) == 0 {
		p.Services = types.Services{}
		return p, nil
	}
	return p.WithSelectedServices(a.withParents(services), types.IgnoreDependencies)
}

// withParents adds the services whose containers others share: the SDK has to find them.
func (a *apply) withParents(services []string) []string {
	all := slices.Clone(services)
	for _, name := range services {
		for parent := range a.release.Model.Services[name].Shares {
			if !slices.Contains(all, parent) {
				all = append(all, parent)
			}
		}
	}
	return all
}

// labels returns what a container is labelled with besides the labels of the model, so that one inspection
// tells what it is.
func (a *apply) labels(p *types.Project, service string) map[string]string {
	s := a.release.Model.Services[service]
	all := map[string]string{label.Fields: s.Fields.Sum(), label.Release: label.Number(a.release.Number)}
	if s.Job {
		all[label.Job] = "true"
	}
	var paths []string
	for path, value := range s.Fields {
		if release.IsSecret(value) {
			paths = append(paths, path)
		}
		if strings.HasPrefix(path, backendName+".networks.") &&
			(strings.HasSuffix(path, ".ipv4_address") || strings.HasSuffix(path, ".ipv6_address")) {
			all[label.Static] = "true"
		}
	}
	slices.Sort(paths)
	all[label.Secrets] = strings.Join(paths, ",")
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
