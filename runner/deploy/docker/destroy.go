package docker

import (
	"context"
	"strings"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/ui"
)

// Destroy removes the containers and the networks, and the volumes if that is asked for. Releases stay. Of a trial nothing stays.
func (t *Target) Destroy(ctx context.Context, volumes bool, emit func(ui.Event)) error {
	if t.Environment.Ephemeral != nil {
		return t.discard(ctx, t.project)
	}
	all, err := t.engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ofProject(t.project)})
	if err != nil {
		return err
	}
	err = each(all.Items, func(_ int, c container.Summary) error {
		if emit != nil {
			emit(ui.Event{Type: ui.EventOutput, Step: c.Labels[api.ServiceLabel], Text: strings.TrimPrefix(c.Names[0], "/") + " goes\n"})
		}
		return t.end(ctx, c.ID)
	})
	if err != nil {
		return err
	}
	if err := t.pruneNetworks(ctx, nil); err != nil || !volumes {
		return err
	}
	return t.pruneVolumes(ctx, nil)
}
