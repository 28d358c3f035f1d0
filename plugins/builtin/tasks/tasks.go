// Package tasks is the davit plugin for tasks that a project defines by name, besides those of a Makefile, a justfile and a
// Taskfile: the tasks of mise, poe and taskipy, the scripts of hatch and pdm, the "scripts to rule them all" in script/,
// and the process web of a Procfile. Its authority is "explicit", so they beat what other plugins infer.
//
// It runs none of these tools to read their files. Each task is offered by its own name, as a person would type it. The
// plugin does not offer tasks that call davit for themselves, those for others only, and those that need an argument.
package tasks

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/plugins/sdk/taskfile"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

type config struct {
	Image string `json:"image"`
}

// Read plans the tasks of the project.
func Read(p *sdk.Project) (*plan.Plan, error) {
	var c config
	if err := p.Configure("tasks", &c); err != nil {
		return nil, err
	}
	r := &reader{Project: p, image: c.Image, tools: map[string]plan.Tool{}}
	found := slices.Concat(r.scriptFiles(), r.folder(), r.procfile())
	if len(found) == 0 {
		return nil, nil
	}
	out := taskfile.Merge(p, found, r.tools, taskfile.CachesFor(p))
	out.Stack = "tasks"
	return out, nil
}

// A reader reads the files of a project that define tasks.
type reader struct {
	*sdk.Project
	image string // the configured one
	tools map[string]plan.Tool
}

// scriptFiles returns the files with tasks of mise, poe, taskipy, hatch and pdm. Those of one tool are one file.
func (r *reader) scriptFiles() (found []taskfile.File) {
	by := map[string]scripts{}
	var order []string
	for _, s := range pipelines.Scripts(r, ".") {
		if by[s.Tool] == nil {
			by[s.Tool] = scripts{}
			order = append(order, s.Tool)
		}
		if by[s.Tool][s.Name].Tool == "" {
			by[s.Tool][s.Name] = s
		}
	}
	for _, tool := range order {
		all := by[tool]
		f := taskfile.File{Tool: r.toolOf(tool, all)}
		for _, name := range all.names() {
			f.Name = all[name].File
			f.Offers = append(f.Offers, all.offers(all[name])...)
		}
		if len(f.Offers) > 0 {
			found = append(found, f)
		}
	}
	return found
}

// The scripts of a tool, by name.
type scripts map[string]pipelines.Script

// names returns the names of the scripts that a person types, sorted.
func (all scripts) names() (names []string) {
	for name, s := range all {
		if !all.isHook(name) && !toml.Bool(s.Table, "hide") && !strings.HasPrefix(name, "hatch-") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// isHook reports whether a script runs before or after another one: pre_test of pdm and taskipy.
func (all scripts) isHook(name string) bool {
	before, isBefore := strings.CutPrefix(name, "pre_")
	after, isAfter := strings.CutPrefix(name, "post_")
	hooks := all[name].Tool == "pdm" || all[name].Tool == "task"
	return hooks && (isBefore && all[before].Tool != "" || isAfter && all[after].Tool != "")
}

// offers returns the offers of a script: by its name, and by its aliases.
func (all scripts) offers(s pipelines.Script) (out []taskfile.Offer) {
	o := taskfile.Offer{Name: s.Name, Argv: s.Argv, Source: s.File, Summary: summary(s.Table),
		Includes: taskfile.Included(s.Name, all.needs), Runs: taskfile.Reached(s.Name, all.needs)}
	o.NeedsTerminal = toml.Bool(s.Table, "interactive") || toml.Bool(s.Table, "raw") || toml.String(s.Table, "confirm") != ""
	if s.Tool == "mise" && toml.Has(s.Table, "sources") && pipelines.KindOfName(s.Name) != "" {
		o.Argv = []string{"mise", "run", "--force", s.Name} // what it lists is not all that its verdict depends on
	}
	for _, name := range o.Runs {
		dir, text := toml.String(all[name].Table, "dir"), strings.Join(all[name].Lines, "\n")
		o.Scripts = append(o.Scripts, taskfile.Script{Dir: within(dir), Text: text, Own: s.Tool == "hatch"})
	}
	o.Scripts = append(o.Scripts, taskfile.Script{Dir: ".", Text: sdk.Quote(s.Argv...)})
	if call := taskfile.FindRecursion(s.Name, all.edges); call != "" {
		o.Refused, o.Why = true, "its commands call davit for it ("+call+"), which would go round for ever"
	} else if needsArgument(s.Table) {
		o.Refused, o.Why = true, "an argument must be given: "+strings.Join(s.Argv, " ")+" ARGUMENT"
	}
	out = []taskfile.Offer{o}
	for _, alias := range append(toml.Strings(s.Table, "alias"), toml.String(s.Table, "alias")) {
		if alias != "" && all[alias].Tool == "" {
			o.Name, o.Why = alias, taskfile.Sentence("an alias of "+s.Name, o.Why)
			out = append(out, o)
		}
	}
	return out
}

// needs returns the scripts that one runs, with its hooks.
func (all scripts) needs(name string) (names []string) {
	for _, other := range slices.Concat([]string{"pre_" + name, "post_" + name}, all[name].Needs) {
		if all[other].Tool != "" && (all.isHook(other) || slices.Contains(all[name].Needs, other)) {
			names = append(names, other)
		}
	}
	s := all[name]
	if s.Tool == "" {
		return names
	}
	return append(names, slices.DeleteFunc(taskfile.Calls(s.Lines, s.Tool), func(other string) bool { return all[other].Tool == "" })...)
}

// edges returns what a script runs, and the targets for which it calls davit.
func (all scripts) edges(name string) (needs, davit []string) {
	return all.needs(name), taskfile.Calls(all[name].Lines, "davit")
}

// summary returns the description of a task in one line.
func summary(table map[string]any) string {
	for _, key := range []string{"description", "help"} {
		if line, _, _ := strings.Cut(strings.TrimSpace(toml.String(table, key)), "\n"); line != "" {
			return line
		}
	}
	return ""
}

// needsArgument reports whether a task cannot run without an argument: "required" of poe, "<name>" of mise.
func needsArgument(table map[string]any) bool {
	args := toml.Tables(table, "args")
	for _, one := range toml.Table(table, "args") {
		if arg, ok := one.(map[string]any); ok {
			args = append(args, arg)
		}
	}
	usage := toml.String(table, "usage")
	return slices.ContainsFunc(args, func(arg map[string]any) bool { return toml.Bool(arg, "required") }) ||
		strings.Contains(usage, `arg "<`) && !strings.Contains(usage, "default=")
}

// within returns a folder that a task names, or ".." if it is not known: "{{cwd}}".
func within(dir string) string {
	switch {
	case dir == "", dir == "{{config_root}}":
		return "."
	case strings.ContainsAny(dir, "{$~"):
		return ".."
	}
	return strings.TrimPrefix(dir, "{{config_root}}/")
}
