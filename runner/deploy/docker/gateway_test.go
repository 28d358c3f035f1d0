package docker

import (
	"net/netip"
	"testing"

	"github.com/moby/moby/api/types/network"
)

// TestGateway: an engine that was started for the first time says no gateway of its bridge.
func TestGateway(t *testing.T) {
	subnet := netip.MustParsePrefix("172.17.0.0/16")
	for want, c := range map[string]network.IPAMConfig{
		"172.17.0.1": {Subnet: subnet},
		"172.17.0.9": {Subnet: subnet, Gateway: netip.MustParseAddr("172.17.0.9")},
		"10.1.0.1":   {Subnet: netip.MustParsePrefix("10.1.0.77/24")},
		"invalid IP": {},
	} {
		if got := gateway(c).String(); got != want {
			t.Errorf("%v: got %s, wanted %s", c, got, want)
		}
	}
}
