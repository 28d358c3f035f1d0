package python

import (
	"fmt"
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// A config is the table "config" of [plugins.python].
type config struct {
	// Image is the container image that steps run in.
	Image string `json:"image"`
	// Main is the program of the image: a module, "shop.cli", or a file relative to the root, "api/main.py".
	Main string `json:"main"`
	// Base is the base image of the program's image. Ports are those that the program listens on.
	Base  string    `json:"base"`
	Ports sdk.Ports `json:"ports"`
	// Healthcheck is the command in the image that reports whether the program is healthy.
	Healthcheck []string `json:"healthcheck"`
}

func configure(p *sdk.Project) (*config, error) {
	c := &config{}
	if err := p.Configure("python", c); err != nil {
		return nil, err
	}
	if c.Main != "" && (path.Clean(c.Main) != c.Main || path.IsAbs(c.Main) ||
		strings.HasPrefix(c.Main, ".") || strings.ContainsAny(c.Main, `\ :`)) {
		return nil, fmt.Errorf(
			"[plugins.python] config: main is %q, wanted a module, as \"shop.cli\", or a file, as \"api/main.py\"",
			c.Main)
	}
	if err := c.Ports.Check("python"); err != nil {
		return nil, err
	}
	return c, nil
}
