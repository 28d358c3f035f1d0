package make

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// justTasks reads a justfile. The file argument is its name if it is configured.
func justTasks(p *sdk.Project, name, file string) taskFile {
	j := parseJustfile(name, p)
	argv := []string{"just"}
	if file != "" {
		argv = []string{"just", "--justfile", file, "--working-directory", "."}
	}
	return taskFile{name: name, tool: "just", offers: j.offers(argv), notes: j.notes}
}

func (j *justfile) offers(argv []string) (out []offer) {
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
func (j *justfile) offer(as, r *recipe, argv []string) offer {
	o := offer{name: as.name, source: as.source, summary: r.doc,
		needsTerminal: r.confirm || interactive(r.name)}
	o.argv = append(append(o.argv, argv...), as.name)
	if as != r {
		o.why = "an alias of " + r.name
	}
	if len(r.systems) > 0 {
		o.why = sentence(o.why, "only on "+strings.Join(r.systems, ", "))
	}
	if len(r.required) > 0 {
		o.refused, o.why = true, plural(len(r.required), "parameter")+" must be given: just "+as.name+" "+
			strings.ToUpper(strings.Join(r.required, " "))
	}
	o.includes, o.scripts = included(as.name, j.needsOf), j.scripts(as.name)
	o.runs = reached(as.name, j.needsOf)
	if call := j.recursiveCall(as.name); call != "" {
		o.refused, o.why = true, "its recipe calls davit for it ("+call+"), which would go round for ever"
	}
	return o
}

func (j *justfile) recursiveCall(name string) string {
	return findRecursion(name, func(name string) (needs, davit []string) {
		if r, ok := j.by[name]; ok {
			davit = calls(r.body, "davit")
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
	return append(slices.Clone(r.needs), calls(r.body, "just")...)
}
