package docker

import (
	"github.com/davit-dev/davit/runner/deploy/release"
	"strconv"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
)

// An observedContainer is a container, and the files that it has changed.
type observedContainer struct {
	container.InspectResponse
	changed []string
	key     release.Key // of its hashes
}

func (f observedContainer) label(name string) string { return f.Config.Labels[name] }

func (f observedContainer) number() int {
	n, _ := strconv.Atoi(f.label(api.ContainerNumberLabel))
	return n
}

func (f observedContainer) running() bool { return f.State.Status == container.StateRunning }

// succeeded reports whether a job has ended well.
func (f observedContainer) succeeded() bool {
	return f.State.Status == container.StateExited && f.State.ExitCode == 0
}
