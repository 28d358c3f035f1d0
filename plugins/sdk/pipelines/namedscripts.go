package pipelines

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// A Script is what a table of TOML defines by a name, for one of the tools hatch, pdm, poe, taskipy ("task") and mise.
type Script struct {
	Tool, Name, File string
	// Argv runs it: "hatch", "run", "lint:style".
	Argv []string
	// Lines are its commands, and Needs the names of the scripts that it runs.
	Lines, Needs []string
	// Table has its other keys, if it is defined by a table.
	Table map[string]any
}

// Scripts returns the scripts that the files in a folder define, in the order of the tools and names.
func Scripts(files Files, dir string) (all []Script) {
	r := newReader(files)
	for _, k := range scriptKinds {
		for _, file := range k.files {
			scripts := k.scripts(toml.Table(r.toml(path.Join(dir, file)), k.keys...))
			for _, name := range slices.Sorted(maps.Keys(scripts)) {
				s := Script{Tool: k.tool, Name: name, File: path.Join(dir, file), Argv: append(strings.Fields(k.command), name)}
				s.Table, _ = scripts[name].(map[string]any)
				s.Lines, s.Needs = k.split(name, scripts)
				all = append(all, s)
			}
		}
	}
	return all
}

// split returns the commands of a script, and the names of those that it runs.
func (k scriptKind) split(name string, scripts map[string]any) (lines, needs []string) {
	env, _, nested := strings.Cut(name, ":")
	for _, line := range scriptLines(scripts[name], k.tool) {
		first, _, _ := strings.Cut(strings.TrimPrefix(line.text, "- "), " ") // hatch goes on after a failure of "- cmd"
		if own := env + ":" + first; nested && k.nested != "" && scripts[own] != nil {
			first = own
		}
		if named := namedBy(first, scripts); line.mayName && first != name && len(named) > 0 {
			needs = append(needs, named...)
		} else {
			lines = append(lines, withoutBraces(line.text))
		}
	}
	return lines, needs
}

// namedBy returns the names of the scripts that a word names: its own or, of a pattern of mise such as "lint:*", those that
// match it.
func namedBy(word string, scripts map[string]any) (names []string) {
	if scripts[word] != nil {
		return []string{word}
	}
	for _, name := range slices.Sorted(maps.Keys(scripts)) {
		if like, _ := path.Match(word, name); like {
			names = append(names, name)
		}
	}
	return names
}
