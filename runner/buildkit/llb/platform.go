package llb

import (
	"strings"

	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/davit-dev/davit/runner"
)

// Platform is where a step runs: one that asks what it builds for runs on the engine's own.
func (g *Graph) Platform(s runner.Step) ocispecs.Platform {
	if crossCompiles(s) {
		return g.options.Native
	}
	return g.options.Target
}

// crossCompiles tells whether a step asks for the platform that it builds for.
func crossCompiles(s runner.Step) bool {
	for _, value := range s.Plan.Env {
		if strings.Contains(value, "{os}") || strings.Contains(value, "{arch}") {
			return true
		}
	}
	return false
}
