package node

import (
	"fmt"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// command returns a step that calls the manager. npm is part of Node, bun is a tool of its own, and a yarn
// that the project contains is called by its path. If pnpm or yarn is missing, "npm exec" gets the version
// that the project wants: it needs no install, and unlike "corepack pnpm" it lets scripts call pnpm in turn.
func (g manager) command(words ...string) plan.Step {
	switch {
	case g.Name == "npm" || g.Name == "bun":
		return plan.Step{Op: plan.OpExec, Tool: g.tool(), Argv: append([]string{g.Name}, words...)}
	case g.Release != "":
		return plan.Step{Op: plan.OpExec, Tool: g.tool(), Argv: append([]string{"node", g.Release}, words...)}
	}
	call := g.Name + " " + sdk.Quote(words...)
	return plan.Step{Op: plan.OpShell, Tool: g.tool(), Caches: []plan.Cache{sdk.NpmCache},
		Script: fmt.Sprintf("if %s; then %s \"$@\"; else npm exec --yes --package=%s -- %s \"$@\"; fi",
			g.isPresent(), call, g.npmPackage(), call)}
}

// tool returns the key of the tool that runs the manager.
func (g manager) tool() string {
	if g.Name == "bun" {
		return "bun"
	}
	return "node"
}

// isPresent returns a shell condition that holds if the right manager is installed. The yarn in the image of
// Node is yarn 1, which refuses projects of later versions, so for these the condition checks the version.
func (g manager) isPresent() string {
	if g.Berry {
		return "case $(yarn --version 2>/dev/null) in [2-9]*) true;; *) false;; esac"
	}
	return fmt.Sprintf("command -v %s >/dev/null 2>&1", g.Name)
}

// npmPackage returns the package from which "npm exec" runs the manager.
func (g manager) npmPackage() string {
	name := g.Name
	if g.Berry {
		name = "@yarnpkg/cli-dist"
	}
	if g.Version == "" {
		return name
	}
	return name + "@" + g.Version
}

// run returns a step that runs a script. Arguments are passed to the script, for which npm needs "--".
func (g manager) run(name string) plan.Step {
	if g.Name == "npm" {
		return g.command("run", name, "--")
	}
	return g.command("run", name)
}

// runInMembers returns a step that runs a script in each workspace member that has it.
func (g manager) runInMembers(name string, members []*manifest) plan.Step {
	switch {
	case g.Name == "npm":
		return g.command("run", name, "--workspaces", "--if-present", "--")
	case g.Name == "pnpm":
		return g.command("--recursive", "--if-present", "run", name)
	case g.Name == "bun":
		return g.command("run", "--filter", "*", name)
	case g.Berry && before(g.Version, ".") < "4":
		return g.command("workspaces", "foreach", "--topological-dev", "run", name)
	case g.Berry:
		return g.command("workspaces", "foreach", "--all", "--topological-dev", "run", name)
	}
	return g.runInEach(name, members)
}

// runInEach does the same for yarn 1, whose "workspaces run" fails if a member lacks the script.
func (g manager) runInEach(name string, members []*manifest) plan.Step {
	var calls []string
	for _, m := range members {
		if m.Scripts[name] != "" {
			calls = append(calls, fmt.Sprintf("$yarn workspace %s run %s \"$@\"", sdk.Quote(m.Name),
				sdk.Quote(name)))
		}
	}
	yarn := fmt.Sprintf("yarn=yarn; %s || yarn='npm exec --yes --package=%s -- yarn'", g.isPresent(),
		g.npmPackage())
	if g.Release != "" {
		yarn = fmt.Sprintf("yarn='node %s'", g.Release)
	}
	return plan.Step{Op: plan.OpShell, Tool: g.tool(), Caches: []plan.Cache{sdk.NpmCache},
		Script: yarn + "\n" + strings.Join(calls, " &&\n")}
}
