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
// Its configuration is {"manager": "pnpm", "image": "node:22", "outputs": ["dist/"]}: the package manager, the container image
// of Node, and all that the build writes, which lets its results be kept.
package main

import (
	"fmt"
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
}

func read(p *sdk.Project) (*plan.Plan, error) {
	var c config
	if err := p.Configure("node", &c); err != nil {
		return nil, err
	}
	if c.Manager != "" && !known(c.Manager) {
		return nil, fmt.Errorf("[plugins.node] config: manager is %q, wanted npm, pnpm, yarn or bun", c.Manager)
	}
	dirs, notes, err := packages(p)
	if err != nil || len(dirs) == 0 {
		return nil, err
	}
	out := &plan.Plan{Match: true, Stack: "node", Decisions: notes, Tools: map[string]plan.Tool{}, Steps: map[string]plan.Step{},
		Targets: map[string][]string{}, About: map[string]plan.About{}}
	var units []*unit
	for _, dir := range dirs {
		u, err := newUnit(p, c, dir)
		if err != nil {
			return nil, err
		}
		units = append(units, u)
	}
	merge(out, units)
	return out, nil
}

// merge makes one plan of the units, each with its own steps.
func merge(out *plan.Plan, units []*unit) {
	var summaries []string
	for _, u := range units {
		u.fill()
		summaries = append(summaries, u.summary())
		out.Decisions = append(out.Decisions, u.notes...)
	}
	out.Summary = strings.Join(summaries, ", ")
	whole := false
	for _, u := range units {
		whole = whole || len(u.targets["test"]) > 0
	}
	for _, u := range units {
		if whole {
			u.testWhole()
		}
		u.into(out)
	}
}
