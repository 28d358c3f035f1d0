package compose

import (
	"fmt"
	"math"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// startFirst reports whether new containers of a service can be healthy before the old ones stop, and why, or
// why not.
func (m *Model) startFirst(name string) (bool, string) {
	s := m.real.Services[name]
	order := ""
	if s.Deploy != nil && s.Deploy.UpdateConfig != nil {
		order = s.Deploy.UpdateConfig.Order
	}
	if m.isJob(name) {
		return false, "it runs to its end"
	}
	if why := m.singleReason(name, s); why != "" {
		return false, why
	}
	switch order {
	case "stop-first":
		return false, "deploy.update_config.order is stop-first"
	case "start-first":
		return true, "deploy.update_config.order is start-first"
	}
	if why := m.writableVolume(name, s); why != "" {
		return false, why +
			", and two containers at once may corrupt it; deploy.update_config.order: start-first says that they do not"
	}
	return m.checked(name, s)
}

// checked reports whether a health check tells when a new container is ready, and which.
func (m *Model) checked(name string, s types.ServiceConfig) (bool, string) {
	switch h := s.HealthCheck; {
	case h != nil && (h.Disable || len(h.Test) > 0 && h.Test[0] == "NONE"):
		return false, "its health check is disabled"
	case h != nil && len(h.Test) > 0:
		return true, "it has a health check and no fixed port"
	case m.images[name].Health:
		return true, "its image has a health check, and it has no fixed port"
	}
	return false, "nothing checks its health"
}

// rollout returns how many containers of a service are replaced at once: one, where the file does not say it.
func rollout(s types.ServiceConfig) release.Rollout {
	if s.Deploy == nil || s.Deploy.UpdateConfig == nil {
		return release.Rollout{}
	}
	u := s.Deploy.UpdateConfig
	r := release.Rollout{Delay: time.Duration(u.Delay), OnFailure: release.FailureAction(u.FailureAction)}
	switch {
	case u.Parallelism == nil:
	case *u.Parallelism == 0:
		r.Parallelism = -1
	default:
		r.Parallelism = int(min(*u.Parallelism, math.MaxInt32))
	}
	return r
}

// singleReason returns why a service cannot have one more container for a while; empty if it can.
func (m *Model) singleReason(name string, s types.ServiceConfig) string {
	if s.ContainerName != "" {
		return fmt.Sprintf("the name of its container is fixed, %q", s.ContainerName)
	}
	for _, p := range s.Ports {
		switch {
		case release.IsChosenPort(p.Published):
			return "its port is one of " + p.Published
		case p.Published != "":
			return "its port is fixed, " + p.Published
		}
	}
	for _, n := range sorted(s.Networks) {
		if c := s.Networks[n]; c != nil && (c.Ipv4Address != "" || c.Ipv6Address != "" ||
			c.MacAddress != "" || len(c.LinkLocalIPs) > 0) {
			return fmt.Sprintf("its address in network %q is fixed", n)
		}
	}
	switch {
	case s.MacAddress != "":
		return "its hardware address is fixed"
	case s.NetworkMode != "":
		return fmt.Sprintf("network_mode is %q", s.NetworkMode)
	case len(s.VolumesFrom) > 0:
		return "it has the volumes of another"
	}
	return m.sharedBy(name)
}

// sharedBy returns which other service shares the containers of a service, and would have to be replaced with
// it.
func (m *Model) sharedBy(name string) string {
	for _, other := range m.Services() {
		if sharing(m.real.Services[other])[name] != "" {
			return fmt.Sprintf("service %q shares what it has", other)
		}
	}
	return ""
}

// sharing returns the services whose containers a service shares, with the key that says so: "network_mode".
// The order of a deploy, what is replaced together and what the SDK must find all follow from it.
func sharing(s types.ServiceConfig) map[string]string {
	var all map[string]string
	add := func(name, key string) {
		if all == nil {
			all = map[string]string{}
		}
		all[name] = key
	}
	for key, mode := range map[string]string{"network_mode": s.NetworkMode, "pid": s.Pid, "ipc": s.Ipc,
		"uts": s.Uts} {
		if name, is := strings.CutPrefix(mode, types.ServicePrefix); is {
			add(name, key)
		}
	}
	for _, from := range s.VolumesFrom {
		if name, _, _ := strings.Cut(from, ":"); !strings.HasPrefix(from, types.ContainerPrefix) {
			add(name, release.VolumesFrom)
		}
	}
	return all
}

// writableVolume returns what a service can write to that outlives its containers; empty for nothing. An anonymous
// volume does: a container that replaces one which has stopped gets it.
func (m *Model) writableVolume(name string, s types.ServiceConfig) string {
	for _, v := range s.Volumes {
		switch {
		case v.ReadOnly || v.Type == types.VolumeTypeTmpfs || v.Type == types.VolumeTypeImage:
		case v.Source == "":
			return fmt.Sprintf("it can write to the anonymous volume at %q", v.Target)
		case v.Type == types.VolumeTypeBind:
			return fmt.Sprintf("it can write to what is mounted at %q", v.Target)
		default:
			return fmt.Sprintf("it can write to volume %q", v.Source)
		}
	}
	for _, at := range m.images[name].Volumes {
		if !mountsAt(s, at) {
			return fmt.Sprintf("it can write to the volume of its image at %q", at)
		}
	}
	return ""
}

// mountsAt reports whether a service mounts something of its own at a path.
func mountsAt(s types.ServiceConfig, at string) bool {
	return slices.ContainsFunc(s.Volumes, func(v types.ServiceVolumeConfig) bool {
		return path.Clean(v.Target) == path.Clean(at)
	}) || slices.ContainsFunc(s.Tmpfs, func(text string) bool {
		target, _, _ := strings.Cut(text, ":")
		return path.Clean(target) == path.Clean(at)
	})
}
