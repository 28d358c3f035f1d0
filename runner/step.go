package runner

import (
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// An Effect is what a step may do to its surroundings.
type Effect string

// The effects.
const (
	Reads  Effect = "reads"  // tracked files must not change
	Builds Effect = "builds" // writes its outputs and nothing else
	Writes Effect = "writes" // may change tracked files
	Runs   Effect = "runs"   // long-running, owns the terminal
	Ships  Effect = "ships"  // changes an environment
)

// Where is the place that a step runs in.
type Where string

// The places.
const (
	OnHost      Where = "host"
	InContainer Where = "container"
)

// A Step is a step of a plan in the graph of a run.
type Step struct {
	// ID is unique in the graph: "go:build".
	ID string
	// Plan is the step as its plugin gave it, except for Needs and After, which hold ids of the graph, and
	// the steps of a task file that this one comes after.
	Plan plan.Step
	// Plugin is the name of the plugin.
	Plugin string
	// Name is the name of the image that the step makes; empty is the name of the project.
	Name string
	// ToolName and Tool are the program that the step needs; Tool is nil if it names none.
	ToolName string
	Tool     *plan.Tool
	// Effect is the effect of the step's target.
	Effect Effect
	// DependsOn are the folders outside of the project whose code decides the result, relative to the project.
	DependsOn []string
	// Reserved is what the step may not write; nil for a command of the user.
	Reserved *Reserved
	// Afresh says that it runs each time, in a container too, where the engine has its own results.
	Afresh bool
	// OwnInputs says that the user wrote the inputs of the step, so each must match a file.
	OwnInputs bool
	// Cacheable says that results of the target may be stored. See Cached for the other conditions.
	Cacheable bool
	// Where is the place that the step runs in.
	Where Where
	// Reason is why it runs there.
	Reason string
	// ToolDir is the absolute path of a folder of this machine that comes first in the caller's PATH for a step on
	// the host, since it has the runtime that the project pins; empty is none.
	ToolDir string
	// Inside says that the outputs stay in the engine, for the steps that need them.
	Inside bool
	// Report is the absolute path of the file that replaces "{report}" in Argv, Args and Env; empty if no
	// file is wanted. It is a file of the host: a step in a container returns it.
	Report string
	// Args are the arguments behind -- on the command line: they are added to the argv, and are "$@" in a
	// script.
	Args []string
	// Follows are ids of steps that end before this one starts and must have succeeded, since the tool of a
	// task file would stop at them. They do not count for the result.
	Follows []string
	// UserConfig is what the step gets of the user's configuration of package managers in a container.
	UserConfig UserConfig
	// EnvFile lists the files of variables that project.toml names for a step of a plugin; nil for none of its own.
	EnvFile []string
	// Variables are those of files that project.toml names, by name. They are among the secrets, and count as those of the
	// caller do.
	Variables map[string]string
	// Targets are the requested targets that the step belongs to; none for a step that only others need.
	Targets []string
}

// outputs returns the paths that the step leaves in the project: none if they stay in the engine.
func (s Step) outputs() []string {
	if s.Inside {
		return nil
	}
	return s.Plan.Outputs
}

// Made returns the files and folders that the step makes, for others or for itself. A path of a report may be a
// glob.
func (s Step) Made() []string {
	made := slices.Clone(s.Plan.Outputs)
	for _, c := range s.Plan.Caches {
		if c.Path != "" {
			made = append(made, c.Path)
		}
	}
	for _, r := range s.Plan.Reports {
		if r.Path != "" {
			made = append(made, r.Path)
		}
	}
	return made
}

// Argv returns the command of an "exec" step with its arguments. A "--" at the end of the command is for them.
func (s Step) Argv() []string {
	argv := slices.Clone(s.Plan.Argv)
	if last := len(argv) - 1; len(s.Args) == 0 && last > 0 && argv[last] == "--" {
		return argv[:last]
	}
	return append(argv, s.Args...)
}

// UpToDate returns the command that exits 0 if the step would do nothing, with its arguments; nil if that is
// no failure: a step that checks nothing may have nothing to do.
func (s Step) UpToDate() []string {
	if s.Plan.UpToDate == nil || s.Effect != Reads {
		return nil
	}
	return append(slices.Clone(s.Plan.UpToDate.Argv), s.Args...)
}

// UpToDateReason returns why a check failed whose command would have done nothing, and what can be done about
// it.
func UpToDateReason(s Step) string {
	reason := Quote(s.UpToDate()) + " says that there is nothing to do, so nothing is checked"
	if hint := s.Plan.UpToDate.Hint; hint != "" {
		reason += "; " + hint
	}
	return reason
}

// Command returns the step as one line of shell, for a reader. Arguments of a script are what it calls "$@".
func (s Step) Command() string {
	switch s.Plan.Op {
	case plan.OpExec:
		return Quote(s.Argv())
	case plan.OpShell:
		return s.parameters() + firstLine(s.Plan.Script)
	case plan.OpWrite:
		return "write " + Quote(slices.Sorted(maps.Keys(s.Plan.Files)))
	case plan.OpImage:
		return "image " + imageSource(s.Plan.Image)
	}
	return string(s.Plan.Op)
}

// parameters returns the command that gives a script its arguments.
func (s Step) parameters() string {
	if len(s.Args) == 0 {
		return ""
	}
	return "set -- " + Quote(s.Args) + "; "
}

// imageSource returns what an image is made with.
func imageSource(i *plan.Image) string {
	switch {
	case i == nil:
		return ""
	case i.Dockerfile != "":
		return "of " + Quote([]string{i.Dockerfile})
	}
	return "on " + Quote([]string{i.Base})
}

// firstLine returns the first line of a script that is not empty, with "…" if more follow.
func firstLine(script string) string {
	first, more, _ := strings.Cut(strings.TrimSpace(script), "\n")
	if strings.TrimSpace(more) != "" {
		first += " …"
	}
	return first
}

// Quote joins words so that a POSIX shell splits them in the same way.
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

// Brief is Quote for a reader: it shows only the first line of each word.
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
