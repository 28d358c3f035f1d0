package docker

import (
	"context"
	"strings"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
)

// Destroy removes the containers and the networks, and the volumes if that is asked for. Releases stay. Of a trial nothing stays.
func (t *Target) Destroy(ctx context.Context, o deploy.DestroyOptions) error {
	if t.Environment.Ephemeral != nil {
		return t.discard(ctx, t.project)
	}
	all, err := t.engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ofProject(t.project)})
	if err != nil {
		return err
	}
	err = each(all.Items, func(_ int, c container.Summary) error {
		if o.Emit != nil {
			o.Emit(ui.Event{Type: ui.EventOutput, Step: c.Labels[api.ServiceLabel], Text: "removing " + strings.TrimPrefix(c.Names[0], "/") + "\n"})
		}
		return t.end(ctx, c.ID)
	})
	if err != nil {
		return err
	}
	if err := t.pruneNetworks(ctx, nil); err != nil || !o.Volumes {
		return err
	}
	return t.pruneVolumes(ctx, nil)
}
