package docker

import (
	"maps"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/mount"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// addInherited adds to inherited the fields that come from the image or the engine.
func (l *observation) addInherited(f observedContainer, fields, inherited release.Fields) {
	addEqual(fields, inherited, literal(l.imageFields(f)))
	addEqual(fields, inherited, l.sharedVolumes(f, fields))
	for path, value := range fields {
		if isEngineDefault(f, path, value) {
			inherited[path] = value
		}
	}
}

// sharedVolumes returns the mounts that a container has by volumes_from: those that are not its own.
func (l *observation) sharedVolumes(f observedContainer, fields release.Fields) release.Fields {
	shared := release.Fields{}
	for _, m := range f.Mounts {
		if path := "volumes." + m.Destination; inherits(f, m.Destination, l.containers) && !strings.HasSuffix(fields[path], release.GoneMount) {
			shared[path] = fields[path]
		}
	}
	return shared
}

// ownMount reports whether a container was made with a mount, by its image or by the Compose file.
func ownMount(f observedContainer, destination string) bool {
	_, declared := f.Config.Volumes[destination]
	return declared || explicitMount(f, destination)
}

// explicitMount reports whether a container was made with a mount, which hides one of volumes_from.
func explicitMount(f observedContainer, destination string) bool {
	return slices.ContainsFunc(f.HostConfig.Mounts, func(m mount.Mount) bool { return m.Target == destination }) ||
		slices.ContainsFunc(f.HostConfig.Binds, func(bind string) bool {
			return slices.Contains(strings.Split(bind, ":")[1:], destination)
		})
}

func addEqual(fields, inherited, other release.Fields) {
	for path, value := range other {
		if is, has := fields[path]; has && is == value {
			inherited[path] = value
		}
	}
}

// imageFields returns the fields that an image gives.
func (l *observation) imageFields(f observedContainer) release.Fields {
	fields, c := release.Fields{}, l.images[f.Image].Config
	if c == nil {
		return fields
	}
	setTexts(fields, map[string]string{
		"user": c.User, "working_dir": c.WorkingDir, "stop_signal": c.StopSignal, "command": jsonArray(c.Cmd),
		"entrypoint": jsonArray(c.Entrypoint),
	})
	setEnvironment(fields, c.Env)
	maps.Copy(fields, prefixed("labels.", c.Labels))
	for path := range c.Volumes {
		fields["volumes."+path] = "anonymous"
	}
	if h := c.Healthcheck; h != nil {
		setHealthcheck(fields, h.Test, h.Interval, h.Timeout, h.StartPeriod, h.Retries)
	}
	return fields
}

func prefixed(prefix string, m map[string]string) map[string]string {
	all := make(map[string]string, len(m))
	for k, v := range m {
		all[prefix+k] = v
	}
	return all
}

// isEngineDefault reports whether the engine, or the configuration of the docker command, gives a field to
// every container.
func isEngineDefault(f observedContainer, path, value string) bool {
	switch path {
	case "stop_signal":
		return value == "SIGTERM"
	case "hostname":
		return f.HostConfig.NetworkMode.IsHost() // the name of the machine
	case "ipc":
		return value == "private" || value == "shareable"
	case "security_opt.label=disable":
		return f.HostConfig.Privileged
	case "environment.PATH":
		return true
	}
	if name, ok := strings.CutPrefix(path, "environment."); ok {
		return slices.Contains(
			[]string{"HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"},
			strings.ToUpper(name))
	}
	return false
}
