package docker

import (
	"maps"
	"slices"
	"strings"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
)

// inRemovalOrder calls remove for containers: first, side by side, for those of services that no other one among them
// depends on, then for what these depended on, and so on. A client may need its database until it has ended.
func inRemovalOrder(all []container.Summary, remove func(container.Summary) error) error {
	for remaining := byService(all); len(remaining) > 0; {
		needed := map[string]bool{}
		for _, containers := range remaining {
			for _, name := range dependencies(containers) {
				needed[name] = true
			}
		}
		last := slices.DeleteFunc(sorted(remaining), func(name string) bool { return needed[name] })
		if len(last) == 0 { // labels may say anything
			last = sorted(remaining)
		}
		var batch []container.Summary
		for _, name := range last {
			batch = append(batch, remaining[name]...)
			delete(remaining, name)
		}
		if err := inParallel(batch, func(_ int, c container.Summary) error { return remove(c) }); err != nil {
			return err
		}
	}
	return nil
}

// byService groups containers by their service.
func byService(all []container.Summary) map[string][]container.Summary {
	services := map[string][]container.Summary{}
	for _, c := range all {
		name := c.Labels[api.ServiceLabel]
		services[name] = append(services[name], c)
	}
	return services
}

// dependencies returns the services that containers depend on, but for their own.
func dependencies(containers []container.Summary) []string {
	names := map[string]bool{}
	for _, c := range containers {
		for _, one := range strings.Split(c.Labels[api.DependenciesLabel], ",") { // "db:service_healthy:false"
			name, _, _ := strings.Cut(one, ":")
			names[name] = true
		}
		delete(names, c.Labels[api.ServiceLabel])
	}
	return slices.Collect(maps.Keys(names))
}
