package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// offer is one target that a task file defines, fit to be run or not.
type offer struct {
	name          string
	argv          []string
	summary       string
	source        string // "Makefile:12"
	why           string
	refused       bool // why says for what reason it is not offered
	needsTerminal bool // it asks the user something, so that it needs the terminal
}

// maxOffers keeps the plan of a file with tens of thousands of rules within what davit takes.
const maxOffers = 2000

// merge makes one plan of all files; of several that offer a name, the first has it. Every step may need all of the caches.
func merge(found []taskFile, tools map[string]plan.Tool, caches []plan.Cache) *plan.Plan {
	p := sdk.NewBuilder(found[0].tool, "")
	var counts []string
	for _, f := range found {
		n := add(p, f, tools[f.tool])
		counts = append(counts, fmt.Sprintf("%s with %s", f.name, plural(n, "target")))
		p.Decisions = append(p.Decisions, f.notes...)
	}
	for id, s := range p.Steps {
		s.Caches = caches
		p.Steps[id] = s
	}
	p.Summary = strings.Join(counts, ", ")
	return p.Plan
}

// add puts the offers of a file into the plan and tells how many of them were new.
func add(p *sdk.Builder, f taskFile, tool plan.Tool) (n int) {
	for _, o := range f.offers[:min(len(f.offers), maxOffers)] {
		if !plan.ValidTarget(o.name) {
			continue
		}
		if p.Offers(o.name) {
			noteConflict(p, o)
			continue
		}
		if before := p.About[o.name]; before.Why != "" && !o.refused {
			o.why = sentence(o.why, fmt.Sprintf("not from %s: %s", before.Source, before.Why))
		}
		p.About[o.name] = plan.About{Summary: o.summary, Source: o.source, Why: o.why}
		if !o.refused {
			p.Tools[f.tool] = tool
			p.Add(o.name, o.name, step(f.tool, o))
			n++
		}
	}
	return n
}

// noteConflict notes at the target that another file has it, too. A file that has a name twice has no quarrel with itself.
func noteConflict(p *sdk.Builder, o offer) {
	a := p.About[o.name]
	if o.refused || fileOf(o.source) == fileOf(a.Source) {
		return
	}
	a.Why = sentence(a.Why, fmt.Sprintf("it goes before %s", o.source))
	p.About[o.name] = a
}

// fileOf is the file of a source, "Makefile" of "Makefile:12".
func fileOf(source string) string {
	file, _, _ := strings.Cut(source, ":")
	return file
}

func sentence(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "; ")
}

// step runs always: what decides the result stands in the recipe, and only the tool can read that.
func step(tool string, o offer) plan.Step {
	return plan.Step{Op: plan.OpExec, Argv: o.argv, Tool: tool, NoCache: true, Interactive: o.needsTerminal || interactive(o.name)}
}

// interactive tells by the name whether a target is for a person at the terminal and ends when they want it to.
func interactive(name string) bool {
	switch name {
	case "run", "watch", "dev", "develop", "serve", "server", "start", "shell", "sh", "bash", "console", "repl", "debug", "logs", "up":
		return true
	}
	return false
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
