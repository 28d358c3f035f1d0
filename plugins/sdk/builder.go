package sdk

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// A Builder is a plan in the making. Its maps exist, so that a plugin can add to them, and its methods keep
// steps, targets and explanations together.
type Builder struct {
	*plan.Plan
}

// NewBuilder returns a Builder for a project of a stack. A plugin that finds nothing returns a nil plan
// instead.
func NewBuilder(stack, summary string) *Builder {
	return &Builder{&plan.Plan{
		Match:   true,
		Stack:   stack,
		Summary: summary,
		Tools:   map[string]plan.Tool{},
		Steps:   map[string]plan.Step{},
		Targets: map[string][]string{},
		About:   map[string]plan.About{},
	}}
}

// Add puts a step into the plan, in place of one that has its id, and appends it to a target. A target has a
// step only after it was added; so a new one is not looked for among the thousands that a target may have.
func (b *Builder) Add(target, id string, s plan.Step) {
	if _, replaces := b.Steps[id]; replaces {
		b.Append(target, id)
	} else {
		b.Targets[target] = append(b.Targets[target], id)
	}
	b.Steps[id] = s
}

// AddIn is Add for a step that runs in a folder of the project. Below its root, the id has the folder, since each
// folder may have such a step. It returns the id.
func (b *Builder) AddIn(dir, target, id string, s plan.Step) string {
	if dir != "." {
		s.Dir = dir
		id = b.UniqueID(id + "@" + dir)
	}
	b.Add(target, id, s)
	return id
}

// Append adds steps to the end of a target, except those that it has already.
func (b *Builder) Append(target string, ids ...string) {
	for _, id := range ids {
		if !slices.Contains(b.Targets[target], id) {
			b.Targets[target] = append(b.Targets[target], id)
		}
	}
}

// ID returns a text as an id, or a part of one, with "-" for white space, which an id must not have.
func ID(text string) string { return strings.Join(strings.Fields(text), "-") }

// FolderIDs are the beginnings of ids, by which the steps of folders are told apart, and their folders.
type FolderIDs map[string]string

// Of returns the beginning of the ids of a folder: none for the root, else its path as an ID, a "+" for each other
// folder that has that already ("my-app" and "my app"), and a slash.
func (f FolderIDs) Of(dir string) string {
	if dir == "." {
		return ""
	}
	id := ID(dir)
	for f[id] != "" && f[id] != dir {
		id += "+"
	}
	f[id] = dir
	return id + "/"
}

// UniqueID returns the id of a new step. It is the text as an ID, and a "+" for each step that already has the id.
func (b *Builder) UniqueID(text string) string {
	id := ID(text)
	for b.Steps[id].Op != "" {
		id += "+"
	}
	return id
}

// Offers reports whether a target has steps.
func (b *Builder) Offers(target string) bool { return len(b.Targets[target]) > 0 }

// Explain records why a target is as it is.
func (b *Builder) Explain(target, why string) { b.About[target] = plan.About{Why: why} }

// ExplainAbsent records why the targets of a map are not offered, unless they are.
func (b *Builder) ExplainAbsent(reasons map[string]string) {
	for target, why := range reasons {
		if !b.Offers(target) {
			b.Explain(target, why)
		}
	}
}

// OmitUnless is Omit for a part that a task file would take in by one of some words.
func (b *Builder) OmitUnless(words []string, part, hint string, targets ...string) {
	b.Omitted = append(b.Omitted, plan.Omission{Part: part, Words: words, Targets: targets, Hint: hint})
}

// Omit records that targets leave out a part of the project. The hint says how to take it in.
func (b *Builder) Omit(part, hint string, targets ...string) {
	b.Omitted = append(b.Omitted, plan.Omission{Part: part, Targets: targets, Hint: hint})
}

// Decisions are the choices that a plugin made, each a sentence with its reason. They become the Decisions of
// the plan.
type Decisions []string

// Add appends a sentence, unless it is there already.
func (d *Decisions) Add(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(*d, text) {
		*d = append(*d, text)
	}
}
