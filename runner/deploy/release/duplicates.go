package release

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A ComposeProject is what "docker compose up" has made of the Compose files of an environment under another name.
type ComposeProject struct {
	Name string `json:"name"`
	// Containers and Volumes are names on the engine, sorted.
	Containers []string `json:"containers"`
	Volumes    []string `json:"volumes,omitempty"`
}

// DuplicatesOf returns the projects beside an environment whose model has some of these volumes, by the name of each. A
// volume that the model uses itself is none of those that it would miss.
func DuplicatesOf(m Model, all []ComposeProject) []ComposeProject {
	var duplicates []ComposeProject
	for _, p := range all {
		p.Volumes = slices.DeleteFunc(slices.Clone(p.Volumes), func(volume string) bool {
			key := strings.TrimPrefix(volume, p.Name+"_")
			_, has := m.Volumes[key]
			return !has || m.Volumes[key]["external"] == volume
		})
		duplicates = append(duplicates, p)
	}
	return duplicates
}

// Note returns a sentence about what a release beside the project means.
func (p ComposeProject) Note() string {
	text := fmt.Sprintf("docker compose runs the same Compose files as project %q (%s); these containers stay, and others are made beside them",
		p.Name, strings.Join(p.Containers, ", "))
	if len(p.Volumes) == 0 {
		return text + fmt.Sprintf("; docker compose -p %s down removes the old ones", p.Name)
	}
	volume := p.Volumes[0]
	return text + fmt.Sprintf(", with new and empty volumes instead of %s; docker compose -p %s down removes the old containers and keeps the volumes, "+
		"and %s: {name: %s, external: true} below volumes in the Compose file goes on with one",
		strings.Join(p.Volumes, ", "), p.Name, strings.TrimPrefix(volume, p.Name+"_"), volume)
}

// ComposeProjects returns projects by the names of their containers. volumes returns the names of the volumes of one.
func ComposeProjects(containers map[string][]string, volumes func(project string) ([]string, error)) (all []ComposeProject, err error) {
	for _, name := range slices.Sorted(maps.Keys(containers)) {
		p := ComposeProject{Name: name, Containers: slices.Sorted(slices.Values(containers[name]))}
		if p.Volumes, err = volumes(name); err != nil {
			return nil, err
		}
		slices.Sort(p.Volumes)
		all = append(all, p)
	}
	return all, nil
}
