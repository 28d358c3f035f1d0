package compose

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// makeEphemeral reduces a project to the services that tests use, and their dependencies. A second run at the
// same time, or anything else on the engine, does not notice them.
func (s *source) makeEphemeral(p *types.Project) (*types.Project, error) {
	names := s.env.Ephemeral.Services
	for _, name := range names {
		if _, exists := p.AllServices()[name]; !exists {
			return nil, &FileError{
				File:   s.relative(s.files[0]),
				Reason: fmt.Sprintf("there is no service %q, which a test uses", name),
				Next:   "services are " + list(sorted(p.AllServices())),
			}
		}
	}
	enabled, err := p.WithServicesEnabled(names...)
	if err != nil {
		return nil, err
	}
	s.jobs = jobsOf(enabled)
	chosen, err := enabled.WithSelectedServices(names)
	if err != nil {
		return nil, err
	}
	chosen = chosen.WithoutUnnecessaryResources()
	if err := s.refuseShared(chosen); err != nil {
		return nil, err
	}
	chosen.Networks, chosen.Volumes = ownNetworks(chosen), ownVolumes(chosen)
	return chosen.WithServicesTransform(func(name string, service types.ServiceConfig) (types.ServiceConfig,
		error) {
		return isolate(service, slices.Contains(names, name)), nil
	})
}

// jobsOf returns the services that run to their end before others begin, also where the others are not
// selected.
func jobsOf(p *types.Project) map[string]bool {
	jobs := map[string]bool{}
	for _, service := range p.Services {
		for name, d := range service.DependsOn {
			jobs[name] = jobs[name] || d.Condition == types.ServiceConditionCompletedSuccessfully
		}
	}
	return jobs
}

// isolate returns a service that conflicts with nothing. Its bind mounts are read-only: what it wrote there
// would still be there in the next run.
func isolate(s types.ServiceConfig, reached bool) types.ServiceConfig {
	s.ContainerName, s.Restart, s.Logging, s.LogDriver, s.LogOpt, s.MacAddress = "", types.RestartPolicyNo, nil, "", nil, ""
	s.SetScale(1)
	if s.Deploy != nil {
		s.Deploy.RestartPolicy = nil
	}
	for _, n := range s.Networks {
		if n != nil {
			n.Ipv4Address, n.Ipv6Address, n.LinkLocalIPs, n.MacAddress = "", "", nil, ""
		}
	}
	for i, v := range s.Volumes {
		s.Volumes[i].ReadOnly = v.ReadOnly || v.Type == types.VolumeTypeBind
	}
	s.Ports = reachablePorts(s, reached)
	return s
}

// reachablePorts returns the ports of a service that tests reach; the engine chooses where. Exposed ports
// count where it publishes none.
func reachablePorts(s types.ServiceConfig, reached bool) (ports []types.ServicePortConfig) {
	if !reached {
		return nil
	}
	all := s.Ports
	for _, text := range s.Expose {
		if more, err := types.ParsePortConfig(text); err == nil && len(s.Ports) == 0 {
			all = append(all, more...)
		}
	}
	for _, p := range all {
		one := types.ServicePortConfig{Target: p.Target, Protocol: p.Protocol, Mode: "ingress"}
		if !slices.ContainsFunc(ports, func(o types.ServicePortConfig) bool {
			return o.Target == one.Target &&
				o.Protocol == one.Protocol
		}) {
			ports = append(ports, one)
		}
	}
	return ports
}

// sharedRules find what two runs at once would share, and others with them.
var sharedRules = []rule{
	{
		path: "network_mode", test: func(s types.ServiceConfig) bool { return s.NetworkMode == "host" },
		reason: "its ports are those of the machine",
	},
	{
		path:   "network_mode",
		test:   func(s types.ServiceConfig) bool { return isForeignContainer(s.NetworkMode) },
		reason: "the container is not part of the project",
	},
	{
		path: "pid", test: func(s types.ServiceConfig) bool { return isForeignContainer(s.Pid) },
		reason: "the container is not part of the project",
	},
	{
		path: "ipc", test: func(s types.ServiceConfig) bool { return isForeignContainer(s.Ipc) },
		reason: "the container is not part of the project",
	},
	{
		path: "volumes_from",
		test: func(s types.ServiceConfig) bool {
			return slices.ContainsFunc(s.VolumesFrom,
				isForeignContainer)
		},
		reason: "the container is not part of the project",
	},
	{
		path: "external_links", test: func(s types.ServiceConfig) bool { return len(s.ExternalLinks) > 0 },
		reason: "the containers are not part of the project",
	},
}

// isForeignContainer reports whether a mode names a container that is in no Compose file.
func isForeignContainer(mode string) bool { return strings.HasPrefix(mode, types.ContainerPrefix) }

// refuseShared refuses what two runs of tests would share.
func (s *source) refuseShared(p *types.Project) error {
	for _, name := range p.ServiceNames() {
		for _, r := range sharedRules {
			if r.test(p.Services[name]) {
				return s.sharedError("services."+name+"."+r.path, r.reason)
			}
		}
	}
	for _, key := range sorted(p.Networks) {
		if n := p.Networks[key]; bool(n.External) {
			return s.sharedError("networks."+key, fmt.Sprintf("%q is external, and others are on it", n.Name))
		}
	}
	for _, key := range sorted(p.Volumes) {
		v := p.Volumes[key]
		switch device := v.DriverOpts["device"]; {
		case bool(v.External):
			return s.sharedError(
				"volumes."+key, fmt.Sprintf("%q is external, and what they write would stay", v.Name))
		case device != "" && v.DriverOpts["type"] != "tmpfs":
			return s.sharedError(
				"volumes."+key, fmt.Sprintf("it is at %q, and what they write would stay", device))
		}
	}
	return nil
}

func (s *source) sharedError(path, why string) error {
	return s.errorAt(
		path, "tests would share it: "+why,
		"set it only in a Compose file of the environments above "+s.env.Name)
}

// ownNetworks returns plain networks: an internal one cannot be reached from outside, and addresses may be
// taken.
func ownNetworks(p *types.Project) types.Networks {
	own := types.Networks{}
	for key, n := range p.Networks {
		own[key] = types.NetworkConfig{Name: p.Name + "_" + key, Labels: n.Labels}
	}
	return own
}

func ownVolumes(p *types.Project) types.Volumes {
	own := maps.Clone(p.Volumes)
	for key, v := range own {
		v.Name = p.Name + "_" + key
		own[key] = v
	}
	return own
}

// Publish publishes the services that tests reach on addresses of the engine's machine, with the ports that
// their images expose where the files name none.
func (m *Model) Publish(exposed map[string][]string, on []string) (*Model, error) {
	published := *m
	var err error
	if published.real, err = publish(m.real, m.env, exposed, on); err != nil {
		return nil, err
	}
	published.masked, err = publish(m.masked, m.env, exposed, on)
	return &published, err
}

func publish(
	p *types.Project, e release.Environment, exposed map[string][]string, on []string,
) (*types.Project, error) {
	return p.WithServicesTransform(func(name string, s types.ServiceConfig) (types.ServiceConfig, error) {
		if strings.HasPrefix(s.NetworkMode, types.ServicePrefix) || s.NetworkMode == "none" ||
			!slices.Contains(e.Ephemeral.Services, name) {
			s.Ports = nil
			return s, nil
		}
		if len(s.Ports) == 0 {
			s.Expose = exposed[name]
			s.Ports = reachablePorts(s, true)
		}
		var all []types.ServicePortConfig
		for _, port := range s.Ports {
			for _, port.HostIP = range on {
				all = append(all, port)
			}
		}
		s.Ports = all
		return s, nil
	})
}

// ReachablePorts returns the ports of a service that tests reach, "5432/tcp", in the order of the files.
func (m *Model) ReachablePorts(service string) (ports []string) {
	for _, p := range m.real.Services[service].Ports {
		ports = append(ports, fmt.Sprintf("%d/%s", p.Target, p.Protocol))
	}
	return ports
}
