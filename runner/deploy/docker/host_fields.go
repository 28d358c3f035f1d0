package docker

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// addHost adds the fields of what the engine lets the container use.
func (l *observation) addHost(f observedContainer, fields release.Fields) {
	h := f.HostConfig
	setTrue(fields, map[string]bool{
		"read_only": h.ReadonlyRootfs, "privileged": h.Privileged, "init": h.Init != nil && *h.Init,
	})
	setTexts(fields, map[string]string{
		"restart": restartPolicy(h.RestartPolicy), "pid": l.shared(f, l.sharedMode(string(h.PidMode)), string(h.PidMode)),
		"ipc":          l.shared(f, l.sharedMode(string(h.IpcMode)), string(h.IpcMode)),
		"network_mode": l.shared(f, l.networkMode(string(h.NetworkMode)), string(h.NetworkMode)), "memory": digits(h.Memory),
		release.VolumesFrom: release.SharedModes(h.VolumesFrom),
	})
	if h.NanoCPUs != 0 {
		fields["cpus"] = strconv.FormatFloat(float64(h.NanoCPUs)/1e9, 'f', -1, 32)
	}
	if h.PidsLimit != nil && *h.PidsLimit > 0 {
		fields["pids_limit"] = digits(*h.PidsLimit)
	}
	for path, items := range map[string][]string{"cap_add": h.CapAdd, "cap_drop": h.CapDrop,
		"security_opt": h.SecurityOpt, "group_add": h.GroupAdd} {
		for _, item := range items {
			fields[path+"."+strings.TrimPrefix(item, "CAP_")] = ""
		}
	}
	setExtraHosts(fields, h.ExtraHosts)
	setPorts(fields, f)
	for target, options := range h.Tmpfs {
		fields["tmpfs."+target] = options
	}
}

func digits(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func restartPolicy(p container.RestartPolicy) string {
	switch {
	case p.Name == container.RestartPolicyDisabled:
		return ""
	case p.MaximumRetryCount > 0:
		return string(p.Name) + ":" + strconv.Itoa(p.MaximumRetryCount)
	}
	return string(p.Name)
}

// sharedMode names the service whose container is shared, in place of its id, which is another each time.
func (l *observation) sharedMode(mode string) string {
	id, ok := strings.CutPrefix(mode, "container:")
	if !ok {
		return mode
	}
	for _, f := range l.containers {
		if f.ID == id {
			return "service:" + f.label(api.ServiceLabel)
		}
	}
	return mode
}

// shared returns the name of what a container shares, "service:vpn". What it shares with a container that has started
// again since is gone: the engine makes another network for that one.
func (l *observation) shared(f observedContainer, name, mode string) string {
	id, ok := strings.CutPrefix(mode, "container:")
	i := slices.IndexFunc(l.containers, func(c observedContainer) bool { return c.ID == id })
	if ok && i >= 0 && f.State.Running && l.containers[i].State.Running && startedAt(l.containers[i]).After(startedAt(f)) {
		name += release.GoneShare
	}
	return name
}

// startedAt returns when a container was started; zero for one that never was.
func startedAt(f observedContainer) time.Time {
	at, _ := time.Parse(time.RFC3339Nano, f.State.StartedAt)
	return at
}

// networkMode returns the network mode; empty for a network.
func (l *observation) networkMode(mode string) string {
	switch mode {
	case "host", "none", "bridge":
		return mode
	}
	if strings.HasPrefix(mode, "container:") {
		return l.sharedMode(mode)
	}
	return ""
}

func setExtraHosts(fields release.Fields, all []string) {
	addresses := map[string][]string{}
	for _, pair := range all {
		name, address, _ := strings.Cut(pair, ":")
		addresses[name] = append(addresses[name], address)
	}
	setJoined(fields, "extra_hosts.", addresses)
}

func setJoined(fields release.Fields, path string, all map[string][]string) {
	for name, items := range all {
		slices.Sort(items)
		fields[path+name] = strings.Join(slices.Compact(items), ",")
	}
}

func setPorts(fields release.Fields, f observedContainer) {
	all := map[string][]string{}
	for port, bindings := range f.HostConfig.PortBindings {
		for _, b := range bindings {
			b.HostPort = f.askedPort(port, b)
			all[port.String()] = append(all[port.String()], publishedAt(b))
		}
	}
	setJoined(fields, "ports.", all)
}

func publishedAt(b network.PortBinding) string {
	address := ""
	if b.HostIP.IsValid() {
		address = b.HostIP.String()
	}
	return release.PublishedAt(address, b.HostPort)
}
