package deploy

import (
	"cmp"
	"maps"
	"net"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/runner/deploy/release"
)

var notInVariable = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[^A-Z0-9]+`) })

// variable is a name as variables are written.
func variable(name string) string {
	return notInVariable().ReplaceAllString(strings.ToUpper(name), "_")
}

// addresses are the published ports of the first container of each service, as variables:
// DAVIT_WEB_8080=127.0.0.1:32768. The host is the machine that the engine is on, empty for this one.
func addresses(live release.Observed, host string) (env []string) {
	for _, service := range slices.Sorted(maps.Keys(live.Containers)) {
		if len(live.Containers[service]) == 0 {
			continue
		}
		ports := live.Containers[service][0].Ports
		for _, port := range slices.Sorted(maps.Keys(ports)) {
			number, _, _ := strings.Cut(port, "/")
			env = append(env, "DAVIT_"+variable(service)+"_"+number+"="+reachable(ports[port], host))
		}
	}
	return env
}

// reachable is an address as a client on this machine uses it.
func reachable(address, host string) string {
	for _, any := range []string{"0.0.0.0:", "[::]:", ":::"} {
		if rest, ok := strings.CutPrefix(address, any); ok {
			return net.JoinHostPort(cmp.Or(host, "127.0.0.1"), rest)
		}
	}
	return address
}
