package compose

import (
	"fmt"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// ignored lists the keys that have no effect here, and without which the rest of the file means the same.
var ignored = []rule{
	{
		path:   "deploy.mode",
		test:   deployed(func(d *types.DeployConfig) bool { return d.Mode != "" && d.Mode != "replicated" }),
		reason: "there is one engine, and the service has as many containers as its replicas",
	},
	{path: "deploy.placement", test: deployed(func(d *types.DeployConfig) bool {
		return len(d.Placement.Constraints)+len(d.Placement.Preferences) > 0 || d.Placement.MaxReplicas > 0
	}), reason: "there is one engine"},
	{
		path:   "deploy.endpoint_mode",
		test:   deployed(func(d *types.DeployConfig) bool { return d.EndpointMode != "" }),
		reason: "names lead to the containers themselves",
	},
	{
		path: "deploy.labels", test: deployed(func(d *types.DeployConfig) bool { return len(d.Labels) > 0 }),
		reason: "only a swarm has labels of services; labels sets those of containers",
	},
	{
		path:   "deploy.rollback_config",
		test:   deployed(func(d *types.DeployConfig) bool { return d.RollbackConfig != nil }),
		reason: "a deploy that fails returns to the earlier release",
	},
	{path: "deploy.update_config.max_failure_ratio", test: deployed(updates), reason: "only a rollout in which none fails is good"},
	{path: "deploy.restart_policy", test: deployed(func(d *types.DeployConfig) bool {
		return d.RestartPolicy != nil && (d.RestartPolicy.Delay != nil || d.RestartPolicy.Window != nil)
	}), reason: "only condition and max_attempts are used: the engine chooses the delay"},
	{path: "deploy.resources.reservations", test: deployed(func(d *types.DeployConfig) bool {
		r := d.Resources.Reservations
		return r != nil && (r.NanoCPUs != 0 || len(r.GenericResources) > 0)
	}), reason: "only memory and devices are used: there is one engine"},
	{
		path: "credential_spec", test: func(s types.ServiceConfig) bool { return s.CredentialSpec != nil },
		reason: "the engine is not told",
	},
	{
		path: "develop", test: func(s types.ServiceConfig) bool { return s.Develop != nil },
		reason: "a deploy does not watch files",
	},
	{
		path: "attach", test: func(s types.ServiceConfig) bool { return s.Attach != nil && !*s.Attach },
		reason: "a deploy shows no logs, and davit logs shows those that are asked for",
	},
	{
		path: "platform", test: func(s types.ServiceConfig) bool { return s.Platform != "" },
		reason: "images are built and pulled for the platform of the engine, which refuses to run another",
	},
	{
		path: "pull_policy", test: pulls,
		reason: "an image is pulled where the engine has none of its name, and is deployed by its digest",
	},
	{
		path: "pre_stop", test: func(s types.ServiceConfig) bool { return len(s.PreStop) > 0 },
		reason: "containers are stopped by their signal alone",
	},
	{
		path: "cpu_count, cpu_percent, isolation",
		test: func(s types.ServiceConfig) bool {
			return s.CPUCount != 0 || s.CPUPercent != 0 ||
				s.Isolation != ""
		},
		reason: "only engines on Windows have that",
	},
	{
		path:   "build.cache_from, build.cache_to",
		test:   built(func(b *types.BuildConfig) bool { return len(b.CacheFrom)+len(b.CacheTo) > 0 }),
		reason: "the builder keeps its cache itself",
	},
	{
		path: "build.no_cache, build.pull",
		test: built(func(b *types.BuildConfig) bool {
			return b.NoCache || b.Pull ||
				len(b.NoCacheFilter) > 0
		}),
		reason: "what has not changed is not built again",
	},
	{
		path: "build.labels", test: built(func(b *types.BuildConfig) bool { return len(b.Labels) > 0 }),
		reason: "labels of an image are those of its Dockerfile",
	},
	{
		path: "build.tags", test: built(func(b *types.BuildConfig) bool { return len(b.Tags) > 0 }),
		reason: "images are deployed by their digests",
	},
	{
		path: "build.platforms", test: built(func(b *types.BuildConfig) bool { return len(b.Platforms) > 0 }),
		reason: "images are built for the platform of the engine",
	},
	{
		path:   "build.provenance, build.sbom",
		test:   built(func(b *types.BuildConfig) bool { return b.Provenance != "" || b.SBOM != "" }),
		reason: "attestations would make each build another image",
	},
	{path: "build.network, build.extra_hosts, build.ulimits, build.shm_size, build.isolation",
		test: built(func(b *types.BuildConfig) bool {
			return b.Network != "" || len(b.ExtraHosts)+len(b.Ulimits) > 0 || b.ShmSize != 0 ||
				b.Isolation != ""
		}), reason: "the builder has its own"},
}

func updates(d *types.DeployConfig) bool {
	u := d.UpdateConfig
	return u != nil && u.MaxFailureRatio != 0
}

// pulls reports whether a policy differs from what happens anyway.
func pulls(s types.ServiceConfig) bool {
	switch s.PullPolicy {
	case "", types.PullPolicyMissing, types.PullPolicyIfNotPresent:
		return false
	case types.PullPolicyBuild:
		return s.Build == nil
	case types.PullPolicyAlways:
		return s.Build != nil
	}
	return true
}

// Ignored returns sentences about keys of the files that have no effect on an engine of an API version: each
// key once, for all services that have it.
func (m *Model) Ignored(api string) (all []string) {
	for _, r := range append(ignored, unsupportedBy(api, false)...) {
		var of []string
		for _, name := range m.Services() {
			if r.test(m.real.Services[name]) {
				of = append(of, name)
			}
		}
		if len(of) > 0 {
			all = append(all, fmt.Sprintf("%s of %s has no effect: %s", r.path, firstFew(of), r.reason))
		}
	}
	return append(all, m.unset...)
}

// firstFew returns the first of many names, and how many more there are.
func firstFew(names []string) string {
	const few = 4
	if len(names) <= few+1 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
}
