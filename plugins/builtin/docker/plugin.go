// Package docker is the davit plugin for Dockerfiles. It offers "package", the image of the project's main
// Dockerfile, and "package-NAME" for every other Dockerfile that it finds. All of them need a container
// engine.
//
// "build" is the image too, but only if no other file says how the project is built: the build of a Go module
// with a Dockerfile is that of the Go module. "style" is hadolint, where the project has a configuration for
// it.
//
// The main Dockerfile is the one at the root, or else the one in a usual folder (docker, build, deploy, …).
// If there are several and none is the main one, the plugin chooses none: "package" is absent, with that
// reason. The plugin mentions a Compose file and does not read it, because it describes environments and not
// images.
//
// The build context is the root of the project, unless a file that the Dockerfile copies exists only beside
// the Dockerfile.
//
// A Dockerfile is the project's own description of its image, so its "package" beats that of a stack.
//
// Secrets and the SSH agent that instructions mount become those of the step: the secret "npm-token" is
// "npm-token" in [secrets].
//
// The configuration is for the main Dockerfile: {"dockerfile": "deploy/Dockerfile", "context": "deploy",
// "target": "release", "args": {"VERSION": "1"}, "contexts": {"assets": "web/dist", "base":
// "docker-image://debian:12"}}, each of them optional.
package docker

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

type config struct {
	Dockerfile string `json:"dockerfile"`
	Context    string `json:"context"`
	Target     string `json:"target"`
	// Args are build arguments. Contexts are named contexts: folders of the project, or "docker-image://REF".
	Args     map[string]string `json:"args"`
	Contexts map[string]string `json:"contexts"`
}

// Read plans the image of the project.
func Read(p *sdk.Project) (*plan.Plan, error) {
	var c config
	if err := p.Configure("docker", &c); err != nil {
		return nil, err
	}
	if err := c.check(p); err != nil {
		return nil, err
	}
	found := find(p)
	if c.Dockerfile != "" && !slices.Contains(found, c.Dockerfile) {
		found = append(found, c.Dockerfile)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return images(p, c, found), nil
}

// check returns an error for paths that do not exist or lead out of the project.
func (c config) check(p *sdk.Project) error {
	given := [][2]string{{"dockerfile", c.Dockerfile}, {"context", c.Context}}
	for _, name := range slices.Sorted(maps.Keys(c.Contexts)) {
		if from := c.Contexts[name]; from == "" {
			return fmt.Errorf("[plugins.docker] config: the context %q is empty", name)
		} else if !strings.Contains(from, "://") {
			given = append(given, [2]string{"context", from})
		}
	}
	for _, one := range given {
		key, name := one[0], one[1]
		if name == "" || name == "." && key == "context" {
			continue
		}
		if path.Clean(name) != strings.TrimSuffix(name, "/") || path.IsAbs(name) ||
			strings.HasPrefix(name, "..") || strings.Contains(name, "\\") {
			return fmt.Errorf("[plugins.docker] config: %s %q is not a path in the project", key, name)
		}
		if !p.Exists(strings.TrimSuffix(name, "/")) {
			return fmt.Errorf("[plugins.docker] config: there is no %s %q", key, name)
		}
	}
	return nil
}
