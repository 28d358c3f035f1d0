package taskfile

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
	"github.com/davit-dev/davit/plugins/sdk/taskname"
)

// addStyle makes "style" of all targets that check the sources, by their names: lint, vet, fmt-check, typecheck. Where a
// pipeline calls some of them, directly or through others, these are what style is. Else a target "style" is all of it,
// and of several others all are but variants of "lint".
func addStyle(p *sdk.Builder, files Files, found []File) {
	checks, file := chooseChecks(p, files, found)
	if len(checks) == 0 || len(checks) == 1 && (checks[0] == "lint" || checks[0] == "style") {
		return
	}
	all := strings.Join(checks, ", ")
	why := "style is " + all
	if file != "" {
		why += ", which " + file + " calls"
	}
	about := plan.About{Summary: all, Source: p.About[checks[0]].Source, Why: why, Scope: scopeOf(p, checks),
		Includes: slices.DeleteFunc(slices.Clone(checks), func(name string) bool { return name == "style" })}
	p.Targets["style"], p.About["style"] = checks, about
}

// chooseChecks returns the targets that style is made of, and the file of the pipeline that calls them, if one does. One
// target alone that no pipeline calls may be a part of what the stack checks.
func chooseChecks(p *sdk.Builder, files Files, found []File) (checks []string, file string) {
	if checks = checkingTargets(p, found); len(checks) == 0 {
		return nil, ""
	}
	runs := runsOf(found)
	called, file := calledByPipeline(runs, files, checks)
	switch {
	case len(called) > 0:
		checks = called
	case p.Offers("style") || len(checks) == 1:
		return nil, ""
	default:
		checks = withoutVariants(checks)
	}
	return slices.DeleteFunc(slices.Clone(checks), func(name string) bool { return runByOther(runs, name, checks) }), file
}

// checkingTargets returns the targets whose names say that they check sources, in the order of the files.
func checkingTargets(p *sdk.Builder, found []File) (names []string) {
	for _, f := range found {
		for _, o := range f.Offers[:min(len(f.Offers), maxOffers)] {
			s := p.Steps[o.Name]
			if p.Offers(o.Name) && !o.Refused && !s.Interactive && taskname.Checks(o.Name) && !o.rewrites() && !slices.Contains(names, o.Name) {
				names = append(names, o.Name)
			}
		}
	}
	return names
}

// rewrites reports whether a command of an offer rewrites sources, whatever the name of the offer says: "ruff check --fix".
func (o Offer) rewrites() bool {
	return slices.ContainsFunc(o.Scripts, func(s Script) bool {
		return slices.ContainsFunc(recipes.Commands(s.Dir, s.Text), func(c recipes.Command) bool { return rewrites(c.Words) })
	})
}

func rewrites(words []string) bool {
	has := func(options ...string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return slices.Contains(options, word) })
	}
	formatter := slices.Contains([]string{"black", "isort"}, path.Base(words[0])) || has("ruff") && has("format")
	return has("--fix", "--fix-only", "--write") || formatter && !has("--check", "--check-only", "--diff", "-c")
}

// withoutVariants returns the targets without those that are "lint" for a part of the sources, where there is "lint".
func withoutVariants(names []string) []string {
	if !slices.Contains(names, "lint") {
		return names
	}
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return name != "lint" && slices.ContainsFunc(taskname.Words(name), func(word string) bool { return strings.HasPrefix(word, "lint") })
	})
}

// runsOf returns what each target runs, by its name: itself and all that it runs by itself.
func runsOf(found []File) map[string][]string {
	runs := map[string][]string{}
	for _, f := range found {
		for _, o := range f.Offers {
			if runs[o.Name] == nil {
				runs[o.Name] = o.Runs
			}
		}
	}
	return runs
}

// runByOther reports whether another of the targets runs a target by itself.
func runByOther(runs map[string][]string, name string, names []string) bool {
	return slices.ContainsFunc(names, func(other string) bool { return other != name && slices.Contains(runs[other], name) })
}

// scopeOf returns the part of the project that some targets work on together; nil if it is all, or not known.
func scopeOf(p *sdk.Builder, names []string) *plan.Scope {
	var all plan.Scope
	for _, name := range names {
		scope := p.About[name].Scope
		if scope == nil {
			return nil
		}
		all.Folders, all.Stacks = append(all.Folders, scope.Folders...), append(all.Stacks, scope.Stacks...)
	}
	slices.Sort(all.Folders)
	slices.Sort(all.Stacks)
	all.Folders, all.Stacks = slices.Compact(all.Folders), slices.Compact(all.Stacks)
	return &all
}

// callers are the programs that run targets of task files by their names.
var callers = []string{"make", "gmake", "just", "task", "go-task", "mise", "poe", "hatch", "pdm"}

// calledByPipeline returns those of some targets that the pipelines of the project call, also through others, and the file
// of one that does.
func calledByPipeline(runs map[string][]string, files Files, names []string) (called []string, file string) {
	for _, c := range pipelines.Read(files).Calls {
		if program := path.Base(c.Words[0]); c.Dir != "." || !slices.Contains(callers, program) {
			continue
		}
		for _, word := range c.Words[1:] {
			for _, name := range names {
				if slices.Contains(runs[word], name) && !slices.Contains(called, name) {
					called, file = append(called, name), c.File
				}
			}
		}
	}
	return called, file
}
