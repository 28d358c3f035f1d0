package make

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/taskfile"
)

// justTasks reads a justfile. The file argument is its name if it is configured.
func justTasks(p *sdk.Project, name, file string) taskfile.File {
	j := parseJustfile(name, p)
	argv := []string{"just"}
	if file != "" {
		argv = []string{"just", "--justfile", file, "--working-directory", "."}
	}
	return taskfile.File{Name: name, Tool: "just", Offers: j.offers(argv), Notes: j.notes}
}

func (j *justfile) offers(argv []string) (out []taskfile.Offer) {
	for _, r := range j.recipes {
		if !r.hidden() {
			out = append(out, j.offer(r, r, argv))
		}
	}
	for _, a := range j.aliases {
		if r, ok := j.by[a.needs[0]]; ok && !a.hidden() {
			out = append(out, j.offer(a, r, argv))
		}
	}
	return out
}

func (r *recipe) hidden() bool { return r.private || r.name[0] == '_' }

// offer returns the offer of the recipe r under the name of as, which is r itself or an alias.
func (j *justfile) offer(as, r *recipe, argv []string) taskfile.Offer {
	o := taskfile.Offer{Name: as.name, Source: as.source, Summary: r.doc,
		NeedsTerminal: r.confirm || taskfile.Interactive(r.name)}
	o.Argv = append(append(o.Argv, argv...), as.name)
	if as != r {
		o.Why = "an alias of " + r.name
	}
	if len(r.systems) > 0 {
		o.Why = taskfile.Sentence(o.Why, "only on "+strings.Join(r.systems, ", "))
	}
	if len(r.required) > 0 {
		o.Refused, o.Why = true, taskfile.Plural(len(r.required), "parameter")+" must be given: just "+as.name+" "+
			strings.ToUpper(strings.Join(r.required, " "))
	}
	o.Includes, o.Scripts = taskfile.Included(as.name, j.needsOf), j.scripts(as.name)
	o.Runs = taskfile.Reached(as.name, j.needsOf)
	if call := j.recursiveCall(as.name); call != "" {
		o.Refused, o.Why = true, "its recipe calls davit for it ("+call+"), which would go round for ever"
	}
	return o
}

func (j *justfile) recursiveCall(name string) string {
	return taskfile.FindRecursion(name, func(name string) (needs, davit []string) {
		if r, ok := j.by[name]; ok {
			davit = taskfile.Calls(r.body, "davit")
		}
		return j.needsOf(name), davit
	})
}

// needsOf returns the recipes that a recipe or an alias runs.
func (j *justfile) needsOf(name string) []string {
	for _, a := range j.aliases {
		if a.name == name {
			return a.needs
		}
	}
	r, ok := j.by[name]
	if !ok {
		return nil
	}
	return append(slices.Clone(r.needs), taskfile.Calls(r.body, "just")...)
}
