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

// withoutUnstarted moves fresh containers that were never started to the old ones: their addresses may be those of
// containers that a davit which was killed was about to stop.
func (s serviceState) withoutUnstarted() serviceState {
	fresh := s.fresh
	s.fresh = nil
	for _, f := range fresh {
		if f.State.Status == container.StateCreated {
			s.old = append(s.old, f)
		} else {
			s.fresh = append(s.fresh, f)
		}
	}
	return s
}

// state returns the containers of a service, compared with the release.
func (r *reconciler) state(ctx context.Context) (s serviceState, err error) {
	l := &observation{backend: r.backend, owner: r.owner}
	if l.containers, err = r.observed(ctx); err != nil || len(l.containers) == 0 {
		return s, err
	}
	if r.compares() {
		if err := l.loadDetails(ctx); err != nil {
			return s, err
		}
	}
	gone, err := r.sharesGone(ctx)
	if err != nil {
		return s, err
	}
	for _, f := range l.containers {
		fresh, unannounced := r.isFresh(l, f)
		if fresh = fresh && !(r.kinds[r.name] == release.Replace && gone(f)); fresh {
			s.fresh, s.unannounced = append(s.fresh, f), s.unannounced || unannounced
		} else {
			s.old = append(s.old, f)
		}
	}
	return s, nil
}

// observed returns the containers of a service, after removing half-created ones of a davit that was killed.
func (r *reconciler) observed(ctx context.Context) ([]observedContainer, error) {
	if err := r.guard.removals.wait(); err != nil {
		return nil, err
	}
	list, err := r.backend.engine.ContainerList(ctx, client.ContainerListOptions{
		All: true, Filters: ofService(r.backend.project, r.name),
	})
	if err != nil {
		return nil, err
	}
	all, err := r.backend.inspect(ctx, r.owner.services(list.Items), nil)
	if err != nil {
		return nil, err
	}
	r.paused = slices.ContainsFunc(all, func(f observedContainer) bool { return f.State.Paused })
	return r.removeHalfCreated(ctx, all)
}

// compares reports whether containers of the service have to be compared with the release, field by field.
func (r *reconciler) compares() bool {
	kind := r.kinds[r.name]
	return kind == release.Replace || kind == release.Create
}

// loadDetails loads what the fields of containers are made from besides them.
func (l *observation) loadDetails(ctx context.Context) error {
	var ids []string
	for _, f := range l.containers {
		ids = append(ids, f.Image)
	}
	return atOnce(
		func() (err error) { l.images, err = l.backend.inspectImages(ctx, ids); return err },
		func() error { return l.loadKeys(ctx) })
}

// loadKeys loads the keys of networks and volumes in the Compose files.
func (l *observation) loadKeys(ctx context.Context) error {
	there, err := l.backend.resources(ctx, ofProject(l.backend.project))
	if err != nil {
		return err
	}
	l.addExternal(release.Model{Networks: l.observeNetworks(there.networks), Volumes: l.observeVolumes(there.volumes)})
	return nil
}

// isFresh reports whether a container is as the release describes it, and whether it only lacks its names in
// DNS. A service without a change in the plan is as it must be: somebody else may have made its containers.
func (r *reconciler) isFresh(l *observation, f observedContainer) (fresh, unannounced bool) {
	if _, has := r.findings[f.ID]; has || f.isSurge() {
		return false, false
	}
	if !r.compares() {
		return true, false
	}
	fields, inherited := l.fields(f)
	if r.want.StartFirst {
		for _, path := range l.unannounced(f) {
			fields[path], unannounced = "", true
		}
	}
	return f.label(label.Fields) == r.want.Fields.Sum() &&
		equal(r.want.Fields, fields, inherited, r.model.Key().Secret), unannounced
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
func (r *reconciler) removeHalfCreated(
	ctx context.Context, all []observedContainer,
) (kept []observedContainer, err error) {
	names := map[string]bool{}
	for _, f := range all {
		names[strings.TrimPrefix(f.Name, "/")] = true
	}
	for _, f := range all {
		_, own, half := strings.Cut(f.Name, "_"+r.backend.project+api.Separator)
		own = r.backend.project + api.Separator + own
		switch {
		case f.State.Status == container.StateDead || half && names[own]:
			err = r.backend.remove(ctx, f.ID)
		case half:
			_, err = r.backend.engine.ContainerRename(ctx, f.ID, client.ContainerRenameOptions{NewName: own})
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
