package release

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// relativeMount begins the field of a mount that is relative to the folder of the project.
const relativeMount = "bind ./"

// FromFolder makes the mounts in a folder relative to it, and reports whether there are any.
func (f Fields) FromFolder(folder string) (has bool) {
	for at, text := range f {
		source, is := strings.CutPrefix(text, "bind "+folder)
		if is && strings.HasPrefix(at, "volumes.") && (source == "" || source[0] == '/' || source[0] == ',') {
			f[at], has = relativeMount+strings.TrimPrefix(source, "/"), true
		}
	}
	return has
}

// moved returns the differences of mounts that are relative to another folder than that of this machine.
func (l Observed) moved(service string, want Fields) (all []Difference, from string) {
	for _, c := range l.Containers[service] {
		for _, at := range slices.Sorted(maps.Keys(want)) {
			source, is := strings.CutPrefix(want[at], relativeMount)
			if !is || c.Folder == "" || !strings.HasPrefix(at, "volumes.") {
				continue
			}
			d := Difference{Path: at, Before: Text("bind " + path.Join(c.Folder, source)),
				After: Text("bind " + path.Join(l.Folder, source))}
			if from = c.Folder; !slices.Contains(all, d) {
				all = append(all, d)
			}
		}
	}
	return all, from
}

// movedFrom says why mounts change although the release does not.
func (c *Change) movedFrom(folder string) {
	if folder != "" {
		c.addDetail("it was deployed from the folder " + folder + ", and relative mounts are those of the folder that deploys")
	}
}
