package pipelines

import (
	"slices"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// travisVariables returns the variables of a part of a file of Travis, and the choices of others: each item of "env" is a job
// of its own, and so is each of "jobs: {include: …}" that has no script of its own. In one of these, all of "env" is set.
func travisVariables(n *yaml.Node, whole bool) (set []string, choices [][]string) {
	env := n.Get("env")
	if !whole {
		return nil, [][]string{assignedInItems(env)}
	}
	items := env.List()
	if env.Get("global") != nil || env.Get("jobs") != nil || env.Get("matrix") != nil {
		set, items = assignedInItems(env.Get("global")), slices.Concat(env.Get("jobs").List(), env.Get("matrix").List())
	} else if isTable(env) {
		set, items = variables(env), nil
	}
	for _, item := range items {
		choices = append(choices, assignedInText(item))
	}
	for _, job := range slices.Concat(n.Get("jobs").Get("include").Items(), n.Get("matrix").Get("include").Items()) {
		if own := assignedInItems(job.Get("env")); len(own) > 0 && job.Get("script") == nil && !elsewhereInTravis(job) {
			choices = append(choices, own)
		}
	}
	if len(choices) == 0 {
		choices = [][]string{nil}
	}
	return set, choices[:min(len(choices), maxVariants)]
}

// elsewhereInTravis reports whether a job of Travis runs on another system than Linux.
func elsewhereInTravis(job *yaml.Node) bool {
	return job.Get("os").Text() == "osx" || job.Get("os").Text() == "windows"
}

// isTable reports whether a node has keys, and no items.
func isTable(n *yaml.Node) bool { return len(n.Entries()) > 0 && len(n.Items()) == 0 && n.Text() == "" }

// assignedInItems returns the variables of a text, of each text of a list, or of a table.
func assignedInItems(n *yaml.Node) (set []string) {
	if isTable(n) {
		return variables(n)
	}
	for _, text := range n.List() {
		set = append(set, assignedInText(text)...)
	}
	return set
}

// assignedInText returns the variables that a text sets: "MODE=slow FLAGS='-a -b'".
func assignedInText(text string) []string {
	all := recipes.Commands(".", text+" :")
	if len(all) == 0 {
		return nil
	}
	return all[0].Env
}
