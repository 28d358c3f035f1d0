package docker

import (
	"context"
	"encoding/json"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// Namesakes returns the last release of each environment of this name that another project has on the engine, and
// of which something is there. A record that cannot be read is none.
func (b *Backend) Namesakes(ctx context.Context) (all []release.Release, err error) {
	documents, err := b.records.Namesakes(ctx)
	if err != nil || len(documents) == 0 {
		return nil, err
	}
	there, err := b.composeProjects(ctx)
	if err != nil {
		return nil, err
	}
	for project, d := range documents {
		if !there[project+"-"+b.Environment.Name] {
			continue
		}
		var r release.Release
		text, err := b.records.Read(ctx, d)
		if err == nil && json.Unmarshal(text, &r) == nil && r.Project == project {
			all = append(all, r)
		}
	}
	return all, ctx.Err()
}

// composeProjects returns the names of the Compose projects that have a container or a volume on the engine.
func (b *Backend) composeProjects(ctx context.Context) (map[string]bool, error) {
	names, labelled := map[string]bool{}, client.Filters{}.Add("label", api.ProjectLabel)
	containers, err := b.engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: labelled})
	if err != nil {
		return nil, err
	}
	for _, c := range containers.Items {
		names[c.Labels[api.ProjectLabel]] = true
	}
	volumes, err := b.engine.VolumeList(ctx, client.VolumeListOptions{Filters: labelled})
	for _, v := range volumes.Items {
		names[v.Labels[api.ProjectLabel]] = true
	}
	return names, err
}
