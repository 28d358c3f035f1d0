// Package node is the davit plugin for packages and workspaces of Node: npm, pnpm, yarn (classic and berry)
// and bun.
//
// The scripts of package.json come first. A script provides the target that its name usually means ("lint" is
// style, "test:e2e" is test-functional, "dev" is run or watch); other scripts are offered under their own
// names. For targets without a script the plugin looks at configuration, but only if that is certain: an
// eslint.config.js and eslint among the dependencies mean "eslint .".
//
// Three rules decide the rest. A check changes nothing: a "lint" with --fix is part of format, and style runs
// the same command without it. Nothing is installed twice: a node_modules that was installed by hand from the
// current lockfile is kept. No result is cached unless the outputs of the command are known: a build with
// unknown outputs always runs.
//
// Each package.json with scripts, in the root and up to five folders below it, is a package of the project, if it is
// no member of a workspace above it. Fixtures and templates are none; examples, and packages in a workspace that does
// not have them, are left out, and the plan says so. What the scripts of the root call of another package is not run
// once more.
//
// "package" is the program of the project with its production dependencies, on a slim image of the same Node:
// the files of the project, the outputs of its build, and an install without development dependencies. The
// program is what "npm start" starts, as an argument list, since npm or a shell in between would not pass on
// signals to the container.
//
// The configuration is {"manager": "pnpm", "packages": [".", "client"], "image": "node:22", "outputs": ["dist/"], "main": "src/server.js",
// "ports": [8080], "base": "node:22-alpine"}: the package manager, the folders of the packages, the container image of Node,
// all that the build writes, which lets its results be kept, and of the image that is packaged the program, the ports that
// it listens on and what it is put on.
package node

import (
	"fmt"
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// A config is the table "config" of [plugins.node].
type config struct {
	Manager string `json:"manager"`
	// Packages are the folders of the packages to plan, instead of those that the plugin would choose.
	Packages []string `json:"packages"`
	Image    string   `json:"image"`
	// Outputs are relative to the root of the project.
	Outputs []string `json:"outputs"`
	// Main is the program of the image, also relative to the root.
	Main  string    `json:"main"`
	Base  string    `json:"base"`
	Ports sdk.Ports `json:"ports"`
	// Healthcheck is the command in the image that reports whether the program is healthy.
	Healthcheck []string `json:"healthcheck"`
}

// check returns an error for values that are not valid.
func (c config) check() error {
	if c.Manager != "" && !isManager(c.Manager) {
		return fmt.Errorf("[plugins.node] config: manager is %q, wanted npm, pnpm, yarn or bun", c.Manager)
	}
	if c.Main != "" && (path.Clean(c.Main) != c.Main || path.IsAbs(c.Main) ||
		strings.HasPrefix(c.Main, "..") || strings.Contains(c.Main, `\`)) {
		return fmt.Errorf(
			"[plugins.node] config: main is %q, wanted the path of a file in the project, as \"src/server.js\"",
			c.Main)
	}
	if err := checkPackages(c.Packages); err != nil {
		return err
	}
	return c.Ports.Check("node")
}

// Read plans the packages of the project.
func Read(p *sdk.Project) (*plan.Plan, error) {
	var c config
	if err := p.Configure("node", &c); err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	choice := &chooser{project: p, config: c}
	if err := choice.choose(); err != nil || len(choice.units) == 0 {
		return nil, err
	}
	out := sdk.NewBuilder("node", "")
	out.Decisions = choice.notes
	if err := merge(out, choice.units); err != nil {
		return nil, err
	}
	choice.omit(out)
	return out.Plan, nil
}

// merge adds the units, each with its own steps, to one plan.
func merge(out *sdk.Builder, units []*unit) error {
	var summaries []string
	folders := sdk.FolderIDs{}
	for _, u := range units {
		u.prefix = folders.Of(u.root.Dir)
		u.planAll()
		summaries = append(summaries, u.summary())
	}
	out.Summary, out.Order = strings.Join(summaries, ", "), orderOf(units)
	if err := planImage(units); err != nil {
		return err
	}
	for _, u := range units {
		out.Decisions = append(out.Decisions, u.Decisions...)
	}
	anyTest := false
	for _, u := range units {
		anyTest = anyTest || u.Offers("test")
	}
	for _, u := range units {
		if anyTest {
			u.aggregateTests()
		}
		u.mergeInto(out)
	}
	for _, u := range units {
		u.connect(out)
	}
	commonIncludes(out, units)
	var o sdk.Outside
	for _, u := range units {
		u.addOutside(&o)
	}
	o.Apply(out.Plan)
	return nil
}
