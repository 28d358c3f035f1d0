package runner

import (
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// Effect is what a step may do to the world around it.
type Effect string

// The effects.
const (
	Reads  Effect = "reads"  // tracked files must not change
	Builds Effect = "builds" // writes its outputs and nothing else
	Writes Effect = "writes" // may change tracked files
	Runs   Effect = "runs"   // long-running, owns the terminal
	Ships  Effect = "ships"  // changes an environment
)

// Where is a place for a step to run in.
type Where string

// The places.
const (
	OnHost      Where = "host"
	InContainer Where = "container"
)

// Step is a step of a plan in the graph of a run.
type Step struct {
	// ID is unique in the graph: "go:build".
	ID string
	// Plan is the step as its plugin gave it, but for Needs and After, which hold ids of the graph.
	Plan plan.Step
	// Plugin is the name of the plugin.
	Plugin string
	// Name is what the image that the step makes is called; empty is the name of the project.
	Name string
	// ToolName and Tool are the program that the step needs; Tool is nil where it names none.
	ToolName string
	Tool     *plan.Tool
	// Effect of the target that the step is of.
	Effect Effect
	// Cacheable says that the target's results may be kept. See Cached for what else is asked of a step.
	Cacheable bool
	// Where the step runs: OnHost, or InContainer of an engine.
	Where Where
	// Reason says why there.
	Reason string
	// Inside says that what the step makes stays in the engine, for the steps that need it.
	Inside bool
	// Report is the absolute path of the file that "{report}" in Argv, Args and Env stands for; empty where no file is wanted. It
	// is a file of the host: of a step elsewhere it is what comes back.
	Report string
	// Args are what follows -- on the command line: added to the argv, "$@" in a script.
	Args []string
	// Targets are the targets that the step was asked for by; none for a step that others need.
	Targets []string
}

// outputs are the paths that the step leaves in the project: none of one whose work stays in the engine.
func (s Step) outputs() []string {
	if s.Inside {
		return nil
	}
	return s.Plan.Outputs
}

// stamp is the file in the project that proves that the outputs are in place, or "".
func (s Step) stamp() string {
	if s.Inside {
		return ""
	}
	return s.Plan.Stamp
}

// Argv is the command of an "exec" step with its arguments.
func (s Step) Argv() []string { return append(slices.Clone(s.Plan.Argv), s.Args...) }

// Command is the step on one line, for a reader, as a shell would take it.
func (s Step) Command() string {
	switch s.Plan.Op {
	case plan.OpExec:
		return Quote(s.Argv())
	case plan.OpShell:
		return strings.TrimSpace(firstLine(s.Plan.Script) + " " + Quote(s.Args))
	case plan.OpWrite:
		return "write " + Quote(slices.Sorted(maps.Keys(s.Plan.Files)))
	case plan.OpImage:
		return "image " + imageSource(s.Plan.Image)
	}
	return string(s.Plan.Op)
}

// imageSource says what an image is made with.
func imageSource(i *plan.Image) string {
	switch {
	case i == nil:
		return ""
	case i.Dockerfile != "":
		return "of " + Quote([]string{i.Dockerfile})
	}
	return "on " + Quote([]string{i.Base})
}

// firstLine is the first line of a script that is not empty, with "…" where more follow.
func firstLine(script string) string {
	first, more, _ := strings.Cut(strings.TrimSpace(script), "\n")
	if strings.TrimSpace(more) != "" {
		first += " …"
	}
	return first
}

// Quote joins words in the way that a POSIX shell takes apart again.
func Quote(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		if w == "" || strings.ContainsFunc(w, needsQuotes) {
			w = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
		quoted[i] = w
	}
	return strings.Join(quoted, " ")
}

// Brief is Quote for a reader: of a word of several lines it shows the first.
func Brief(words []string) string {
	short := make([]string, len(words))
	for i, w := range words {
		short[i] = firstLine(w)
	}
	return Quote(short)
}

func needsQuotes(r rune) bool {
	plain := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r > 0x7f
	return !plain && !strings.ContainsRune("-_./:=@%+,^", r)
}
