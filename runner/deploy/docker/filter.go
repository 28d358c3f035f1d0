package docker

import (
	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/client"
)

// ofProject returns a filter for things with the label of a project.
func ofProject(project string) client.Filters {
	return client.Filters{}.Add("label", api.ProjectLabel+"="+project)
}

// ofService returns a filter for containers of a service, without those of "docker compose run".
func ofService(project, service string) client.Filters {
	return ofProject(project).Add("label", api.ServiceLabel+"="+service, api.OneoffLabel+"=False")
}
