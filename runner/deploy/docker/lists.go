package docker

import (
	"context"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/api/types/volume"
	"github.com/moby/moby/client"
)

// resources are networks and volumes that an engine has.
type resources struct {
	networks []network.Summary
	volumes  []volume.Volume
}

// resources asks the engine for the networks and the volumes that a filter chooses, at the same time; nil chooses all.
func (b *Backend) resources(ctx context.Context, of client.Filters) (r resources, err error) {
	err = atOnce(
		func() error {
			list, err := b.engine.NetworkList(ctx, client.NetworkListOptions{Filters: of})
			r.networks = list.Items
			return err
		},
		func() error {
			list, err := b.engine.VolumeList(ctx, client.VolumeListOptions{Filters: of})
			r.volumes = list.Items
			return err
		})
	return r, err
}

// list asks for containers too, which have a filter of their own.
func (b *Backend) list(ctx context.Context, containers, of client.Filters) (all []container.Summary, r resources, err error) {
	err = atOnce(
		func() error {
			list, err := b.engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: containers})
			all = list.Items
			return err
		},
		func() (err error) { r, err = b.resources(ctx, of); return err })
	return all, r, err
}
