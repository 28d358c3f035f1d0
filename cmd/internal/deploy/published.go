package deploy

import (
	"context"
	"maps"
	"net"
	"slices"
	"strings"

	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Address is where a service is published.
type Address struct {
	Service string `json:"service"`
	Port    string `json:"port"` // of the container: "8080/tcp"
	// At is the address, and URL what a browser opens; it is absent for what is no TCP.
	At  string `json:"at"`
	URL string `json:"url,omitempty"`
	// Tunnel is a command that brings an address here which only the machine of the engine can reach.
	Tunnel string `json:"tunnel,omitempty"`
}

// Addresses are those of a service of an environment, or of all; of a port that several containers publish
// the first one's.
func (e *Environments) Addresses(
	ctx context.Context, environment, service string,
) (all []Address, err error) {
	err = e.withSession(ctx, environment, func(s *session) error {
		live, err := s.observe(ctx, deploy.ObserveOptions{})
		if err != nil {
			return err
		}
		if _, is := live.Containers[service]; !is && service != "" {
			return usage("davit status "+environment+" shows what there is",
				"%s has no container of service %q", environment, service)
		}
		all = publications(live, service, s.backend.Host())
		return nil
	})
	return all, err
}

func publications(live release.Observed, service, host string) (all []Address) {
	for _, name := range slices.Sorted(maps.Keys(live.Containers)) {
		seen := map[string]bool{}
		for _, c := range live.Containers[name] {
			for _, port := range slices.Sorted(maps.Keys(c.Ports)) {
				if !seen[port] && (service == "" || service == name) {
					seen[port] = true
					all = append(all, publication(name, port, c.Ports[port], host))
				}
			}
		}
	}
	return all
}

func publication(service, port, at, host string) Address {
	a := Address{Service: service, Port: port, At: reachable(at, host)}
	number, protocol, _ := strings.Cut(port, "/")
	if protocol == "udp" || protocol == "sctp" {
		return a
	}
	a.URL = "http://" + a.At
	if number == "443" || number == "8443" {
		a.URL = "https://" + a.At
	}
	if near, p, err := net.SplitHostPort(a.At); err == nil && host != "" && net.ParseIP(near).IsLoopback() {
		a.Tunnel = "ssh -N -L " + p + ":" + a.At + " " + host
	}
	return a
}
