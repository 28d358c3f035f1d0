package llb

import (
	"strings"

	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/davit-dev/davit/runner"
)

// Platform returns the platform that a step runs on: that of the engine if the step compiles for another one.
func (g *Graph) Platform(s runner.Step) ocispecs.Platform {
	if crossCompiles(s) {
		return g.options.Native
	}
	return g.options.Target
}

// crossCompiles reports whether a step uses "{os}" or "{arch}".
func crossCompiles(s runner.Step) bool {
	for _, value := range s.Plan.Env {
		if strings.Contains(value, "{os}") || strings.Contains(value, "{arch}") {
			return true
		}
	}
	return false
}
