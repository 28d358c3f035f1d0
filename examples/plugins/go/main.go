// Command gleam is a plugin for Gleam packages.
package main

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

func main() { sdk.Main(read) }

// read returns the plan of a package, or nil for a project of another stack.
func read(p *sdk.Project) (*plan.Plan, error) {
	text, ok := p.Read("gleam.toml")
	if !ok {
		return nil, nil
	}
	manifest, err := toml.Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("gleam.toml: %w", err)
	}
	c, err := packageOf(manifest)
	if err != nil {
		return nil, err
	}
	c.locked = p.Exists("manifest.toml")
	return c.plan(), nil
}

// A gleamPackage is what the plan depends on.
type gleamPackage struct {
	name, target          string
	named, tested, locked bool
}

var packageName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// packageOf reads gleam.toml.
func packageOf(manifest map[string]any) (*gleamPackage, error) {
	c := &gleamPackage{name: toml.String(manifest, "name"), target: toml.String(manifest, "target")}
	if !packageName.MatchString(c.name) {
		return nil, errors.New("gleam.toml has no name of a Gleam package")
	}
	if c.named = c.target != ""; !c.named {
		c.target = "erlang"
	}
	if c.target != "erlang" && c.target != "javascript" {
		return nil, errors.New("gleam.toml: target is neither erlang nor javascript")
	}
	for _, table := range []string{"dependencies", "dev-dependencies", "dev_dependencies"} {
		c.tested = c.tested || toml.Has(manifest, table, "gleeunit")
	}
	return c, nil
}

// plan returns the plan of the package.
func (c *gleamPackage) plan() *plan.Plan {
	p := &plan.Plan{
		Match: true, Stack: "gleam", Summary: fmt.Sprintf("Gleam package %s (%s)", c.name, c.target),
		Decisions: c.decisions(),
		Tools: map[string]plan.Tool{"gleam": {Check: []string{"gleam", "--version"},
			Image: c.image(), Install: "https://gleam.run"}},
		Steps: map[string]plan.Step{
			"deps":   {Op: plan.OpExec, Argv: []string{"gleam", "deps", "download"}, Tool: "gleam", Inputs: c.manifests(), NoCache: true},
			"style":  gleam("format", "--check"),
			"format": gleam("format"),
			"build":  afterDeps(gleam("build")),
			"run":    afterDeps(gleam("run")),
		},
		Targets: map[string][]string{"init": {"deps"}, "style": {"style"}, "format": {"format"}, "build": {"build"}, "run": {"run"}},
	}
	if c.tested {
		p.Steps["test"] = afterDeps(gleam("test"))
		p.Targets["test-unit"] = []string{"test"}
	} else {
		p.About = map[string]plan.About{"test-unit": {Why: "gleam.toml does not depend on gleeunit"}}
	}
	return p
}

// decisions returns what the plugin chose, and why.
func (c *gleamPackage) decisions() []string {
	why := "since gleam.toml names no target"
	if c.named {
		why = "as gleam.toml says"
	}
	all := []string{c.target + ", " + why}
	if !c.locked {
		all = append(all, "gleam chooses the versions of packages, since there is no manifest.toml")
	}
	return all
}

// image returns an image with Gleam and what it compiles to.
func (c *gleamPackage) image() string {
	runtime := map[string]string{"erlang": "erlang", "javascript": "node"}[c.target]
	return "ghcr.io/gleam-lang/gleam:v1.6.3-" + runtime
}

// manifests returns the files that decide which packages are downloaded.
func (c *gleamPackage) manifests() []string {
	if c.locked {
		return []string{"gleam.toml", "manifest.toml"}
	}
	return []string{"gleam.toml"}
}

// gleam returns a step that runs gleam on all files but those that it makes.
func gleam(args ...string) plan.Step {
	return plan.Step{Op: plan.OpExec, Argv: append([]string{"gleam"}, args...), Tool: "gleam", Inputs: []string{"!build/"}}
}

// afterDeps makes a step wait for the packages.
func afterDeps(s plan.Step) plan.Step {
	s.Needs = []string{"deps"}
	return s
}
