package deploytest

import (
	"reflect"
	"slices"
	"strings"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// share gives a container the volumes without names of those that its service shares, in the place of those that only its
// image declares.
func (a *apply) share(c *container) {
	a.shareOthers(c)
	for owner, key := range a.model.Services[c.service].Shares {
		if all := a.ofService(owner); key == release.VolumesFrom && len(all) > 0 {
			c.inherited, c.inheritedFrom = all[0].anonymous, append(c.inheritedFrom, all[0].id)
			c.inheritedReadOnly = slices.Contains(c.words("compose."+release.VolumesFrom), owner+":ro")
		}
	}
	for target := range c.inherited {
		if c.fields["volumes."+target] == "" {
			delete(c.anonymous, target)
		}
	}
}

// shareOthers gives a container the volumes of a container of somebody else.
func (a *apply) shareOthers(c *container) {
	for _, word := range c.words("compose." + release.VolumesFrom) {
		name, others := strings.CutPrefix(word, "container:")
		name, _, _ = strings.Cut(name, ":")
		if other := a.engine.named(name); others && other != nil {
			c.inherited, c.inheritedOfOthers = other.anonymous, true
		}
	}
}

// isBehindOwner reports whether a container has the volumes of one that was replaced since.
func (m *Memory) isBehindOwner(c *container) bool {
	return slices.ContainsFunc(c.inheritedFrom, func(id string) bool {
		return !slices.ContainsFunc(m.ofService(""), func(o *container) bool { return o.id == id })
	})
}

// inheritedField returns the field of a volume that a container has of another. Nobody can bring back one of somebody else.
func (m *Memory) inheritedField(of *container, volume map[string]string) string {
	if of.inheritedOfOthers {
		return "anonymous" + release.SharedMount
	}
	for _, c := range m.ofService("") {
		for _, own := range c.anonymous {
			if reflect.ValueOf(own).Pointer() == reflect.ValueOf(volume).Pointer() {
				return "anonymous" + release.SharedMount
			}
		}
	}
	return "anonymous" + release.GoneMount
}
