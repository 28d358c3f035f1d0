package docker

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/api/types/network"

	"github.com/davit-dev/davit/runner/deploy/compose"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// notInDNS is the field of a network on which the name of the service does not lead to the container yet. A
// davit that was killed before the new containers took over leaves such. It only makes a difference: nothing
// reads it back.
const notInDNS = "not in DNS"

// fields returns those of a container in the form that package release describes, and which of them it has
// inherited from its image or the engine.
func (l *observation) fields(f observedContainer) (fields, inherited release.Fields) {
	fields, inherited = release.Fields{"image": digestOf(f.label(label.Image), f.Image, l.images[f.Image].RepoDigests)}, release.Fields{}
	l.addProcess(f, fields)
	l.addHost(f, fields)
	l.addMounts(f, fields)
	l.addNetworks(f, fields)
	fields = literal(fields)
	setFiles(f, fields) // hashes, as their maker has written them
	l.addInherited(f, fields, inherited)
	fields, inherited = fields.Qualify(backendName), inherited.Qualify(backendName)
	l.redact(f, fields, inherited)
	return fields, inherited
}

// literal returns texts as fields.
func literal(texts release.Fields) release.Fields {
	for path, text := range texts {
		texts[path] = release.Literal(text)
	}
	return texts
}

// digestOf returns the digest that identifies an image. A container that davit made of that image has it in a
// label. For others the engine knows it if exactly one registry has given it one.
func digestOf(labelled, id string, repoDigests []string) string {
	if digest, local, ok := strings.Cut(labelled, " "); ok {
		if local == id {
			return digest
		}
		return id
	}
	digests := map[string]bool{}
	for _, known := range repoDigests {
		_, digest, _ := strings.Cut(known, "@")
		digests[digest] = true
	}
	if len(digests) != 1 {
		return id
	}
	return slices.Collect(maps.Keys(digests))[0]
}

// redact replaces values that come from secrets by keyed hashes, so that none leaves this package.
func (l *observation) redact(f observedContainer, fields, inherited release.Fields) {
	secrets := strings.Split(f.label(label.Secrets), ",")
	for i, path := range secrets { // an older davit has written them without the name of the backend
		secrets[i] = release.QualifyPath(backendName, path)
	}
	fields.Redact(l.backend.Key, secrets...)
	for _, path := range secrets {
		delete(inherited, path)
	}
}

// addProcess adds the fields of the process of the container.
func (l *observation) addProcess(f observedContainer, fields release.Fields) {
	c := f.Config
	setTexts(fields, map[string]string{
		"user": c.User, "working_dir": c.WorkingDir, "hostname": hostname(f), "stop_signal": c.StopSignal,
		"command": jsonArray(c.Cmd), "entrypoint": jsonArray(c.Entrypoint),
	})
	setEnvironment(fields, c.Env)
	setUserLabels(fields, c.Labels)
	setTrue(fields, map[string]bool{"tty": c.Tty})
	if h := c.Healthcheck; h != nil {
		setHealthcheck(fields, h.Test, h.Interval, h.Timeout, h.StartPeriod, h.Retries)
	}
}

// hostname returns the host name that the container was told to have. By default it is the beginning of its
// id, or of that of the container whose network it shares.
func hostname(f observedContainer) string {
	if strings.HasPrefix(f.ID, f.Config.Hostname) || f.HostConfig.NetworkMode.IsContainer() {
		return ""
	}
	return f.Config.Hostname
}

func setTexts(fields release.Fields, of map[string]string) {
	for path, text := range of {
		if text != "" {
			fields[path] = text
		}
	}
}

func jsonArray(words []string) string {
	if words == nil {
		return ""
	}
	text, _ := json.Marshal(words) // strings always marshal
	return string(text)
}

func setEnvironment(fields release.Fields, env []string) {
	for _, pair := range env {
		name, value, _ := strings.Cut(pair, "=")
		fields["environment."+name] = value
	}
}

func setHealthcheck(fields release.Fields, test []string, interval, timeout, start time.Duration, retries int) {
	if len(test) > 0 {
		fields["healthcheck.test"] = jsonArray(test)
	}
	for path, d := range map[string]time.Duration{"interval": interval, "timeout": timeout, "start_period": start} {
		if d != 0 {
			fields["healthcheck."+path] = d.String()
		}
	}
	if retries != 0 {
		fields["healthcheck.retries"] = strconv.Itoa(retries)
	}
}

// addHost adds the fields of what the engine lets the container use.
func (l *observation) addHost(f observedContainer, fields release.Fields) {
	h := f.HostConfig
	setTrue(fields, map[string]bool{"read_only": h.ReadonlyRootfs, "privileged": h.Privileged, "init": h.Init != nil && *h.Init})
	setTexts(fields, map[string]string{
		"restart": restartPolicy(h.RestartPolicy), "pid": l.sharedMode(string(h.PidMode)), "ipc": l.sharedMode(string(h.IpcMode)),
		"network_mode": l.networkMode(string(h.NetworkMode)), "memory": digits(h.Memory),
	})
	if h.NanoCPUs != 0 {
		fields["cpus"] = strconv.FormatFloat(float64(h.NanoCPUs)/1e9, 'f', -1, 32)
	}
	if h.PidsLimit != nil && *h.PidsLimit > 0 {
		fields["pids_limit"] = digits(*h.PidsLimit)
	}
	for path, items := range map[string][]string{"cap_add": h.CapAdd, "cap_drop": h.CapDrop, "security_opt": h.SecurityOpt, "group_add": h.GroupAdd} {
		for _, item := range items {
			fields[path+"."+strings.TrimPrefix(item, "CAP_")] = ""
		}
	}
	setExtraHosts(fields, h.ExtraHosts)
	setPorts(fields, h)
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

func setPorts(fields release.Fields, h *container.HostConfig) {
	all := map[string][]string{}
	for port, bindings := range h.PortBindings {
		for _, b := range bindings {
			text := b.HostPort
			if text == "" || text == "0" {
				text = "any"
			}
			if b.HostIP.IsValid() {
				text = b.HostIP.String() + ":" + text
			}
			all[port.String()] = append(all[port.String()], text)
		}
	}
	setJoined(fields, "ports.", all)
}

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
		fields["volumes."+m.Destination] = text
	}
}

func (l *observation) mountField(m container.MountPoint) string {
	if m.Type == mount.TypeBind {
		return "bind " + compose.Relative(l.backend.Environment.Dir, m.Source)
	}
	if key := l.volumes[m.Name]; key != "" {
		return string(m.Type) + " " + key
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

// addNetworks adds the networks of the container, and its aliases there.
func (l *observation) addNetworks(f observedContainer, fields release.Fields) {
	if f.NetworkSettings == nil || l.networkMode(string(f.HostConfig.NetworkMode)) != "" {
		return
	}
	service := f.label(api.ServiceLabel)
	for on, e := range f.NetworkSettings.Networks {
		at := l.networkPath(on)
		fields[at] = ""
		if !slices.Contains(e.Aliases, service) {
			fields[at] = notInDNS
		}
		for _, alias := range e.Aliases {
			if alias != service && !l.isOwnName(f, alias) {
				fields[at+".aliases."+alias] = ""
			}
		}
		setAddresses(f, fields, at, e.IPAMConfig)
	}
}

// networkPath returns the path of the field of a network, by its name on the engine.
func (l *observation) networkPath(name string) string { return "networks." + l.networkKey(name) }

// unannounced returns the paths of the networks on which the name of the service does not lead to a container
// yet.
func (l *observation) unannounced(f observedContainer) (paths []string) {
	if f.NetworkSettings == nil || l.networkMode(string(f.HostConfig.NetworkMode)) != "" {
		return nil
	}
	for on, e := range f.NetworkSettings.Networks {
		if !slices.Contains(e.Aliases, f.label(api.ServiceLabel)) {
			paths = append(paths, release.QualifyPath(backendName, l.networkPath(on)))
		}
	}
	return paths
}

// setAddresses adds the addresses that the model asks for. A container that was reconnected asks for the one
// that it had; that is no field.
func setAddresses(f observedContainer, fields release.Fields, at string, c *network.EndpointIPAMConfig) {
	if c == nil || f.label(label.Fields) != "" && f.label(label.Static) == "" {
		return
	}
	if c.IPv4Address.IsValid() {
		fields[at+".ipv4_address"] = c.IPv4Address.String()
	}
	if c.IPv6Address.IsValid() {
		fields[at+".ipv6_address"] = c.IPv6Address.String()
	}
}

func (l *observation) networkKey(network string) string {
	if key := l.networks[network]; key != "" {
		return key
	}
	return network
}

// isOwnName reports whether an alias is the container's own: its id, or the name of a container of its
// service.
func (l *observation) isOwnName(f observedContainer, alias string) bool {
	prefix := l.backend.project + api.Separator + f.label(api.ServiceLabel)
	return strings.HasPrefix(f.ID, alias) || alias == strings.TrimPrefix(f.Name, "/") || strings.HasPrefix(alias, prefix+api.Separator)
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

// addInherited adds to inherited the fields that come from the image or the engine.
func (l *observation) addInherited(f observedContainer, fields, inherited release.Fields) {
	addEqual(fields, inherited, literal(l.imageFields(f)))
	for path, value := range fields {
		if isEngineDefault(f, path, value) {
			inherited[path] = value
		}
	}
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
		"user": c.User, "working_dir": c.WorkingDir, "stop_signal": c.StopSignal, "command": jsonArray(c.Cmd), "entrypoint": jsonArray(c.Entrypoint),
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
		return f.HostConfig.NetworkMode.IsHost() // that of the machine
	case "ipc":
		return value == "private" || value == "shareable"
	case "security_opt.label=disable":
		return f.HostConfig.Privileged
	case "environment.PATH":
		return true
	}
	if name, ok := strings.CutPrefix(path, "environment."); ok {
		return slices.Contains([]string{"HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"}, strings.ToUpper(name))
	}
	return false
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
