package sdk

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
)

// Ports are the numbers of the ports that a program listens on: [8080].
type Ports []int

// Check returns an error that names [plugins.NAME] if one of the numbers is not a port. It is for the
// configuration of a plugin.
func (p Ports) Check(plugin string) error {
	for _, port := range p {
		if port < 1 || port > 65535 {
			return fmt.Errorf("[plugins.%s] config: %d in \"ports\" is not a port", plugin, port)
		}
	}
	return nil
}

// Expose returns the ports in the form that an image declares them in: "8080/tcp".
func (p Ports) Expose() (expose []string) {
	for _, port := range p {
		expose = append(expose, strconv.Itoa(port)+"/tcp")
	}
	return expose
}

// PortsIn returns the ports that a program listens on according to its text: the first group of each match.
func PortsIn(text string, listening *regexp.Regexp) (ports Ports) {
	for _, found := range listening.FindAllStringSubmatch(text, -1) {
		if port, err := strconv.Atoi(found[1]); err == nil && port < 1<<16 && !slices.Contains(ports, port) {
			ports = append(ports, port)
		}
	}
	return ports
}
