package pipelines

import (
	"path"
	"slices"
)

// wholeWords are words in the names of tasks that people call for all that there is to check.
var wholeWords = []string{"ci", "verify", "validate", "check", "checks", "checkall", "all", "gate", "gates", "presubmit", "precommit", "prepush",
	"preflight", "qa", "quality", "everything", "full", "complete"}

// Whole reports whether a task is called for all that there is to check, by its name, or since its tool runs it where none is
// named.
func (t Task) Whole() bool {
	if slices.Contains([]string{"pre-commit", "pre-push", "pre-submit"}, path.Base(t.Name)) {
		return true
	}
	return MayCheck(t.Name) && (t.First || t.Beside != "" || NameHas(t.Name, wholeWords))
}

// More returns what a task runs that is no check by a tool that is known, and that may be one: scripts and programs of the
// project, and commands that decide by themselves.
func (t Task) More() (texts []string) {
	p := &Pipeline{Calls: slices.Clone(t.Calls[1:])}
	for _, u := range append(p.Judge(), t.unread...) {
		if slices.Contains([]string{isOther, isProgram, isComputed, runsOthers, decides}, u.Why) {
			texts = append(texts, u.What)
		}
	}
	for _, c := range p.Calls {
		if c.Decides != "" {
			texts = append(texts, c.Plain())
		}
	}
	return texts
}
