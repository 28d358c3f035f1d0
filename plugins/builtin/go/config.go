package main

import (
	"fmt"
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// config is what a project may say under [plugins.go] config.
type config struct {
	// Main is the folder of the main package that "run" starts and that "package" puts into an image: "./cmd/shop".
	Main string `json:"main"`
	// Tags are build tags that every command gets.
	Tags []string `json:"tags"`
	// Image is the container image that has Go.
	Image string `json:"image"`
	// Modules are the folders of the modules to work on, in place of the ones that the plugin would choose.
	Modules []string `json:"modules"`
	// Base is the image that the program is put on, Ports are those that it listens on.
	Base  string    `json:"base"`
	Ports sdk.Ports `json:"ports"`
	// Healthcheck is the command in the image that tells whether the program is well.
	Healthcheck []string `json:"healthcheck"`
}

func configure(p *sdk.Project) (*config, error) {
	c := &config{}
	if err := p.Configure("go", c); err != nil {
		return nil, err
	}
	for _, tag := range c.Tags {
		if tag == "" || strings.ContainsAny(tag, ", \t\n'\"$") {
			return nil, fmt.Errorf("[plugins.go] config: %q in \"tags\" is not a build tag", tag)
		}
	}
	if err := c.Ports.Check("go"); err != nil {
		return nil, err
	}
	if c.Main != "" {
		c.Main = path.Clean(c.Main)
	}
	for i, dir := range c.Modules {
		c.Modules[i] = path.Clean(dir)
	}
	return c, nil
}

// flags are the flags that build tags need.
func (c *config) flags(more ...string) []string {
	tags := append(append([]string{}, c.Tags...), more...)
	if len(tags) == 0 {
		return nil
	}
	return []string{"-tags", strings.Join(tags, ",")}
}

// shellFlags are the same flags for a script, with a space before each.
func (c *config) shellFlags() string {
	if len(c.Tags) == 0 {
		return ""
	}
	return " " + strings.Join(c.flags(), " ")
}
