package main

import (
	"os/exec"
	"strings"
)

// gateway returns the address of this machine that containers reach.
func gateway() string {
	out, _ := exec.Command("docker", "network", "inspect", "bridge", "-f",
		"{{(index .IPAM.Config 0).Gateway}}").Output()
	if address := strings.TrimSpace(string(out)); address != "" {
		return address
	}
	return "127.0.0.1"
}
