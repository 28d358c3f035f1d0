package main

import (
	"net"
	"net/netip"
	"os/exec"
	"strings"
)

// gateway returns the address of this machine that containers reach. An engine that has just made its network "bridge"
// does not name it, but the interface has it.
func gateway() string {
	out, _ := exec.Command("docker", "network", "inspect", "bridge", "-f",
		"{{(index .IPAM.Config 0).Gateway}}").Output()
	if address := strings.TrimSpace(string(out)); net.ParseIP(address) != nil {
		return address
	}
	if bridge, err := net.InterfaceByName("docker0"); err == nil {
		addresses, _ := bridge.Addrs() // without any there is none to take
		for _, a := range addresses {
			if prefix, err := netip.ParsePrefix(a.String()); err == nil && prefix.Addr().Is4() {
				return prefix.Addr().String()
			}
		}
	}
	return "127.0.0.1"
}
