package golang

import (
	"fmt"
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// A config is the table "config" of [plugins.go].
type config struct {
	// Main is the folder of the main package that "run" starts and that "package" puts into an image:
	// "./cmd/shop".
	Main string `json:"main"`
	// Tags are build tags for every command; without any, those that every test of the pipelines has.
	Tags []string `json:"tags"`
	// Race says whether tests run with the race detector; without it, the pipelines decide.
	Race *bool `json:"race"`
	// Vet says whether "style" runs go vet.
	Vet *bool `json:"vet"`
	// Image is the container image that steps run in.
	Image string `json:"image"`
	// Modules are the folders of the modules to plan, instead of those that the plugin would choose.
	Modules []string `json:"modules"`
	// Base is the base image of the program's image. Ports are those that the program listens on.
	Base  string    `json:"base"`
	Ports sdk.Ports `json:"ports"`
	// Healthcheck is the command in the image that reports whether the program is healthy.
	Healthcheck []string `json:"healthcheck"`
}

func configure(p *sdk.Project) (*config, error) {
	c := &config{}
	if err := p.Configure("go", c); err != nil {
		return nil, err
	}
	for _, tag := range c.Tags {
		if !validTag(tag) {
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

// validTag reports whether a text can be a build tag, and a word of a shell.
func validTag(tag string) bool { return tag != "" && !strings.ContainsAny(tag, ", \t\n'\"$") }

// flags returns the flags for the build tags, and for more tags.
func (c *config) flags(more ...string) []string {
	tags := append(append([]string{}, c.Tags...), more...)
	if len(tags) == 0 {
		return nil
	}
	return []string{"-tags", strings.Join(tags, ",")}
}

// shellFlags returns the same flags for a script, with a space before each.
func (c *config) shellFlags() string {
	if len(c.Tags) == 0 {
		return ""
	}
	return " " + strings.Join(c.flags(), " ")
}
