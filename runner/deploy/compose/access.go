package compose

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// The kinds of access to the machine that a service may have. "allow" in project.toml has the same names.
const (
	accessBind       = "bind"
	accessSocket     = "engine-socket"
	accessPrivileged = "privileged"
	accessPID        = "pid-host"
	accessNetwork    = "network-host"
	accessIPC        = "ipc-host"
	accessUTS        = "uts-host"
	accessUserNS     = "userns-host"
	accessCgroup     = "cgroup-host"
	accessCapability = "cap-add"
	accessDevice     = "device"
	accessUnconfined = "unconfined"
	accessOutside    = "outside-file"
)

// Accesses lists all kinds.
var Accesses = []string{accessBind, accessSocket, accessPrivileged, accessPID, accessNetwork, accessIPC, accessUTS,
	accessUserNS, accessCgroup, accessCapability, accessDevice, accessUnconfined, accessOutside}

// engineSockets are the names of sockets through which a container is given the engine, and so the machine.
var engineSockets = []string{"docker.sock", "containerd.sock", "podman.sock", "crio.sock", "buildkitd.sock",
	"dockershim.sock", "docker.raw.sock"}

// systemFolders are the folders of a machine with which, or with what is in them, a container can change the
// machine or read its secrets. Their parents are no better.
var systemFolders = []string{"/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/root", "/run", "/sbin",
	"/sys", "/usr", "/var/lib/containerd", "/var/lib/docker", "/var/lib/kubelet", "/var/run", "/home", "/Users"}

// harmlessFiles are in such folders and are shared by many.
var harmlessFiles = []string{"/etc/localtime", "/etc/timezone", "/etc/hostname", "/etc/machine-id", "/etc/ssl/certs",
	"/etc/ca-certificates", "/usr/share/zoneinfo", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates",
	"/dev/null", "/dev/shm", "/dev/urandom"}

// secretFolders are the folders of a user's home that have secrets.
var secretFolders = []string{".ssh", ".aws", ".azure", ".config", ".docker", ".gnupg", ".kube", ".netrc", ".npmrc"}

// Access returns what the services take from the machine, sorted.
func (m *Model) Access() (all []release.Access) {
	for _, name := range m.Services() {
		for _, what := range m.serviceAccess(m.real.Services[name]) {
			all = append(all, release.Access{Service: name, Name: what})
		}
	}
	all = append(all, m.outsideFiles()...)
	release.SortAccess(all)
	return slices.Compact(all)
}

// serviceAccess returns what one service takes.
func (m *Model) serviceAccess(s types.ServiceConfig) (names []string) {
	for name, has := range map[string]bool{
		accessPrivileged: s.Privileged || privilegedHook(s.PostStart) || privilegedHook(s.PreStop),
		accessPID:        s.Pid == "host", accessNetwork: s.NetworkMode == "host", accessIPC: s.Ipc == "host",
		accessUTS: s.Uts == "host", accessUserNS: s.UserNSMode == "host", accessCgroup: s.Cgroup == "host",
		accessUnconfined: slices.ContainsFunc(s.SecurityOpt, unconfined),
	} {
		if has {
			names = append(names, name)
		}
	}
	for _, capability := range s.CapAdd {
		names = append(names, accessCapability+":"+strings.TrimPrefix(strings.ToUpper(capability), "CAP_"))
	}
	for _, d := range s.Devices {
		names = append(names, accessDevice+":"+d.Source)
	}
	for _, rule := range s.DeviceCgroupRules {
		names = append(names, accessDevice+":"+rule)
	}
	for _, source := range m.bindSources(s) {
		names = append(names, m.bindAccess(source)...)
	}
	return names
}

func privilegedHook(hooks []types.ServiceHook) bool {
	return slices.ContainsFunc(hooks, func(h types.ServiceHook) bool { return h.Privileged })
}

// unconfined reports whether an option switches a confinement off.
func unconfined(option string) bool {
	option = strings.ReplaceAll(option, "=", ":")
	return strings.HasSuffix(option, ":unconfined") || option == "label:disable" || option == "systempaths:unconfined"
}

// bindSources returns the files and folders of the machine that are mounted into the containers of a service.
func (m *Model) bindSources(s types.ServiceConfig) (all []string) {
	for _, v := range s.Volumes {
		options := m.real.Volumes[v.Source].DriverOpts
		switch {
		case v.Type == types.VolumeTypeBind || v.Type == types.VolumeTypeNamedPipe:
			all = append(all, v.Source)
		case v.Type == types.VolumeTypeVolume && filepath.IsAbs(options["device"]):
			all = append(all, options["device"])
		}
	}
	if !s.ReadOnly { // what is mounted elsewhere is a copy
		return all
	}
	for _, c := range s.Configs {
		all = append(all, m.real.Configs[c.Source].File)
	}
	for _, c := range s.Secrets {
		all = append(all, m.real.Secrets[c.Source].File)
	}
	return slices.DeleteFunc(all, func(file string) bool { return file == "" })
}

// bindAccess returns what a mount of a file or a folder takes from the machine; nil for a harmless one. A link
// is what it leads to, where the engine is on this machine.
func (m *Model) bindAccess(source string) (names []string) {
	sources := []string{path.Clean(filepath.ToSlash(source))}
	if target, err := filepath.EvalSymlinks(source); err == nil && m.env.Machine == "" {
		sources = append(sources, path.Clean(filepath.ToSlash(target)))
	}
	for _, source := range sources {
		switch {
		case slices.Contains(engineSockets, path.Base(source)):
			names = append(names, accessSocket)
		case m.sensitive(source):
			names = append(names, accessBind+":"+source)
		}
	}
	return names
}

// sensitive reports whether a folder is, contains or is in one that matters to the machine. The project itself,
// wherever it is, does not; a folder that contains it does.
func (m *Model) sensitive(source string) bool {
	inside := func(folder, at string) bool {
		return folder == "/" || at == folder || strings.HasPrefix(at, folder+"/")
	}
	project := filepath.ToSlash(m.env.Dir)
	if resolved, err := filepath.EvalSymlinks(m.env.Dir); err == nil && inside(filepath.ToSlash(resolved), source) {
		return false
	}
	harmless := func(file string) bool { return inside(file, source) }
	if inside(project, source) || slices.ContainsFunc(harmlessFiles, harmless) {
		return false
	}
	if inside(source, project) {
		return true
	}
	if slices.ContainsFunc(strings.Split(source, "/"), func(part string) bool {
		return slices.Contains(secretFolders, part)
	}) {
		return true
	}
	return slices.ContainsFunc(systemFolders, func(folder string) bool {
		below := inside(folder, source) && folder != "/home" && folder != "/Users"
		return below || inside(source, folder) || path.Dir(source) == folder
	})
}
