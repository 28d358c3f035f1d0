package release

import (
	"net"
	"net/netip"
	"strings"
)

// AnyPort is the port of the machine that the engine chooses.
const AnyPort = "any"

// IsChosenPort reports whether an engine chooses the port of the machine: any, or one of a range.
func IsChosenPort(port string) bool { return port == AnyPort || strings.Contains(port, "-") }

// chosenPorts returns the ports that containers of a service publish where the engine has chosen, for a model and what
// runs: "80/tcp".
func (s Service) chosenPorts(live Service) (all []string) {
	for _, path := range paths(s.Fields) {
		port, is := strings.CutPrefix(path, PortPrefix)
		text := s.Fields[path]
		if is && live.Fields[path] == text && IsChosenPort(text[strings.LastIndexByte(text, ':')+1:]) {
			all = append(all, port)
		}
	}
	return all
}

// PortPrefix begins the paths of published ports: "ports.80/tcp".
const PortPrefix = "ports."

// PublishedAt returns where a port is published, as fields have it: "8080", "127.0.0.1:8080", "[::1]:any". An
// empty address is every one of the machine.
func PublishedAt(address, port string) string {
	if port == "" || port == "0" {
		port = AnyPort
	}
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
