package llb

import (
	"context"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/moby/buildkit/client/llb"

	"github.com/davit-dev/davit/plugins/plan"
)

// The scripts that set variables of the user's configuration, and proxy settings.
const (
	userVariables  = secrets + "/davit-variables"
	proxyVariables = secrets + "/davit-proxy"
)

// userConfig returns the mounts of the user's configuration. Its ids say what counts, so that the engine runs a
// command again when an address changes, and not when a token does.
func (n *Node) userConfig(g *Graph) (all []llb.RunOption) {
	u := n.Step.UserConfig
	if u.Script != "" {
		all = append(all, llb.AddSecret(userVariables, llb.SecretID(u.Script)))
	}
	if id := g.options.ProxyScript; id != "" {
		all = append(all, llb.AddSecret(proxyVariables, llb.SecretID(id)))
	}
	for _, file := range slices.Sorted(maps.Keys(u.Files)) {
		all = append(all, llb.AddSecret(n.inHome(file), llb.SecretID(u.Files[file])))
	}
	return all
}

// secretVariable returns the file from which a variable gets the value of a secret.
func secretVariable(s plan.Secret) string { return path.Join(secrets, "davit-variable", s.Env) }

// withSecretVariables returns a command that has the variables of the user's configuration, and those with
// secrets. A script sets them, since old engines cannot pass a secret as a variable.
func (n *Node) withSecretVariables(g *Graph, argv []string) []string {
	var script strings.Builder
	if n.Step.UserConfig.Script != "" {
		script.WriteString(". " + userVariables + " && ")
	}
	if g.options.ProxyScript != "" {
		script.WriteString(". " + proxyVariables + " && ")
	}
	for _, s := range n.Step.Plan.Secrets {
		if s.Env != "" {
			script.WriteString(s.Env + "=$(cat " + secretVariable(s) + ") && export " + s.Env + " && ")
		}
	}
	if script.Len() == 0 {
		return argv
	}
	return append([]string{"sh", "-c", script.String() + `exec "$@"`, "sh"}, argv...)
}

// inHome returns a path with "~/" replaced by the home of the user in the container.
func (n *Node) inHome(file string) string {
	below, ok := strings.CutPrefix(file, "~/")
	if !ok {
		return file
	}
	if home := n.Step.Plan.Env["HOME"]; home != "" {
		return path.Join(home, below)
	}
	home, set, err := n.rootBefore.GetEnv(context.Background(), "HOME")
	if err != nil || !set || home == "" {
		home = "/root"
	}
	return path.Join(home, below)
}
