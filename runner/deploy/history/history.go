package history

import (
	"strings"
	"sync"
	"time"

	"github.com/davit-dev/davit/runner/deploy/docker/images"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// History is that of one environment.
type History struct {
	store        images.Store
	of           release.Environment
	now          func() time.Time
	onlyMirrored []release.Release // what only the registry has, the newest first
	known        sync.Map          // releases that have been read, by the ids of their images
}

// New returns the history of an environment on its engine. Nothing is asked of that yet.
func New(store images.Store, of release.Environment, now func() time.Time) *History {
	return &History{store: store, of: of, now: now}
}

// repository is the name of the images of the environment's releases, and of those that the releases are made of.
func (h *History) repository(part string) string {
	return images.Local + h.of.Project + "/" + h.of.Name + "/" + part
}

// imageTag is the name by which the environment keeps the image of a service.
func (h *History) imageTag(service string, i release.Image) string {
	_, hex, _ := strings.Cut(i.ID, ":")
	return h.repository("image/"+strings.ToLower(service)) + ":" + hex[:min(12, len(hex))]
}
