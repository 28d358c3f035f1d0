package project

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"sync"

	"github.com/davit-dev/davit/internal/strict"
)

// A User is a user's own project.toml, which has targets and what counts for all projects of this user.
type User struct {
	// Targets are offered in each project.
	Targets map[string]Target `toml:"targets"`
	// Convention is the one whose templates davit new knows. The project.lock beside this file pins it.
	Convention string `toml:"convention"`
	// Mirrors are asked for published plugins in place of a registry: "registry.example.com" = "mirror.example.com/cache".
	Mirrors map[string]string `toml:"mirrors"`
	// Trust is as in a project, whose own keys count besides.
	Trust map[string][]any `toml:"trust"`
}

// ParseUser parses and checks the content of a user's own project.toml.
func ParseUser(file string, data []byte) (*Project, error) {
	var user User
	if err := strict.Decode(file, data, &user); err != nil {
		return nil, err
	}
	p := &Project{File: file, Targets: user.Targets, Convention: user.Convention, Mirrors: user.Mirrors, Trust: user.Trust, data: data}
	return p, errors.Join(append(p.faults(), p.mirrorFaults()...)...)
}

var (
	registryHost = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\[[0-9a-f:]+\]|[A-Za-z0-9.-]+)(:\d+)?$`) })
	mirrorPlace  = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(\[[0-9a-f:]+\]|[A-Za-z0-9.-]+)(:\d+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$`)
	})
)

func (p *Project) mirrorFaults() (faults []error) {
	for _, registry := range slices.Sorted(maps.Keys(p.Mirrors)) {
		key := []string{"mirrors", registry}
		if !registryHost().MatchString(registry) {
			faults = append(faults, p.Fault(key, "", "%q is not the host of a registry such as registry.example.com", registry))
		}
		if mirror := p.Mirrors[registry]; !mirrorPlace().MatchString(mirror) {
			faults = append(faults, p.Fault(key, "", "%q is not a registry such as \"mirror.example.com/cache\"", mirror))
		}
	}
	return faults
}
