package compose

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// fields returns the fields of a service, except for the contents of files. Those that an engine can be asked
// for have the form that package release describes. The others are as in the file, below "compose.".
func (m *Model) fields(p *types.Project, name string) release.Fields {
	s, f := p.Services[name], release.Fields{}
	for _, add := range []func(release.Fields, types.ServiceConfig){texts, switches, lists, mappings, limits,
		ports, networks, health, addUnobserved} {
		add(f, s)
	}
	m.mounts(f, p, s)
	return f.Qualify(cmp.Or(m.env.Backend, "docker"))
}

func texts(f release.Fields, s types.ServiceConfig) {
	for path, text := range map[string]string{
		"image": s.Image, "user": s.User, "working_dir": s.WorkingDir, "hostname": s.Hostname,
		"stop_signal": s.StopSignal,
		"pid":         s.Pid, "ipc": s.Ipc, "network_mode": s.NetworkMode, "restart": restart(s),
		release.VolumesFrom: release.SharedModes(s.VolumesFrom),
	} {
		if text != "" {
			f[path] = text
		}
	}
	for path, words := range map[string]types.ShellCommand{"command": s.Command, "entrypoint": s.Entrypoint} {
		if words != nil {
			f[path] = array(words)
		}
	}
}

// restart returns the policy as the SDK gives it to the engine; none at all and "no" are the same.
func restart(s types.ServiceConfig) string {
	policy := s.Restart
	if s.Deploy != nil && s.Deploy.RestartPolicy != nil {
		policy = s.Deploy.RestartPolicy.Condition
		if n := s.Deploy.RestartPolicy.MaxAttempts; n != nil && *n > 0 {
			policy += ":" + strconv.FormatUint(*n, 10)
		}
	}
	name, attempts, limited := strings.Cut(policy, ":")
	switch name {
	case "no", "none":
		return ""
	case "any":
		name = "always"
	}
	if limited && attempts != "0" {
		return name + ":" + attempts
	}
	return name
}

func switches(f release.Fields, s types.ServiceConfig) {
	for path, on := range map[string]bool{"read_only": s.ReadOnly, "privileged": s.Privileged, "tty": s.Tty,
		"init": s.Init != nil && *s.Init} {
		if on {
			f[path] = "true"
		}
	}
}

func lists(f release.Fields, s types.ServiceConfig) {
	for path, items := range map[string][]string{"cap_add": s.CapAdd, "cap_drop": s.CapDrop,
		"security_opt": s.SecurityOpt, "group_add": s.GroupAdd} {
		for _, item := range items {
			if strings.HasPrefix(path, "cap_") { // engines accept both, and report it without the prefix
				item = strings.TrimPrefix(item, "CAP_")
			}
			f[path+"."+item] = ""
		}
	}
}

func mappings(f release.Fields, s types.ServiceConfig) {
	for name, value := range s.Environment {
		if value != nil {
			f["environment."+name] = *value
		}
	}
	for name, value := range s.Labels {
		f["labels."+name] = value
	}
	for name, addresses := range s.ExtraHosts {
		f["extra_hosts."+name] = strings.Join(slices.Sorted(slices.Values(addresses)), ",")
	}
}

// limits adds the limits. Those of deploy.resources override those of the service, as in the SDK.
func limits(f release.Fields, s types.ServiceConfig) {
	memory, cpus, pids := int64(s.MemLimit), s.CPUS, s.PidsLimit
	if s.Deploy != nil && s.Deploy.Resources.Limits != nil {
		l := s.Deploy.Resources.Limits
		memory, cpus = cmp.Or(int64(l.MemoryBytes), memory), cmp.Or(float32(l.NanoCPUs), cpus)
		pids = cmp.Or(l.Pids, pids)
	}
	for path, n := range map[string]int64{"memory": memory, "pids_limit": pids} {
		if n != 0 {
			f[path] = strconv.FormatInt(n, 10)
		}
	}
	if cpus != 0 {
		f["cpus"] = strconv.FormatFloat(float64(cpus), 'f', -1, 32)
	}
}

func ports(f release.Fields, s types.ServiceConfig) {
	all := map[string][]string{}
	for _, p := range s.Ports {
		at, published := portField(p)
		all[at] = append(all[at], published)
	}
	for at, published := range all {
		f[at] = strings.Join(slices.Compact(slices.Sorted(slices.Values(published))), ",")
	}
}

func networks(f release.Fields, s types.ServiceConfig) {
	for name, n := range s.Networks {
		f["networks."+name] = ""
		if n == nil {
			continue
		}
		for _, alias := range n.Aliases {
			f["networks."+name+".aliases."+alias] = ""
		}
		for path, address := range map[string]string{".ipv4_address": n.Ipv4Address,
			".ipv6_address": n.Ipv6Address} {
			if address != "" {
				f["networks."+name+path] = address
			}
		}
	}
}

func health(f release.Fields, s types.ServiceConfig) {
	h := s.HealthCheck
	if h == nil {
		return
	}
	if h.Disable {
		f["healthcheck.test"] = `["NONE"]`
		return
	}
	if len(h.Test) > 0 {
		f["healthcheck.test"] = array(h.Test)
	}
	for path, d := range map[string]*types.Duration{"interval": h.Interval, "timeout": h.Timeout,
		"start_period": h.StartPeriod} {
		if d != nil && *d != 0 {
			f["healthcheck."+path] = time.Duration(*d).String()
		}
	}
	if h.Retries != nil {
		f["healthcheck.retries"] = strconv.FormatUint(*h.Retries, 10)
	}
}

// mounts adds mounts, with paths as an engine writes them, without a slash at their end.
func (m *Model) mounts(f release.Fields, p *types.Project, s types.ServiceConfig) {
	for _, v := range s.Volumes {
		switch v.Type {
		case types.VolumeTypeTmpfs:
			f["tmpfs."+path.Clean(v.Target)] = ""
		default:
			f["volumes."+path.Clean(v.Target)] = m.mount(p, v)
		}
	}
	for _, t := range s.Tmpfs {
		target, options, _ := strings.Cut(t, ":")
		f["tmpfs."+target] = options
	}
}

func (m *Model) mount(p *types.Project, v types.ServiceVolumeConfig) (text string) {
	switch {
	case v.Source == "":
		text = "anonymous"
	case v.Type == types.VolumeTypeBind:
		text = "bind " + Relative(m.env.Dir, v.Source)
	default:
		text = release.VolumeField(v.Type, p.Name, v.Source, p.Volumes[v.Source].Name)
	}
	if v.ReadOnly {
		text += ",ro"
	}
	return text
}

// Relative returns a path of this machine as the canonical form has it: "./x" if it is in the project.
func Relative(dir, file string) string {
	if !filepath.IsAbs(file) {
		return file
	}
	in, err := filepath.Rel(dir, file)
	if err != nil || in == ".." || strings.HasPrefix(in, ".."+string(filepath.Separator)) {
		return filepath.Clean(file)
	}
	if in == "." {
		return "./"
	}
	return "./" + filepath.ToSlash(in)
}

// configTarget and secretTarget return the path of a file in a container.
func configTarget(r types.FileReferenceConfig) string {
	return cmp.Or(r.Target, "/"+r.Source)
}

func secretTarget(r types.FileReferenceConfig) string {
	target := cmp.Or(r.Target, r.Source)
	if path.IsAbs(target) {
		return target
	}
	return "/run/secrets/" + target
}

func networkFields(p *types.Project, name string) release.Fields {
	n := p.Networks[name]
	if n.External {
		return release.Fields{"external": n.Name}
	}
	f := release.Fields{"driver": cmp.Or(n.Driver, "bridge")}
	for path, on := range map[string]bool{"internal": n.Internal, "attachable": n.Attachable} {
		if on {
			f[path] = "true"
		}
	}
	return resource(f, p, name, n.Name, n.Labels, n, "driver", "internal", "attachable")
}

func (m *Model) volumeFields(p *types.Project, name string) release.Fields {
	v := p.Volumes[name]
	v.DriverOpts = m.device(v.DriverOpts)
	if v.External {
		return release.Fields{"external": v.Name}
	}
	return resource(release.Fields{"driver": cmp.Or(v.Driver, "local")}, p, name, v.Name, v.Labels, v,
		"driver")
}

// resource adds the fields that networks and volumes have in common.
func resource(
	f release.Fields, p *types.Project, key, name string, labels types.Labels, config any, known ...string,
) release.Fields {
	for label, value := range labels {
		f["labels."+label] = value
	}
	all := tree(config)
	for _, k := range append(known, "labels", "external") {
		delete(all, k)
	}
	if name == p.Name+"_"+key {
		delete(all, "name")
	}
	flatten(f, "compose", all)
	return f
}

func array(words []string) string {
	text, _ := json.Marshal(append([]string{}, words...)) // strings always marshal
	return string(text)
}

// addUnobserved adds the keys that no engine is asked for. Builds, the order of starts and what davit does
// itself are not part of what runs.
func addUnobserved(f release.Fields, s types.ServiceConfig) {
	all := tree(s)
	for _, k := range []string{"build", "command", "entrypoint", "env_file", "environment", "profiles",
		"pull_policy", "develop", "depends_on", "extends",
		"image", "user", "working_dir", "hostname", "stop_signal", "pid", "ipc", "network_mode", "restart",
		"read_only", "privileged", "tty", "init",
		"cap_add", "cap_drop", "security_opt", "group_add", "labels", "label_file", "extra_hosts",
		"mem_limit", "cpus", "pids_limit", "ports", "tmpfs", "scale", "attach",
		"pre_stop", "credential_spec", "cpu_count", "cpu_percent", "isolation"} {
		delete(all, k)
	}
	deleteKeys(
		all, "deploy", "labels", "replicas", "update_config", "rollback_config", "restart_policy", "mode",
		"placement", "endpoint_mode")
	if deploy, ok := all["deploy"].(map[string]any); ok {
		if resources, ok := deploy["resources"].(map[string]any); ok {
			deleteKeys(resources, "limits", "cpus", "memory", "pids")
			deleteKeys(resources, "reservations", "cpus", "generic_resources")
		}
	}
	deleteKeys(all, "healthcheck", "test", "interval", "timeout", "start_period", "retries", "disable")
	if of, ok := all["networks"].(map[string]any); ok {
		for name := range of {
			deleteKeys(of, name, "aliases", "ipv4_address", "ipv6_address")
		}
	}
	byTarget(all, "volumes", "type", "source", "target", "read_only")
	byTarget(all, "configs", "source", "target")
	byTarget(all, "secrets", "source", "target")
	flatten(f, "compose", all)
}

func deleteKeys(all map[string]any, key string, keys ...string) {
	if of, ok := all[key].(map[string]any); ok {
		for _, k := range keys {
			delete(of, k)
		}
	}
}

// byTarget makes a mapping of a list of mounts or files, so that their order does not count.
func byTarget(all map[string]any, key string, keys ...string) {
	items, _ := all[key].([]any)
	of := map[string]any{}
	for _, item := range items {
		if one, ok := item.(map[string]any); ok {
			of[fmt.Sprint(cmp.Or(one["target"], one["source"]))] = one
			for _, k := range keys {
				delete(one, k)
			}
		}
	}
	all[key] = of
}

// tree returns a piece of a model as JSON has it.
func tree(v any) map[string]any {
	text, err := json.Marshal(v)
	all := map[string]any{}
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil {
		return map[string]any{"unreadable": err.Error()} // compose-go itself cannot write the value
	}
	return all
}

// flatten adds a tree below a path. A list is one text, for its order counts.
func flatten(f release.Fields, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			flatten(f, path+"."+k, v[k])
		}
	case nil:
	case string:
		f[path] = v
	default:
		text, _ := json.Marshal(v) // it came from JSON
		f[path] = string(text)
	}
}
