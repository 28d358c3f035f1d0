package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
)

type openCmd struct {
	environmentArgs
	Print bool `help:"Print the address without opening a browser"`
}

// Help returns the details for davit open --help.
func (openCmd) Help() string {
	return `davit open ENV [SERVICE[:PORT]] prints the address that a service publishes and opens it in a browser. PORT is
the port of the container, as in the Compose file. The variable BROWSER chooses the browser; the default is
that of the desktop. Without a terminal, davit only prints the address.`
}

// Run opens an address that an environment publishes. With --json it prints an array of deploy.Address and
// opens nothing.
func (cmd *openCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "open", cmd.environmentArgs, runOptions{},
		func(e *deploy.Environments) error {
			name, rest, err := cmd.parts("open", 1)
			if err != nil {
				return err
			}
			service, port, _ := strings.Cut(strings.Join(rest, ""), ":")
			all, err := e.Addresses(ctx, name, service)
			if err != nil {
				return err
			}
			if all, err = atPort(all, name, service, port); err != nil {
				return err
			}
			if c.options.JSON {
				return c.printJSON(addressesJSON{append([]deploy.Address{}, all...)})
			}
			return cmd.open(c, name, service, all)
		})
}

type addressesJSON struct {
	Addresses []deploy.Address `json:"addresses"`
}

// atPort returns the addresses at a port; all if it is "". It returns an error if only other
// ports are published.
func atPort(all []deploy.Address, environment, service, port string) (at []deploy.Address, err error) {
	var ports []string
	for _, a := range all {
		if port == "" || port == portNumber(a.Port) || port == a.Port {
			at = append(at, a)
		}
		if !slices.Contains(ports, portNumber(a.Port)) {
			ports = append(ports, portNumber(a.Port))
		}
	}
	if len(at) > 0 || len(all) == 0 {
		return at, nil
	}
	hint := fmt.Sprintf("davit open %s %s:%s", environment, all[0].Service, portNumber(all[0].Port))
	return nil, fault.Preconditionf(hint, "%s does not publish port %s, only %s", subject(environment, service),
		port, strings.Join(ports, ", "))
}

// subject returns the words for a service of an environment, or for all of it.
func subject(environment, service string) string {
	if service == "" {
		return environment
	}
	return fmt.Sprintf("service %q of %s", service, environment)
}

// open opens the only address that a browser can open.
func (cmd *openCmd) open(c *call, environment, service string, all []deploy.Address) error {
	web := slices.DeleteFunc(slices.Clone(all), func(a deploy.Address) bool { return a.URL == "" })
	switch {
	case len(web) == 0:
		return fault.Preconditionf(
			`add ports: ["8080"] to a service in the Compose file, then run davit deploy `+environment,
			"%s publishes no address", subject(environment, service))
	case len(web) > 1:
		c.Streams.Table(addressRows(web), nil)
		hint := fmt.Sprintf("davit open %s %s:%s opens one", environment, web[0].Service,
			portNumber(web[0].Port))
		return fault.Preconditionf(hint, "%s publishes %d addresses", environment, len(web))
	}
	one := web[0]
	c.Streams.Printf("%s\n", one.URL)
	if one.Tunnel != "" {
		c.Streams.Warning("this address can be reached only from the machine of the engine",
			one.Tunnel+" forwards it to this machine")
		return nil
	}
	return cmd.browse(c, one.URL)
}

// browse opens a URL in a browser, if there is a terminal and a browser.
func (cmd *openCmd) browse(c *call, url string) error {
	if cmd.Print || !c.Streams.OutTerminal() {
		return nil
	}
	if err := c.Streams.Browse(url); err != nil && !errors.Is(err, ui.ErrNoBrowser) {
		c.Streams.Warning(fmt.Sprintf("cannot open a browser: %v", err),
			"set the variable BROWSER to the command of one")
	}
	return nil
}

// addressRows returns a row for each address.
func addressRows(all []deploy.Address) (rows [][]string) {
	for _, a := range all {
		rows = append(rows, []string{a.Service + ":" + portNumber(a.Port), a.URL})
	}
	return rows
}

// portNumber returns the number of a port: "8080" for "8080/tcp".
func portNumber(port string) string {
	n, _, _ := strings.Cut(port, "/")
	return n
}
