package enginetest

import (
	"net"
	"net/netip"
	"testing"
)

// PublishedPort returns an address of this machine at which nobody listens, for a container that gets many requests. The
// kernel sends those to the address of the engine's bridge to the container itself; those to 127.0.0.1 a process of the
// engine copies, which takes more of the processor than the requests do.
func PublishedPort(t testing.TB) string {
	t.Helper()
	return freePort(t, Bridge())
}

// Bridge returns the address of the engine's bridge, or 127.0.0.1 where this machine has none.
func Bridge() string {
	if i, err := net.InterfaceByName("docker0"); err == nil {
		all, _ := i.Addrs() // without any there is none to take
		for _, a := range all {
			if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Is4() {
				return p.Addr().String()
			}
		}
	}
	return "127.0.0.1"
}
