package docker

import (
	"cmp"
	"path/filepath"
	"strings"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"

	"github.com/davit-dev/davit/runner/deploy/compose"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// addMounts adds the fields of mounts.
func (l *observation) addMounts(f observedContainer, fields release.Fields) {
	for _, m := range f.Mounts {
		if m.Type == mount.TypeTmpfs {
			fields["tmpfs."+m.Destination] = ""
			continue
		}
		text := l.mountField(m)
		if !m.RW {
			text += ",ro"
		}
		switch {
		case l.isGone(f, m):
			text += release.GoneMount
		case m.Type == mount.TypeVolume && anonymous(m.Name) && l.volumes[m.Name] == "" && inherits(f, m.Destination, l.containers):
			text += release.SharedMount
		}
		fields["volumes."+m.Destination] = text
	}
}

// otherFolder makes mounts relative to the folder from which davit made a container, and returns that where it is
// another one than the folder of this machine: a second clone of the repository does not take them for drift.
func (l *observation) otherFolder(f observedContainer, fields release.Fields) string {
	folder := f.Config.Labels[api.WorkingDirLabel]
	if f.label(label.Fields) == "" || folder == "" || folder == l.backend.Environment.Dir || !fields.FromFolder(folder) {
		return ""
	}
	return folder
}

func (l *observation) mountField(m container.MountPoint) string {
	if m.Type == mount.TypeBind {
		return "bind " + compose.Relative(l.backend.Environment.Dir, m.Source)
	}
	if key := l.volumes[m.Name]; key != "" {
		return release.VolumeField(string(m.Type), l.backend.project, key, m.Name)
	}
	if anonymous(m.Name) {
		return "anonymous"
	}
	return string(m.Type) + " " + m.Name
}

// anonymous reports whether the engine has chosen the name of a volume: it has 64 digits.
func anonymous(name string) bool {
	return len(name) == 64 && strings.Trim(name, "0123456789abcdef") == ""
}

// setFiles adds the hashes of configs and secrets, from the labels of the container.
func setFiles(f observedContainer, fields release.Fields) {
	for text, hash := range f.Config.Labels {
		path := strings.TrimPrefix(text, label.Prefix)
		if path != text && (strings.HasPrefix(path, "configs.") || strings.HasPrefix(path, "secrets.")) {
			fields[path] = hash
		}
	}
}

// injected returns the paths in a container to which the SDK copies files when it starts.
func injected(c container.InspectResponse) (paths []string) {
	for text := range c.Config.Labels {
		for _, kind := range []string{"configs.", "secrets."} {
			if path, ok := strings.CutPrefix(text, label.Prefix+kind); ok {
				paths = append(paths, filepath.ToSlash(path))
			}
		}
	}
	return paths
}

// injectedHash returns the hash of the text of an injected file, from the label of the container.
func injectedHash(c container.InspectResponse, path string) string {
	return cmp.Or(c.Config.Labels[label.Prefix+"configs."+path], c.Config.Labels[label.Prefix+"secrets."+path])
}
