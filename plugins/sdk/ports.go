package sdk

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
)

// Nobody is a user that is not root, as a number: of a name, an orchestrator cannot tell that it is not root.
const Nobody = "65532:65532"

// Static is the image for a program that depends on no library: certificates, time zones, and Nobody as its user.
const Static = "gcr.io/distroless/static-debian12:nonroot"

// Ports are those that a program listens on, as numbers: [8080].
type Ports []int

// Check refuses what is no port, for the configuration of a plugin.
func (p Ports) Check(plugin string) error {
	for _, port := range p {
		if port < 1 || port > 65535 {
			return fmt.Errorf("[plugins.%s] config: %d in \"ports\" is not a port", plugin, port)
		}
	}
	return nil
}

// Expose lists them as an image does: "8080/tcp".
func (p Ports) Expose() (expose []string) {
	for _, port := range p {
		expose = append(expose, strconv.Itoa(port)+"/tcp")
	}
	return expose
}

// PortsIn are the ports that the text of a program says it listens on: the first group of each match.
func PortsIn(text string, listening *regexp.Regexp) (ports Ports) {
	for _, found := range listening.FindAllStringSubmatch(text, -1) {
		if port, err := strconv.Atoi(found[1]); err == nil && port < 1<<16 && !slices.Contains(ports, port) {
			ports = append(ports, port)
		}
	}
	return ports
}
