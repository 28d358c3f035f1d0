package docker

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A serviceState is the containers of a service: those that are up to date, and old ones. unannounced says
// that one of the former is not in DNS, since a davit was killed or cancelled before the switch.
type serviceState struct {
	fresh, old  []observedContainer
	unannounced bool
}

func (s serviceState) all() []observedContainer { return append(slices.Clone(s.fresh), s.old...) }

// state returns the containers of a service, after removing half-created ones of a davit that was killed.
func (a *apply) state(ctx context.Context, name string) (s serviceState, err error) {
	list, err := a.backend.engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ofService(a.backend.project, name)})
	if err != nil {
		return s, err
	}
	l := &observation{backend: a.backend}
	if l.containers, err = a.backend.inspect(ctx, a.backend.serviceContainers(list.Items), false); err != nil {
		return s, err
	}
	if l.images, err = a.backend.inspectImages(ctx, l.containers); err != nil {
		return s, err
	}
	if err := l.loadKeys(ctx); err != nil {
		return s, err
	}
	if l.containers, err = a.removeHalfCreated(ctx, l.containers); err != nil {
		return s, err
	}
	for _, f := range l.containers {
		if fresh, unannounced := a.isFresh(l, name, f); fresh {
			s.fresh, s.unannounced = append(s.fresh, f), s.unannounced || unannounced
		} else {
			s.old = append(s.old, f)
		}
	}
	return s, nil
}

// loadKeys loads the keys of networks and volumes in the Compose files.
func (l *observation) loadKeys(ctx context.Context) error {
	m := release.Model{}
	var err error
	l.networks, l.volumes = map[string]string{}, map[string]string{}
	if m.Networks, err = l.observeNetworks(ctx); err != nil {
		return err
	}
	if m.Volumes, err = l.observeVolumes(ctx); err != nil {
		return err
	}
	l.addExternal(m)
	return nil
}

// isFresh reports whether a container is as the release describes it, and whether it only lacks its names in
// DNS. A service without a change in the plan is as it must be: somebody else may have made its containers.
func (a *apply) isFresh(l *observation, name string, f observedContainer) (fresh, unannounced bool) {
	if _, has := a.findings[f.ID]; has {
		return false, false
	}
	if kind := a.kinds[name]; kind != release.Replace && kind != release.Create {
		return true, false
	}
	want := a.release.Model.Services[name]
	fields, inherited := l.fields(f)
	if want.StartFirst {
		for _, path := range l.unannounced(f) {
			fields[path], unannounced = "", true
		}
	}
	return f.label(label.Fields) == want.Fields.Sum() && equal(want.Fields, fields, inherited, a.backend.Key), unannounced
}

// equal reports whether fields are as the model describes them, as far as an engine can tell.
func equal(want, have, inherited release.Fields, key []byte) bool {
	have = maps.Clone(have)
	for path, value := range want {
		if release.IsSecret(value) {
			have.Redact(key, path)
		}
		is, has := have[path]
		if !strings.HasPrefix(path, "compose.") && (!has || is != value) {
			return false
		}
	}
	for path := range maps.Keys(have) {
		_, wanted := want[path]
		if _, given := inherited[path]; !wanted && !given {
			return false
		}
	}
	return true
}

// removeHalfCreated removes containers that were never started and still have a temporary name: the SDK
// creates the new one beside the old, and renames it when the old one is gone. Where the old one is gone, the
// new one is renamed.
func (a *apply) removeHalfCreated(ctx context.Context, all []observedContainer) (kept []observedContainer, err error) {
	names := map[string]bool{}
	for _, f := range all {
		names[strings.TrimPrefix(f.Name, "/")] = true
	}
	for _, f := range all {
		_, own, half := strings.Cut(f.Name, "_"+a.backend.project+api.Separator)
		own = a.backend.project + api.Separator + own
		switch {
		case f.State.Status == container.StateDead || half && names[own]:
			err = a.backend.remove(ctx, f.ID)
		case half:
			_, err = a.backend.engine.ContainerRename(ctx, f.ID, client.ContainerRenameOptions{NewName: own})
			f.Name = "/" + own
			kept = append(kept, f)
		default:
			kept = append(kept, f)
		}
		if err != nil {
			return nil, err
		}
	}
	return kept, nil
}
