package docker

import (
	"context"
	"slices"
	"strings"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/compose"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// duplicates returns the projects that "docker compose up" has made of the Compose files of the environment under other
// names.
func (b *Backend) duplicates(ctx context.Context, there []container.Summary) ([]release.ComposeProject, error) {
	if b.Environment.Ephemeral != nil || b.Environment.Generated != nil {
		return nil, nil
	}
	files, containers := compose.Files(b.Environment), map[string][]string{}
	for _, c := range there {
		of := c.Labels[api.ProjectLabel]
		if of != b.project && c.Labels[api.OneoffLabel] == "False" && madeOf(c, files) {
			containers[of] = append(containers[of], containerThing(c).Name)
		}
	}
	return release.ComposeProjects(containers, func(project string) (volumes []string, err error) {
		list, err := b.engine.VolumeList(ctx, client.VolumeListOptions{Filters: ofProject(project)})
		for _, v := range list.Items {
			volumes = append(volumes, v.Name)
		}
		return volumes, err
	})
}

// madeOf reports whether a container was made from one of some files.
func madeOf(c container.Summary, files []string) bool {
	of := strings.Split(c.Labels[api.ConfigFilesLabel], ",")
	return slices.ContainsFunc(files, func(file string) bool { return slices.Contains(of, file) })
}
