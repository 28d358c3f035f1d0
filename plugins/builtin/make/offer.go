package make

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// An offer is one target of a task file, whether it is offered or refused.
type offer struct {
	name          string
	argv          []string
	summary       string
	source        string // "Makefile:12"
	why           string
	refused       bool // the target is not offered, for the reason in why
	needsTerminal bool // it asks the user something
	upToDate      *plan.UpToDate
	includes      []string // the other targets that it runs by itself, of one that collects others
	runs          []string // it and all targets that it runs by itself
	scripts       []script // all that it runs, as far as it can be read
}

// maxOffers limits the plan of a file with tens of thousands of rules to a size that davit accepts.
const maxOffers = 2000

// merge returns one plan for all files. If several files offer a name, the first one wins. Every step gets
// all of the caches, since any may need them.
func merge(files files, found []taskFile, tools map[string]plan.Tool, caches []plan.Cache) *plan.Plan {
	p := sdk.NewBuilder(found[0].tool, "")
	var counts []string
	for _, f := range found {
		n := add(p, files, f, tools[f.tool])
		counts = append(counts, fmt.Sprintf("%s with %s", f.name, plural(n, "target")))
		p.Decisions = append(p.Decisions, f.notes...)
	}
	for id, s := range p.Steps {
		s.Caches = caches
		p.Steps[id] = s
	}
	for name, a := range p.About {
		a.Includes = slices.DeleteFunc(a.Includes, func(other string) bool { return !p.Offers(other) })
		p.About[name] = a
	}
	p.Summary = strings.Join(counts, ", ")
	addStyle(p, files, found)
	return p.Plan
}

// add adds the offers of a file to the plan and returns how many of them are new.
func add(p *sdk.Builder, files files, f taskFile, tool plan.Tool) (n int) {
	r := recipes.NewReader(files)
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
		uses, scope := o.uses(r)
		for _, u := range uses {
			o.why = sentence(o.why, u.Why)
		}
		p.About[o.name] = plan.About{Summary: o.summary, Source: o.source, Why: o.why, Includes: o.includes, Scope: scope}
		if !o.refused {
			p.Tools[f.tool] = tool
			s := step(f.tool, o)
			for _, u := range uses {
				s.Environments = append(s.Environments, u.Environment)
			}
			p.Add(o.name, o.name, s)
			n++
		}
	}
	return n
}

// noteConflict records in the explanation of a target that another file defines it too. A file that defines a
// name twice is no conflict.
func noteConflict(p *sdk.Builder, o offer) {
	a := p.About[o.name]
	if o.refused || fileOf(o.source) == fileOf(a.Source) {
		return
	}
	a.Why = sentence(a.Why, fmt.Sprintf("it goes before %s", o.source))
	p.About[o.name] = a
}

// fileOf returns the file of a source: "Makefile" of "Makefile:12".
func fileOf(source string) string {
	file, _, _ := strings.Cut(source, ":")
	return file
}

func sentence(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "; ")
}

// argumentsOf are the words by which the arguments of a user begin, which make and just would otherwise take for
// options of their own: "make test -n" runs no test.
var argumentsOf = map[string][]string{"make": {"--"}}

// step returns the step of an offer. It always runs, because only the tool knows what the result depends on.
func step(tool string, o offer) plan.Step {
	return plan.Step{
		Op: plan.OpExec, Argv: append(slices.Clone(o.argv), argumentsOf[tool]...), Tool: tool, NoCache: true,
		NoCacheWhy: "a task file does not say what its targets read; a target of project.toml can", UpToDate: o.upToDate,
		Interactive: o.needsTerminal || interactive(o.name),
	}
}

// interactive reports whether, by its name, a target is for a user at the terminal and runs until they stop
// it.
func interactive(name string) bool {
	switch name {
	case "run", "watch", "dev", "develop", "serve", "server", "start", "shell", "sh", "bash", "console",
		"repl", "debug", "logs", "up":
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
