package main

import (
	"fmt"
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// config is what a project may say under [plugins.python] config.
type config struct {
	// Image is the container image that has Python.
	Image string `json:"image"`
	// Main is the program of the image that is packaged: a module, "shop.cli", or a file relative to the root, "api/main.py".
	Main string `json:"main"`
	// Base is the image that it is put on, Ports are those that it listens on.
	Base  string    `json:"base"`
	Ports sdk.Ports `json:"ports"`
	// Healthcheck is the command in the image that tells whether the program is well.
	Healthcheck []string `json:"healthcheck"`
}

func configure(p *sdk.Project) (*config, error) {
	c := &config{}
	if err := p.Configure("python", c); err != nil {
		return nil, err
	}
	if c.Main != "" && (path.Clean(c.Main) != c.Main || path.IsAbs(c.Main) || strings.HasPrefix(c.Main, ".") || strings.ContainsAny(c.Main, `\ :`)) {
		return nil, fmt.Errorf("[plugins.python] config: main is %q, wanted a module, as \"shop.cli\", or a file, as \"api/main.py\"", c.Main)
	}
	if err := c.Ports.Check("python"); err != nil {
		return nil, err
	}
	return c, nil
}
