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
	Print bool `help:"Print the address and open nothing"`
}

// Help is what davit open --help says besides.
func (openCmd) Help() string {
	return `davit open ENV [SERVICE[:PORT]]: opens the address that a service publishes in a browser, and prints it. PORT is that of the container, as in
the Compose file. The browser is the one of the variable BROWSER, or of the desktop; without a terminal the address is only printed.`
}

// Run opens what an environment publishes. With --json it prints an array of deploy.Address and opens nothing.
func (cmd *openCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "open", cmd.environmentArgs, runOptions{}, func(e *deploy.Environments) error {
		name, rest, err := cmd.parts(1)
		if err != nil {
			return err
		}
		service, port, _ := strings.Cut(strings.Join(rest, ""), ":")
		all, err := e.Addresses(ctx, name, service)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(a deploy.Address) bool { return port != "" && !strings.HasPrefix(a.Port+"/", port+"/") })
		if c.options.JSON {
			return c.printJSON(append([]deploy.Address{}, all...))
		}
		return cmd.open(c, name, service, all)
	})
}

// open opens the only address that a browser could open.
func (cmd *openCmd) open(c *call, environment, service string, all []deploy.Address) error {
	web := slices.DeleteFunc(slices.Clone(all), func(a deploy.Address) bool { return a.URL == "" })
	switch {
	case len(web) == 0:
		what := environment
		if service != "" {
			what = service + " in " + environment
		}
		return &fault.Error{Reason: "nothing of " + what + " is published", Next: `ports: ["8080"] of a service in the Compose file publish one, and davit deploy ` + environment, Code: fault.FailedPrecondition}
	case len(web) > 1:
		c.Streams.Table(addressRows(web), nil)
		return &fault.Error{Reason: fmt.Sprintf("%s publishes %d addresses", environment, len(web)), Next: fmt.Sprintf("davit open %s %s:%s opens one", environment, web[0].Service, number(web[0].Port)), Code: fault.FailedPrecondition}
	}
	one := web[0]
	fmt.Fprintln(c.Streams.Out, one.URL)
	if one.Tunnel != "" {
		c.Streams.Warning("only the machine of the engine reaches that address", one.Tunnel+" brings it here")
		return nil
	}
	return cmd.browse(c, one.URL)
}

func (cmd *openCmd) browse(c *call, url string) error {
	if cmd.Print || !c.Streams.OutTerminal() {
		return nil
	}
	if err := c.Streams.Browse(url); err != nil && !errors.Is(err, ui.ErrNoBrowser) {
		c.Streams.Warning(fmt.Sprintf("no browser could be opened: %v", err), "the variable BROWSER names one")
	}
	return nil
}

func addressRows(all []deploy.Address) (rows [][]string) {
	for _, a := range all {
		rows = append(rows, []string{a.Service + ":" + number(a.Port), a.URL})
	}
	return rows
}

// number of a port: "8080" of "8080/tcp".
func number(port string) string {
	n, _, _ := strings.Cut(port, "/")
	return n
}
