package docker

import (
	"context"
	"slices"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
)

// job runs a service to its end, unless that has been done for what it is now. A davit that was killed may have left it running:
// then it is waited for, as a migration does not like to be run twice at once.
func (a *apply) job(ctx context.Context, name string, there serviceState) error {
	if a.kinds[name] == "" {
		return nil
	}
	one := slices.IndexFunc(there.fresh, func(f found) bool { return a.goes(f) })
	if len(there.old) > 0 || one < 0 {
		a.say(name, "running it")
		if err := a.create(ctx, name, a.r.Model.Services[name].Replicas, api.RecreateForce); err != nil {
			return err
		}
	}
	there, err := a.state(ctx, name)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(there.all(), func(f found) bool { return f.State.Status == container.StateCreated }) {
		if err := a.start(ctx, name); err != nil {
			return err
		}
	}
	return each(there.all(), func(_ int, f found) error { return a.until(ctx, name, f.ID, judgeJob) })
}

// goes tells whether a job is done, is running, or is about to.
func (a *apply) goes(f found) bool {
	return f.ended() || f.running() || f.State.Status == container.StateCreated
}
