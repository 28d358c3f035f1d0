package python

import (
	"slices"
	"strings"
)

// packagesOption returns the option with which uv fills the environment of a workspace for all members.
func (e *env) packagesOption() []string {
	if e.isWorkspace() && !e.rootOnly {
		return []string{"--all-packages"}
	}
	return nil
}

// takeSync takes from the pipelines whether the environment of a workspace is that of its root alone: then tests that need
// what only a member declares fail here as they do there. Members that are tested by themselves need their own.
func takeSync(all []*env) {
	alone := !slices.ContainsFunc(all, func(e *env) bool { return e.inWorkspace() && !e.builtOnly && e.tests.runner != "" })
	for _, e := range all {
		if file := e.syncsRoot(); alone && file != "" && e.isWorkspace() {
			e.rootOnly = true
			e.why += "; it installs the root of the workspace without its members, as " + file + " does"
		}
	}
}

// syncsRoot returns the pipeline by which uv fills the environment for the root of a workspace alone, or "".
func (pr *project) syncsRoot() (file string) {
	if pr.dir != "." {
		return ""
	}
	for _, c := range pr.pipelineCommands() {
		switch {
		case !c.calls("uv", "sync"):
		case c.dir != ".":
			return "" // a member is tested by itself
		case file == "":
			file = c.source()
		}
	}
	for _, name := range pr.pipelineFiles() {
		if strings.Contains(pr.Head(name, maxPipeline), "-package") { // "--all-packages", "uv run --package"
			return ""
		}
	}
	return file
}
