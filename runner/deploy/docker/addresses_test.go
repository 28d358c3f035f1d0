package docker

import (
	"net/netip"
	"testing"

	"github.com/moby/moby/api/types/network"
)

func TestNetworksAreHalved(t *testing.T) {
	for _, c := range []struct{ subnet, lower, upper string }{
		{"172.18.0.0/16", "172.18.0.0/17", "172.18.128.0"},
		{"192.168.32.0/20", "192.168.32.0/21", "192.168.40.0"},
		{"10.1.2.0/24", "10.1.2.0/25", "10.1.2.128"},
		{"10.1.2.64/26", "10.1.2.64/27", "10.1.2.96"},
		{"10.0.0.0/8", "10.0.0.0/9", "10.128.0.0"},
		{"10.1.2.0/27", "", ""},
		{"fd00::/64", "", ""},
	} {
		before := []network.IPAMConfig{{Subnet: netip.MustParsePrefix(c.subnet)}}
		after, done := halve(before)
		if done != (c.lower != "") || before[0].IPRange.IsValid() {
			t.Errorf("%s: halved %v: %+v", c.subnet, done, before)
		}
		if done && (after[0].IPRange.String() != c.lower || upper(after[0].IPRange).String() != c.upper) {
			t.Errorf("%s: %v and %v, wanted %s and %s", c.subnet, after[0].IPRange, upper(after[0].IPRange),
				c.lower, c.upper)
		}
	}
}
