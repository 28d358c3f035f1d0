package taskfile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// An Offer is one target of a task file, whether it is offered or refused.
type Offer struct {
	Name          string
	Argv          []string
	Summary       string
	Source        string // "Makefile:12"
	Why           string
	Refused       bool // the target is not offered, for the reason in Why
	NeedsTerminal bool // it asks the user something
	UpToDate      *plan.UpToDate
	Includes      []string // the other targets that it runs by itself, of one that collects others
	Runs          []string // it and all targets that it runs by itself
	Scripts       []Script // all that it runs, as far as it can be read
	// Script runs in place of Argv, which is empty then, with the variables of Env.
	Script string
	Env    map[string]string
	// Environments are those that it uses besides the ones that its scripts name.
	Environments []plan.Environment
}

// maxOffers limits the plan of a file with tens of thousands of rules to a size that davit accepts.
const maxOffers = 2000

// Merge returns one plan for all files. If several files offer a name, the first one wins. Every step gets
// all of the caches, since any may need them.
func Merge(files Files, found []File, tools map[string]plan.Tool, caches []plan.Cache) *plan.Plan {
	p := sdk.NewBuilder(found[0].Tool, "")
	var counts []string
	for _, f := range found {
		n := add(p, files, f, tools[f.Tool])
		counts = append(counts, fmt.Sprintf("%s with %s", f.Name, Plural(n, "target")))
		p.Decisions = append(p.Decisions, f.Notes...)
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
func add(p *sdk.Builder, files Files, f File, tool plan.Tool) (n int) {
	r := recipes.NewReader(files)
	for _, o := range f.Offers[:min(len(f.Offers), maxOffers)] {
		if !plan.ValidTarget(o.Name) {
			continue
		}
		if p.Offers(o.Name) {
			noteConflict(p, o)
			continue
		}
		if before := p.About[o.Name]; before.Why != "" && !o.Refused {
			o.Why = Sentence(o.Why, fmt.Sprintf("not from %s: %s", before.Source, before.Why))
		}
		uses, scope := o.uses(r)
		for _, u := range uses {
			o.Why = Sentence(o.Why, u.Why)
		}
		p.About[o.Name] = plan.About{Summary: o.Summary, Source: o.Source, Why: o.Why, Includes: o.Includes, Scope: scope}
		if !o.Refused {
			if f.Tool != "" {
				p.Tools[f.Tool] = tool
			}
			s := step(f.Tool, o)
			s.Environments = append(s.Environments, o.Environments...)
			for _, u := range uses {
				s.Environments = append(s.Environments, u.Environment)
			}
			p.Add(o.Name, o.Name, s)
			n++
		}
	}
	return n
}

// noteConflict records in the explanation of a target that another file defines it too. A file that defines a
// name twice is no conflict.
func noteConflict(p *sdk.Builder, o Offer) {
	a := p.About[o.Name]
	if o.Refused || fileOf(o.Source) == fileOf(a.Source) {
		return
	}
	a.Why = Sentence(a.Why, fmt.Sprintf("it goes before %s", o.Source))
	p.About[o.Name] = a
}

// fileOf returns the file of a source: "Makefile" of "Makefile:12".
func fileOf(source string) string {
	file, _, _ := strings.Cut(source, ":")
	return file
}

// Sentence joins what there is to say of an offer.
func Sentence(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "; ")
}

// argumentsOf are the words by which the arguments of a user begin, which make and just would otherwise take for
// options of their own: "make test -n" runs no test.
var argumentsOf = map[string][]string{"make": {"--"}}

// step returns the step of an offer. It always runs, because only the tool knows what the result depends on.
func step(tool string, o Offer) plan.Step {
	s := plan.Step{
		Op: plan.OpExec, Argv: append(slices.Clone(o.Argv), argumentsOf[tool]...), Tool: tool, NoCache: true,
		NoCacheWhy: "a task file does not say what its targets read; a target of project.toml can", UpToDate: o.UpToDate,
		Interactive: o.NeedsTerminal || Interactive(o.Name), Env: o.Env,
	}
	if o.Name == "test" || strings.HasPrefix(o.Name, "test-") {
		s.TestRunner = o.testRunner()
	}
	if o.Script != "" {
		s.Op, s.Argv, s.Script = plan.OpShell, nil, o.Script
	}
	return s
}

// Interactive reports whether, by its name, a target is for a user at the terminal and runs until they stop
// it.
func Interactive(name string) bool {
	switch name {
	case "run", "watch", "dev", "develop", "serve", "server", "start", "shell", "sh", "bash", "console",
		"repl", "debug", "logs", "up":
		return true
	}
	return false
}

// Plural returns "1 target" or "2 targets".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
