package docker

import (
	"net/netip"
	"testing"

	"github.com/moby/moby/api/types/network"
)

// The Compose side of the same addresses is TestPortsAreWrittenOneWay of compose.
func TestPublishedPortsHaveBracketsAroundIPv6(t *testing.T) {
	t.Parallel()
	for want, b := range map[string]network.PortBinding{
		"8080":             {HostPort: "8080"},
		"any":              {HostPort: "0"},
		"127.0.0.1:any":    {HostIP: netip.MustParseAddr("127.0.0.1")},
		"[::1]:8080":       {HostIP: netip.MustParseAddr("::1"), HostPort: "8080"},
		"[fe80::1%eth0]:1": {HostIP: netip.MustParseAddr("fe80::1%eth0"), HostPort: "1"},
	} {
		got := publishedAt(b)
		if got != want {
			t.Errorf("%+v is %q, want %q", b, got, want)
		}
		if p, fixed := parsePort(got); fixed && p.at != b.HostIP {
			t.Errorf("%q is read as %v", got, p.at)
		}
	}
}
