package release

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ResourceName returns the name on the engine of the network or the volume of a key of the Compose files.
func ResourceName(project, key string, f Fields) string {
	return cmp.Or(f["external"], f[nameField], project+"_"+key)
}

// nameField is the field of a network or a volume that has another name than that of its project and its key.
const nameField = "compose.name"

// VolumeField returns the field of a mount of a volume: "volume data", or "volume data (old)" for one that has another
// name on the engine than that of its project and its key.
func VolumeField(kind, project, key, name string) string {
	if name == "" || name == project+"_"+key {
		return kind + " " + key
	}
	return fmt.Sprintf("%s %s (%s)", kind, key, name)
}

// VolumeKey returns the key of the volume of the field of a mount; empty for a mount of something else.
func VolumeKey(field string) string {
	key, is := strings.CutPrefix(strings.TrimSuffix(field, ",ro"), "volume ")
	if !is {
		return ""
	}
	key, _, _ = strings.Cut(key, " (")
	return key
}

// mountedVolume returns the name on the engine of the volume of the field of a mount; empty for something else.
func mountedVolume(project, field string) string {
	key := VolumeKey(field)
	if key == "" {
		return ""
	}
	if _, name, other := strings.Cut(strings.TrimSuffix(field, ",ro"), " ("); other {
		return strings.TrimSuffix(name, ")")
	}
	return ResourceName(project, key, nil)
}

// AddVolume adds a volume of an engine to those of a live model. One whose key another has already gets its name as key.
func AddVolume(all map[string]Fields, project, key, name string, f Fields) {
	if _, taken := all[key]; taken {
		key = name
	}
	if f["external"] == "" && name != project+"_"+key {
		f[nameField] = name
	}
	all[key] = f
}

// UsesVolume reports whether a model has a volume of a name on the engine.
func (m Model) UsesVolume(project, name string) bool { return m.keyOfVolume(project, name) != "" }

// keyOfVolume returns the key of the volume of a name on the engine; empty for none.
func (m Model) keyOfVolume(project, name string) string {
	for key, f := range m.Volumes {
		if ResourceName(project, key, f) == name {
			return key
		}
	}
	return ""
}

// volumesOf returns the live volumes by the keys that a model has for their names on the engine. One whose key the model
// has for another volume has its name as key.
func (l Observed) volumesOf(m Model) map[string]Fields {
	all := make(map[string]Fields, len(l.Model.Volumes))
	for _, key := range slices.Sorted(maps.Keys(l.Model.Volumes)) {
		f := l.Model.Volumes[key]
		name := ResourceName(l.Model.Project, key, f)
		if own := m.keyOfVolume(l.Model.Project, name); own != "" {
			key = own
		} else if _, other := m.Volumes[key]; other {
			key = name
		}
		all[key] = f
	}
	return all
}

// nameVolumes says of mounts that change from one volume to another how these are called, and what is in the new one.
func (p Plan) nameVolumes(project string, all []Difference) {
	for i, d := range all {
		before, after := mountedVolume(project, d.Before.Text), mountedVolume(project, d.After.Text)
		if !strings.HasPrefix(d.Path, "volumes.") || before == "" || after == "" || before == after {
			continue
		}
		content := "is there already"
		if key := VolumeKey(d.After.Text); slices.ContainsFunc(p.Changes, func(c Change) bool {
			return c.Kind == Create && c.Subject == SubjectVolume && c.Name == key
		}) {
			content = "is empty"
		}
		all[i].Before, all[i].After = Text("volume "+before), Text(after+", which "+content)
	}
}

// anonymousMount is the field of a mount of a volume that has no name in the Compose files.
const anonymousMount = "anonymous"

// AnonymousVolumes returns where containers of a service have volumes without names of their own, sorted.
func (s Service) AnonymousVolumes() (at []string) {
	for _, path := range paths(s.Fields) {
		if target, is := strings.CutPrefix(path, "volumes."); is && s.Fields[path] == anonymousMount {
			at = append(at, target)
		}
	}
	return at
}
