package deploytest

import (
	"context"
	"encoding/json"

	"github.com/davit-dev/davit/runner/deploy/history"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Namesakes returns the last release of each environment of this name that another project has on the engine, and
// of which something is there.
func (m *Memory) Namesakes(ctx context.Context) (all []release.Release, err error) {
	m.world.mu.Lock()
	defer m.world.mu.Unlock()
	for instance, documents := range m.engine.documents {
		r := lastRelease(documents)
		if r.Environment == m.Environment.Name && r.Project != m.Environment.Project && m.engine.hasProject(instance) {
			all = append(all, r)
		}
	}
	return all, ctx.Err()
}

// lastRelease returns the release that was recorded last.
func lastRelease(documents map[string]stored) (r release.Release) {
	var last stored
	for _, d := range documents {
		if d.Kind == history.ReleaseRecord && d.Time.After(last.Time) {
			last = d
		}
	}
	_ = json.Unmarshal(last.text, &r) // none has no name
	return r
}

// hasProject reports whether a project has a container or a volume.
func (e *Engine) hasProject(name string) bool {
	for _, c := range e.containers {
		if c.project == name {
			return true
		}
	}
	for _, v := range e.volumes {
		if v.project == name {
			return true
		}
	}
	return false
}
