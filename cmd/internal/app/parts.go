package app

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/stacks"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins/sdk"
)

// wholeTargets are those whose names promise something of all parts of a project.
var wholeTargets = []string{"build", "test", "test-unit", "style", "check"}

// UnknownParts returns the parts of the project that neither a plugin nor a task file knows.
func (p *Project) UnknownParts() []stacks.Part {
	words := sync.OnceValue(p.taskWords) // few projects have such a part
	return slices.DeleteFunc(stacks.Parts(p.files), func(part stacks.Part) bool {
		return p.knows(part) || slices.ContainsFunc(part.Programs, func(program string) bool { return words()[program] })
	})
}

// knows reports whether a plugin looks for the manifest of a part.
func (p *Project) knows(part stacks.Part) bool {
	return len(tree.Match(p.detect, []string{part.Manifest})) > 0
}

// taskWords returns the words of all files that define targets: a Makefile that calls terraform knows of it.
func (p *Project) taskWords() map[string]bool {
	words, read := map[string]bool{}, map[string]bool{}
	for _, o := range p.Offers {
		if o.Authority == conventions.Inferred {
			continue
		}
		for _, about := range o.Plan.About {
			if name, _, _ := strings.Cut(about.Source, ":"); name != "" && !read[name] {
				read[name] = true
				maps.Copy(words, p.wordsOf(name))
			}
		}
	}
	return words
}

// wordsOf returns the words of a file that may name programs.
func (p *Project) wordsOf(name string) map[string]bool {
	words := map[string]bool{}
	text, _ := regular.ReadInside(p.Root.Dir, name, regular.Config)
	for word := range strings.FieldsFuncSeq(string(text), func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !letter && r != '-' && r != '_'
	}) {
		words[word] = true
	}
	return words
}

// unknownParts returns a sentence about the parts that the targets of a run leave out since no plugin knows them.
func (p *Project) unknownParts(s *Selection) []string {
	if !slices.ContainsFunc(s.requests, func(r request) bool { return slices.Contains(wholeTargets, r.target.Name) }) {
		return nil
	}
	parts := p.UnknownParts()
	if len(parts) == 0 {
		return nil
	}
	return []string{p.DescribeParts(parts) + takeIn(parts)}
}

// takeIn returns what to write into project.toml so that the first part which has a command is tested; "" if none has one.
func takeIn(parts []stacks.Part) string {
	i := slices.IndexFunc(parts, func(part stacks.Part) bool { return part.Test != "" })
	if i < 0 {
		return ""
	}
	name := strings.ToLower(strings.Trim(parts[i].Name, "."))
	return fmt.Sprintf("; [targets.%s] run = %q and [targets.test] parts = [%q] in project.toml take %s in",
		name, inFolder(parts[i]), name, parts[i].Path())
}

// DescribeParts says which parts of a project are left out.
func (p *Project) DescribeParts(parts []stacks.Part) string {
	var names []string
	for _, part := range parts {
		names = append(names, part.String())
	}
	return "no plugin knows " + p.list().of(names) + ", so davit leaves that out"
}

// inFolder returns the command that tests a part, from the root of the project; "" if there is none.
func inFolder(part stacks.Part) string {
	if part.Dir() == "." || part.Test == "" {
		return part.Test
	}
	return "cd " + sdk.Quote(part.Dir()) + " && " + part.Test
}
