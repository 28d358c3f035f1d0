package docker

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"syscall"

	"github.com/moby/moby/api/types/container"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// A port is a fixed port of the engine's machine that a service needs.
type port struct {
	// field and text are the path and the value in the model.
	field, text, protocol string
	at                    netip.Addr // the zero value is every address
	first, last           uint16
}

// fixedPorts returns the ports that the engine does not choose. Any of a range will do, so a range conflicts
// with nothing.
func fixedPorts(f release.Fields) (all []port) {
	for path, text := range f {
		of, ok := strings.CutPrefix(path, "ports.")
		if !ok {
			continue
		}
		_, protocol, _ := strings.Cut(of, "/")
		for _, one := range strings.Split(text, ",") {
			if p, fixed := parsePort(one); fixed {
				p.field, p.protocol = path, protocol
				all = append(all, p)
			}
		}
	}
	return all
}

func parsePort(text string) (port, bool) {
	number, host := text, ""
	if i := strings.LastIndex(text, ":"); i >= 0 {
		host, number = text[:i], text[i+1:]
	}
	n, err := strconv.ParseUint(number, 10, 16)
	if err != nil || n == 0 {
		return port{}, false
	}
	at, _ := netip.ParseAddr(strings.Trim(host, "[]"))
	return port{text: text, at: at, first: uint16(n), last: uint16(n)}, true
}

func (p port) conflictsWith(other container.PortSummary) bool {
	if other.PublicPort < p.first || other.PublicPort > p.last || other.Type != p.protocol {
		return false
	}
	return isWildcard(p.at) || isWildcard(other.IP) || p.at == other.IP
}

func isWildcard(a netip.Addr) bool { return !a.IsValid() || a.IsUnspecified() }

// inUse reports whether somebody has the port. An error for another reason, such as a port below 1024, says
// nothing.
func (p port) inUse(ctx context.Context) bool {
	at := p.at
	if !at.IsValid() {
		at = netip.IPv4Unspecified()
	}
	c, address := net.ListenConfig{}, net.JoinHostPort(at.String(), strconv.Itoa(int(p.first)))
	if p.protocol == "udp" {
		l, err := c.ListenPacket(ctx, "udp", address)
		if err == nil {
			l.Close()
		}
		return errors.Is(err, syscall.EADDRINUSE)
	}
	l, err := c.Listen(ctx, "tcp", address)
	if err == nil {
		l.Close()
	}
	return errors.Is(err, syscall.EADDRINUSE)
}
