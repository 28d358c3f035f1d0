// Command node is the davit plugin for packages and workspaces of Node: npm, pnpm, yarn (classic and berry) and bun.
//
// What the project says comes first: a script of package.json stands for the target that people mean by its name ("lint" for
// style, "test:e2e" for test-functional, "dev" for run or watch), and a script that no target is known for is offered under
// its own name. Only where scripts are silent does the plugin look at configuration, and only where that is sure: an
// eslint.config.js and eslint among the dependencies mean "eslint .".
//
// Three promises decide the rest. A check changes nothing: a "lint" with --fix goes to format, and style runs the same
// command without it. Nothing is installed twice: what was installed by hand from the lockfile as it stands is left alone.
// Nothing is taken from the cache unless it is known what the command writes: a build that nobody can look into always runs.
//
// A root package.json stands for the whole project, with its workspaces. Without one, each package.json one or two folders
// below is a package on its own.
//
// "package" is the program of the project with its production dependencies, on a slim image of the same Node: the project as it
// stands, what its build writes, and an install of its own without development dependencies. The program is what "npm start"
// would start, as an argument list: with npm or a shell in between, a signal to the container would not reach it.
//
// Its configuration is {"manager": "pnpm", "image": "node:22", "outputs": ["dist/"], "main": "src/server.js", "ports": [8080],
// "base": "node:22-alpine"}: the package manager, the container image of Node, all that the build writes, which lets its results be
// kept, and of the image that is packaged the program, the ports that it listens on and what it is put on.
package main

import (
	"fmt"
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

func main() { sdk.Main(read) }

// config is [plugins.node] config.
type config struct {
	Manager string `json:"manager"`
	Image   string `json:"image"`
	// Outputs are relative to the root of the project.
	Outputs []string `json:"outputs"`
	// Main is the program of the image, relative to the root too.
	Main  string    `json:"main"`
	Base  string    `json:"base"`
	Ports sdk.Ports `json:"ports"`
	// Healthcheck is the command in the image that tells whether the program is well.
	Healthcheck []string `json:"healthcheck"`
}

// check refuses what cannot be meant.
func (c config) check() error {
	if c.Manager != "" && !isManager(c.Manager) {
		return fmt.Errorf("[plugins.node] config: manager is %q, wanted npm, pnpm, yarn or bun", c.Manager)
	}
	if c.Main != "" && (path.Clean(c.Main) != c.Main || path.IsAbs(c.Main) || strings.HasPrefix(c.Main, "..") || strings.Contains(c.Main, `\`)) {
		return fmt.Errorf("[plugins.node] config: main is %q, wanted the path of a file in the project, as \"src/server.js\"", c.Main)
	}
	return c.Ports.Check("node")
}

func read(p *sdk.Project) (*plan.Plan, error) {
	var c config
	if err := p.Configure("node", &c); err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	dirs, notes, err := packages(p)
	if err != nil || len(dirs) == 0 {
		return nil, err
	}
	out := sdk.NewBuilder("node", "")
	out.Decisions = notes
	var units []*unit
	for _, dir := range dirs {
		u, err := newUnit(p, c, dir)
		if err != nil {
			return nil, err
		}
		units = append(units, u)
	}
	return out.Plan, merge(out, units)
}

// merge makes one plan of the units, each with its own steps.
func merge(out *sdk.Builder, units []*unit) error {
	var summaries []string
	for _, u := range units {
		u.planAll()
		summaries = append(summaries, u.summary())
	}
	out.Summary = strings.Join(summaries, ", ")
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
	return nil
}
