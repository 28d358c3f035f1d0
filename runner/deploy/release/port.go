package release

import (
	"cmp"
	"net"
	"net/netip"
	"strings"
)

// AnyPort is the port of the machine that the engine chooses.
const AnyPort = "any"

// PortPrefix begins the paths of published ports: "ports.80/tcp".
const PortPrefix = "ports."

// PublishedAt returns where a port is published, as fields have it: "8080", "127.0.0.1:8080", "[::1]:any". An
// empty address is every one of the machine.
func PublishedAt(address, port string) string {
	port = cmp.Or(port, AnyPort)
	if address == "" {
		return port
	}
	if a, err := netip.ParseAddr(strings.Trim(address, "[]")); err == nil {
		address = a.String()
	}
	return net.JoinHostPort(address, port)
}

// bracketed returns the published ports of format 1, whose addresses of IPv6 had no brackets.
func bracketed(ports string) string {
	all := strings.Split(ports, ",")
	for i, text := range all {
		if at := strings.LastIndex(text, ":"); at >= 0 {
			all[i] = PublishedAt(text[:at], text[at+1:])
		}
	}
	return strings.Join(all, ",")
}
