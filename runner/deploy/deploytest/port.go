package deploytest

import (
	"fmt"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
)

// A binding is a port of a container that is published, or a port of the machine that a program has.
type binding struct {
	private  string // "80/tcp"
	protocol string
	host     string
	port     int
}

// everywhere is the address of all networks of the machine.
const everywhere = "0.0.0.0"

func (b binding) clashes(o binding) bool {
	return b.port == o.port && b.protocol == o.protocol &&
		(b.host == o.host || b.host == everywhere || o.host == everywhere)
}

func (b binding) String() string { return net.JoinHostPort(b.host, strconv.Itoa(b.port)) }

// splitPort returns the address and the port of "127.0.0.1:8080"; the port is 0 for one that is not fixed.
func splitPort(text string) (host string, port int) {
	host, number := everywhere, text
	if i := strings.LastIndex(text, ":"); i >= 0 {
		host, number = strings.Trim(text[:i], "[]"), text[i+1:]
	}
	if host == "::" {
		host = everywhere
	}
	port, _ = strconv.Atoi(number) // "any" and a range are none
	return host, port
}

// published returns the ports that fields publish. Those that the engine chooses are 0.
func published(fields map[string]string) (all []binding) {
	for _, path := range slices.Sorted(maps.Keys(fields)) {
		private, is := strings.CutPrefix(path, "ports.")
		if !is {
			continue
		}
		_, protocol, _ := strings.Cut(private, "/")
		for _, one := range strings.Split(fields[path], ",") {
			host, port := splitPort(one)
			all = append(all, binding{private, protocol, host, port})
		}
	}
	return all
}

// bind publishes the ports of a container that starts.
func (e *Engine) bind(c *container) error {
	c.bindings = nil
	ports := map[string]int{}
	defer func() { c.ports = ports }()
	for _, b := range published(c.fields) {
		if b.port == 0 {
			b.port = e.choosePort(b, c)
		}
		if owner := e.holder(b, c); owner != "" {
			c.bindings = nil
			return fmt.Errorf("container %q cannot be started: port %s is already allocated", c.name, b)
		}
		c.bindings = append(c.bindings, b)
		ports[b.private] = b.port
	}
	return nil
}

// choosePort returns the port of the container that one replaces, or else a new one.
func (e *Engine) choosePort(b binding, c *container) int {
	b.port = c.ports[b.private]
	if b.port == 0 || e.holder(b, c) != "" {
		e.lastPort++
		b.port = e.lastPort
	}
	return b.port
}

// holder returns who has a port, but for one container; empty for nobody.
func (e *Engine) holder(b binding, but *container) string {
	for _, c := range e.containers {
		if c != but && slices.ContainsFunc(c.bindings, b.clashes) {
			return c.owner()
		}
	}
	if slices.ContainsFunc(e.programs, b.clashes) {
		return "a program on this machine"
	}
	return ""
}

// owner returns whose a container is, as its owner would know it.
func (c *container) owner() string {
	if c.project != "" {
		return fmt.Sprintf("project %q", c.project)
	}
	return fmt.Sprintf("container %q", c.name)
}
