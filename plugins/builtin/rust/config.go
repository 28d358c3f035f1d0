package rust

import (
	"fmt"
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// A config is the table "config" of [plugins.rust].
type config struct {
	// Bin is the program that "run" starts and that "package" puts into an image.
	Bin string `json:"bin"`
	// Features are the features for every command. AllFeatures enables all of them, and NoDefaultFeatures disables
	// those that Cargo enables by itself. Without any of the three, the pipeline of the project decides.
	Features          []string `json:"features"`
	AllFeatures       bool     `json:"all-features"`
	NoDefaultFeatures bool     `json:"no-default-features"`
	// Workspace says whether every command covers all packages of a workspace, or only those that Cargo covers by
	// itself.
	Workspace *bool `json:"workspace"`
	// Clippy says whether "style" runs clippy.
	Clippy *bool `json:"clippy"`
	// Nextest runs the tests with cargo-nextest.
	Nextest bool `json:"nextest"`
	// Crates are the folders to run Cargo in, instead of those that the plugin would choose.
	Crates []string `json:"crates"`
	// Image is the container image that steps run in.
	Image string `json:"image"`
	// Base is the base image of the program's image. Ports are those that the program listens on.
	Base  string    `json:"base"`
	Ports sdk.Ports `json:"ports"`
	// Healthcheck is the command in the image that reports whether the program is healthy.
	Healthcheck []string `json:"healthcheck"`
}

func configure(p *sdk.Project) (*config, error) {
	c := &config{}
	if err := p.Configure("rust", c); err != nil {
		return nil, err
	}
	for _, f := range c.Features {
		if f == "" || strings.HasPrefix(f, "-") {
			return nil, fmt.Errorf("[plugins.rust] config: %q in \"features\" is not a feature", f)
		}
	}
	if err := c.Ports.Check("rust"); err != nil {
		return nil, err
	}
	for i, dir := range c.Crates {
		c.Crates[i] = path.Clean(dir)
		if !p.Exists(path.Join(c.Crates[i], "Cargo.toml")) {
			return nil, fmt.Errorf("[plugins.rust] config: there is no %q, of \"crates\"",
				path.Join(dir, "Cargo.toml"))
		}
	}
	return c, nil
}

// choosesFeatures reports whether the configuration chooses the features.
func (c *config) choosesFeatures() bool {
	return c.AllFeatures || c.NoDefaultFeatures || len(c.Features) > 0
}
