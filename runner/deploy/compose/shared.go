package compose

import (
	"fmt"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// SharedResources returns sentences about what all environments on one engine would share. No other owner
// holds it, so it is no conflict.
func (m *Model) SharedResources() (all []string) {
	folders, host := map[string][]string{}, map[string][]string{}
	for _, name := range m.Services() {
		s := m.real.Services[name]
		for _, at := range m.writableBinds(s) {
			folders[at] = append(folders[at], name)
		}
		for _, key := range hostModes(s) {
			host[key] = append(host[key], name)
		}
	}
	for _, at := range sorted(folders) {
		all = append(all, fmt.Sprintf("%q can be written to by %s", at, firstFew(folders[at])))
	}
	for _, key := range sorted(host) {
		all = append(all, fmt.Sprintf("%s of %s is host", key, firstFew(host[key])))
	}
	for _, name := range sorted(m.real.Volumes) {
		if v := m.real.Volumes[name]; v.External {
			all = append(all, fmt.Sprintf("volume %q is the external %q", name, v.Name))
		}
	}
	return all
}

// writableBinds returns the files and folders of the machine that a service can write to, except for the
// sockets of daemons.
func (m *Model) writableBinds(s types.ServiceConfig) (all []string) {
	for _, v := range s.Volumes {
		if v.Type == types.VolumeTypeBind && !v.ReadOnly && !strings.HasSuffix(v.Source, ".sock") {
			all = append(all, Relative(m.env.Dir, v.Source))
		}
	}
	return all
}

// hostModes returns the keys by which a service uses a namespace of the host.
func hostModes(s types.ServiceConfig) (keys []string) {
	for key, mode := range map[string]string{"network_mode": s.NetworkMode, "pid": s.Pid, "ipc": s.Ipc,
		"uts": s.Uts} {
		if mode == "host" {
			keys = append(keys, key)
		}
	}
	return keys
}
