package app

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/environ"
)

// runningEnv is the variable by which a davit that a step calls knows what the davits above it run: a line
// for each target, with the root of its project, a tab and its name.
const runningEnv = "DAVIT_RUNNING"

// checkNested returns an error about a target that a davit above is running: a Makefile whose test calls
// davit test would never end.
func (p *Project) checkNested(targets []string) error {
	running := strings.Split(p.env(runningEnv), "\n")
	for _, name := range targets {
		if slices.Contains(running, p.Root.Dir+"\t"+name) {
			return usage("call the tool itself there, or give the target another name",
				"target %q was called by itself: a step of it runs davit %s", name, name)
		}
	}
	return nil
}

// stepEnv returns the environment of steps: the caller's, and what is running.
func (p *Project) stepEnv(targets []string) []string {
	running := p.env(runningEnv)
	for _, name := range targets {
		running += "\n" + p.Root.Dir + "\t" + name
	}
	return environ.Join(p.Environ, runningEnv+"="+strings.TrimPrefix(running, "\n"))
}
