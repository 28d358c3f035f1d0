package compose

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// A rule finds something in a service that davit does not do, and that is refused or has no effect.
type rule struct {
	path string
	test func(types.ServiceConfig) bool
	// reason says why the key is refused or has no effect. hint is the remedy for one that is refused.
	reason, hint string
}

// refused lists the keys without which a service would be something else than the file means.
var refused = []rule{
	{
		"provider", func(s types.ServiceConfig) bool { return s.Provider != nil },
		"a provider is a program on this machine, and davit runs none", "deploy the service from an image",
	},
	{
		"models", func(s types.ServiceConfig) bool { return len(s.Models) > 0 },
		"models need a program on this machine, and davit runs none",
		"deploy the model as a service of its own",
	},
	{
		"use_api_socket", func(s types.ServiceConfig) bool { return s.UseAPISocket },
		"it would get the engine's socket and the credentials of this machine",
		"mount what it needs by name, in volumes",
	},
	{
		"volumes", hasDrive, "a volume with a name of one letter is taken for a drive",
		"give the volume a longer name, or write it with type, source and target",
	},
	{
		"build.dockerfile_inline", built(func(b *types.BuildConfig) bool { return b.DockerfileInline != "" }),
		"Dockerfiles are read from files only", "write it to a file and name that in build.dockerfile",
	},
	{
		"build.secrets", built(func(b *types.BuildConfig) bool { return len(b.Secrets) > 0 }),
		"secrets for a build are those of the target",
		"make the image with davit package, and name secrets in project.toml",
	},
	{
		"build.ssh", built(func(b *types.BuildConfig) bool { return len(b.SSH) > 0 }),
		"builds have no ssh agent", "copy what it fetches into the context before, with a target",
	},
	{
		"build.privileged",
		built(func(b *types.BuildConfig) bool { return b.Privileged || len(b.Entitlements) > 0 }),
		"builds have no privileges", "leave it out",
	},
	{
		"pre_start", func(s types.ServiceConfig) bool { return len(s.PreStart) > 0 },
		"what runs before a start is a job of its own, and its image is not known",
		"make it a service that this one needs: depends_on with service_completed_successfully",
	},
	{"healthcheck.start_interval", func(s types.ServiceConfig) bool {
		h := s.HealthCheck
		return h != nil && h.StartInterval != nil && h.StartPeriod == nil
	}, "it counts within a start_period, and there is none", "add start_period"},
	{
		"volumes", func(s types.ServiceConfig) bool { return mounts(s, types.VolumeTypeCluster) },
		"only a swarm has volumes of type cluster", "use a named volume",
	},
	{
		"ports", hasFixedPortReplicas, "it has several replicas and a fixed port",
		"leave the port to the engine, or give a range of ports",
	},
	{
		"ports", hasShortPortRange, "it has more replicas than its range of ports has numbers",
		"give a range with a number for each replica, or leave the port to the engine",
	},
}

func built(test func(*types.BuildConfig) bool) func(types.ServiceConfig) bool {
	return func(s types.ServiceConfig) bool { return s.Build != nil && test(s.Build) }
}

func deployed(test func(*types.DeployConfig) bool) func(types.ServiceConfig) bool {
	return func(s types.ServiceConfig) bool { return s.Deploy != nil && test(s.Deploy) }
}

// mounts reports whether a service has a mount of a type.
func mounts(s types.ServiceConfig, kind string) bool {
	return slices.ContainsFunc(s.Volumes, func(v types.ServiceVolumeConfig) bool { return v.Type == kind })
}

var driveLetter = regexp.MustCompile(`^[a-zA-Z]:`)

// hasDrive reports whether compose-go takes a mount for a path of Windows, "d:/data". The engine would refuse
// it only when everything else is done.
func hasDrive(s types.ServiceConfig) bool {
	return slices.ContainsFunc(s.Volumes, func(v types.ServiceVolumeConfig) bool {
		return driveLetter.MatchString(v.Source) || driveLetter.MatchString(v.Target)
	})
}

func hasFixedPortReplicas(s types.ServiceConfig) bool {
	return s.GetScale() > 1 && slices.ContainsFunc(s.Ports,
		func(p types.ServicePortConfig) bool {
			return p.Published != "" &&
				!strings.Contains(p.Published, "-")
		})
}

// hasShortPortRange reports whether a replica would find no port of a range.
func hasShortPortRange(s types.ServiceConfig) bool {
	return slices.ContainsFunc(s.Ports, func(p types.ServicePortConfig) bool {
		from, to, is := strings.Cut(p.Published, "-")
		first, errFirst := strconv.Atoi(from)
		last, errLast := strconv.Atoi(to)
		return is && errFirst == nil && errLast == nil && s.GetScale() > last-first+1
	})
}

// refuse returns an error about the first thing in the files that cannot be done.
func (s *source) refuse(p *types.Project) error {
	for _, name := range p.ServiceNames() {
		for _, r := range refused {
			if r.test(p.Services[name]) {
				return s.errorAt("services."+name+"."+r.path, r.reason, r.hint)
			}
		}
		if err := s.refuseReadOnly(name, p); err != nil {
			return err
		}
	}
	for _, name := range sorted(p.Configs) {
		if err := s.refuseSwarmOnly("configs."+name, types.FileObjectConfig(p.Configs[name])); err != nil {
			return err
		}
	}
	for _, name := range sorted(p.Secrets) {
		if err := s.refuseSwarmOnly("secrets."+name, types.FileObjectConfig(p.Secrets[name])); err != nil {
			return err
		}
	}
	return s.refusePortConflicts(p)
}

// refuseSwarmOnly refuses configs and secrets that only a swarm has.
func (s *source) refuseSwarmOnly(path string, f types.FileObjectConfig) error {
	switch {
	case bool(f.External):
		return s.errorAt(
			path+".external", "an engine without a swarm has no configs and secrets of its own",
			"say file or environment instead of external")
	case f.Driver != "":
		return s.errorAt(path+".driver", "only a swarm has drivers for it", "say file or environment instead")
	case f.TemplateDriver != "":
		return s.errorAt(
			path+".template_driver", "only a swarm has templates",
			"write the content with variables: ${NAME}")
	}
	return nil
}

// refuseReadOnly refuses configs and secrets that are no files on the engine's machine in a read-only
// container: nothing can be copied there, so they have to be mounted.
func (s *source) refuseReadOnly(name string, p *types.Project) error {
	service := p.Services[name]
	if !service.ReadOnly {
		return nil
	}
	for _, c := range service.Configs {
		if p.Configs[c.Source].File == "" || s.engineIsRemote() {
			return s.errorAt(
				"services."+name+".configs",
				fmt.Sprintf(
					"the container is read-only, so config %q has to be a file on the machine of the engine",
					c.Source),
				"leave out read_only, or name a file in the config")
		}
	}
	for _, c := range service.Secrets {
		if p.Secrets[c.Source].File == "" || s.engineIsRemote() {
			return s.errorAt(
				"services."+name+".secrets",
				fmt.Sprintf(
					"the container is read-only, so secret %q has to be a file on the machine of the engine",
					c.Source),
				"leave out read_only, or name a file in the secret")
		}
	}
	return nil
}

// refusePortConflicts refuses two services with one port.
func (s *source) refusePortConflicts(p *types.Project) error {
	owners := map[string]string{}
	for _, name := range p.ServiceNames() {
		for _, port := range p.Services[name].Ports {
			if port.Published == "" || strings.Contains(port.Published, "-") {
				continue
			}
			at := release.PublishedAt(port.HostIP, port.Published) + "/" + port.Protocol
			if owner, has := owners[at]; has && owner != name {
				return s.errorAt(
					"services."+name+".ports",
					fmt.Sprintf("port %s is that of service %q already", at, owner),
					"give one of them another port")
			}
			owners[at] = name
		}
	}
	return nil
}
