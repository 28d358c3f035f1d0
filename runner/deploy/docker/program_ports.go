package docker

import (
	"context"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// programConflicts returns the ports that are in use although no container has them: programs on this machine
// do. It tries to listen on them for a moment, which says nothing about another machine.
func (c conflicts) programConflicts(
	ctx context.Context, m release.Model, all []container.Summary,
) (bound []release.Conflict, err error) {
	here := false
	for _, service := range slices.Sorted(maps.Keys(m.Services)) {
		for _, w := range fixedPorts(m.Services[service].Fields) {
			if slices.ContainsFunc(all, func(c container.Summary) bool {
				return slices.ContainsFunc(c.Ports,
					w.conflictsWith)
			}) {
				continue
			}
			if here = here || c.sharesHost(ctx); !here {
				return nil, ctx.Err()
			}
			if w.inUse(ctx) {
				bound = append(bound, release.Conflict{
					Service: service, Field: w.field, Wants: w.text, Owner: "a program on this machine",
					Port: true,
				})
			}
		}
	}
	return bound, nil
}

// sharesHost reports whether the engine has the network of this process: its socket may lead elsewhere, and
// this may be a container.
func (c conflicts) sharesHost(ctx context.Context) bool {
	if !strings.HasPrefix(c.engine.DaemonHost(), "unix://") {
		return false
	}
	engine, err := c.engine.Info(ctx, client.InfoOptions{})
	name, unnamed := os.Hostname()
	return err == nil && unnamed == nil && engine.Info.Name == name
}
