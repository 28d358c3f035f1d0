package main

import (
	"net"
	"os/exec"
	"strings"

	"github.com/davit-dev/davit/internal/enginetest"
)

// gateway returns the address of this machine that containers reach. An engine that has just made its network "bridge"
// does not name it, but the interface has it.
func gateway() string {
	out, _ := exec.Command("docker", "network", "inspect", "bridge", "-f",
		"{{(index .IPAM.Config 0).Gateway}}").Output()
	if address := strings.TrimSpace(string(out)); net.ParseIP(address) != nil {
		return address
	}
	return enginetest.Bridge()
}
