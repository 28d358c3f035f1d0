package docker

import (
	"context"
	"time"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
)

// revision is the label of an image with the commit that it was made from.
const revision = "org.opencontainers.image.revision"

// Details returns what the engine knows besides the fields that Observe returns.
func (b *Backend) Details(ctx context.Context) (d deploy.Details, err error) {
	all, err := b.containers(ctx)
	if err != nil {
		return d, err
	}
	if d.Holder, err = b.Holder(ctx); err != nil {
		return d, err
	}
	if d.Images, err = b.imageDetails(ctx, all); err != nil {
		return d, err
	}
	if d.Networks, err = b.networkDetails(ctx, all); err != nil {
		return d, err
	}
	d.Volumes, err = b.volumeDetails(ctx, all)
	return d, err
}

// imageDetails returns those of all images, by digest: one service may have containers of two images.
func (b *Backend) imageDetails(
	ctx context.Context, all []container.Summary,
) (map[string]deploy.ImageDetails, error) {
	images := map[string]deploy.ImageDetails{}
	for _, c := range all {
		i, err := b.engine.ImageInspect(ctx, c.ImageID)
		if ignoreNotFound(err) != nil {
			return nil, err
		}
		details := deploy.ImageDetails{ID: c.ImageID, Digests: i.RepoDigests, Size: i.Size}
		details.Created, _ = time.Parse(time.RFC3339Nano, i.Created)
		if i.Config != nil {
			details.Revision = i.Config.Labels[revision]
		}
		images[digestOf(c.Labels[label.Image], c.ImageID, i.RepoDigests)] = details
	}
	return images, nil
}

func (b *Backend) networkDetails(
	ctx context.Context, all []container.Summary,
) (map[string]deploy.NetworkDetails, error) {
	list, err := b.engine.NetworkList(ctx, client.NetworkListOptions{})
	if err != nil {
		return nil, err
	}
	networks := map[string]deploy.NetworkDetails{}
	for _, n := range list.Items {
		key, external := b.composeKey(n.Labels, api.NetworkLabel, label.Networks+n.Name, all)
		if key == "" {
			continue
		}
		details := deploy.NetworkDetails{Name: n.Name, Driver: n.Driver, External: external}
		for _, c := range n.IPAM.Config {
			details.Subnets = append(details.Subnets, c.Subnet.String())
		}
		networks[key] = details
	}
	return networks, nil
}

func (b *Backend) volumeDetails(
	ctx context.Context, all []container.Summary,
) (map[string]deploy.VolumeDetails, error) {
	list, err := b.engine.VolumeList(ctx, client.VolumeListOptions{})
	if err != nil {
		return nil, err
	}
	volumes := map[string]deploy.VolumeDetails{}
	for _, v := range list.Items {
		key, external := b.composeKey(v.Labels, api.VolumeLabel, label.Volumes+v.Name, all)
		if key == "" {
			continue
		}
		details := deploy.VolumeDetails{Name: v.Name, Driver: v.Driver, External: external}
		details.Created, _ = time.Parse(time.RFC3339, v.CreatedAt)
		volumes[key] = details
	}
	return volumes, nil
}

// composeKey returns the key in the Compose files of a network or a volume. A label has it on the
// environment's own, and the containers that use it have it for an external one. Empty is none of the
// environment's.
func (b *Backend) composeKey(
	labels map[string]string, own, used string, all []container.Summary,
) (key string, external bool) {
	if labels[api.ProjectLabel] == b.project {
		return labels[own], false
	}
	for _, c := range all {
		if key := c.Labels[used]; key != "" {
			return key, true
		}
	}
	return "", false
}
