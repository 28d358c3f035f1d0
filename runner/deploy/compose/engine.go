package compose

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// sinceAPI lists the keys that engines know only from a version of their API on. An older one drops them
// silently, so a key without which the file would mean something else is refused.
var sinceAPI = []struct {
	since  string
	refuse bool
	rule
}{
	{
		"1.43", false,
		rule{path: "annotations", test: func(s types.ServiceConfig) bool { return len(s.Annotations) > 0 }},
	},
	{"1.44", false, rule{path: "healthcheck.start_interval", test: func(s types.ServiceConfig) bool {
		return s.HealthCheck != nil && s.HealthCheck.StartInterval != nil
	}}},
	{
		"1.44", false,
		rule{
			path: "volumes.bind.recursive",
			test: mounted(func(v types.ServiceVolumeConfig) bool {
				return v.Bind != nil &&
					v.Bind.Recursive != ""
			}),
		},
	},
	{
		"1.45", true,
		rule{
			path: "volumes",
			test: mounted(func(v types.ServiceVolumeConfig) bool {
				return v.Volume != nil &&
					v.Volume.Subpath != ""
			}),
			reason: "a subpath of a volume", hint: "mount the whole volume",
		},
	},
	{
		"1.48", true,
		rule{
			path:   "volumes",
			test:   func(s types.ServiceConfig) bool { return mounts(s, types.VolumeTypeImage) },
			reason: "a volume of type image", hint: "copy what is in it into the image of the service",
		},
	},
	{
		"1.48", false,
		rule{
			path: "networks.gw_priority",
			test: connected(func(n *types.ServiceNetworkConfig) bool { return n.GatewayPriority != 0 }),
		},
	},
	{
		"1.49", true,
		rule{
			path:   "networks",
			test:   connected(func(n *types.ServiceNetworkConfig) bool { return n.InterfaceName != "" }),
			reason: "an interface_name", hint: "leave it out",
		},
	},
}

func mounted(test func(types.ServiceVolumeConfig) bool) func(types.ServiceConfig) bool {
	return func(s types.ServiceConfig) bool {
		for _, v := range s.Volumes {
			if test(v) {
				return true
			}
		}
		return false
	}
}

func connected(test func(*types.ServiceNetworkConfig) bool) func(types.ServiceConfig) bool {
	return func(s types.ServiceConfig) bool {
		for _, n := range s.Networks {
			if n != nil && test(n) {
				return true
			}
		}
		return false
	}
}

// unsupportedBy returns rules for the keys that an engine of an API version does not know, each with a whole
// sentence for its reason.
func unsupportedBy(api string, refuse bool) (rules []rule) {
	for _, n := range sinceAPI {
		if n.refuse != refuse || !older(api, n.since) {
			continue
		}
		r := n.rule
		r.reason = fmt.Sprintf("engines know it from API %s on, and this one has %s", n.since, api)
		if refuse {
			r.reason = fmt.Sprintf(
				"engines know %s from API %s on, and this one has %s", n.reason, n.since, api)
		}
		rules = append(rules, r)
	}
	return rules
}

// older compares versions of an API. An unknown one is the newest.
func older(api, than string) bool {
	return api != "" && minor(api) < minor(than)
}

func minor(api string) int {
	_, text, _ := strings.Cut(api, ".")
	n, _ := strconv.Atoi(text)
	return n
}

// Fits returns an error about the first thing in the files that an engine of an API version would
// misunderstand.
func (m *Model) Fits(api string) error {
	for _, name := range m.Services() {
		for _, r := range unsupportedBy(api, true) {
			if r.test(m.real.Services[name]) {
				return m.source.errorAt("services."+name+"."+r.path, r.reason, r.hint)
			}
		}
	}
	return nil
}
