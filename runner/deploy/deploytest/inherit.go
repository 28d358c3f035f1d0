package deploytest

import (
	"reflect"
	"slices"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// share gives a container the volumes without names of those that its service shares.
func (a *apply) share(c *container) {
	for owner, key := range a.model.Services[c.service].Shares {
		if all := a.ofService(owner); key == release.VolumesFrom && len(all) > 0 {
			c.inherited, c.inheritedFrom = all[0].anonymous, append(c.inheritedFrom, all[0].id)
			c.inheritedReadOnly = slices.Contains(c.words("compose."+release.VolumesFrom), owner+":ro")
		}
	}
}

// isBehindOwner reports whether a container has the volumes of one that was replaced since.
func (m *Memory) isBehindOwner(c *container) bool {
	return slices.ContainsFunc(c.inheritedFrom, func(id string) bool {
		return !slices.ContainsFunc(m.ofService(""), func(o *container) bool { return o.id == id })
	})
}

// inheritedField returns the field of a volume that a container has of another.
func (m *Memory) inheritedField(volume map[string]string) string {
	for _, c := range m.ofService("") {
		for _, own := range c.anonymous {
			if reflect.ValueOf(own).Pointer() == reflect.ValueOf(volume).Pointer() {
				return "anonymous" + release.SharedMount
			}
		}
	}
	return "anonymous" + release.GoneMount
}
