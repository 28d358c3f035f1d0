package app

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/environ"
)

// runningEnv names the variable that tells a davit that is called by a step what the ones above it are running: a line for each
// target, the root of its project and its name with a tab between.
const runningEnv = "DAVIT_RUNNING"

// nested refuses a target that a davit above is running: a Makefile whose test calls davit test would never end.
func (p *Project) nested(targets []string) error {
	running := strings.Split(p.env(runningEnv), "\n")
	for _, name := range targets {
		if slices.Contains(running, p.Root.Dir+"\t"+name) {
			return usage("call the tool itself there, or give the target another name",
				"target %q was called by itself: a step of it runs davit %s", name, name)
		}
	}
	return nil
}

// stepEnv is the environment of steps: the caller's, and what is running.
func (p *Project) stepEnv(targets []string) []string {
	running := p.env(runningEnv)
	for _, name := range targets {
		running += "\n" + p.Root.Dir + "\t" + name
	}
	return environ.Join(p.Environ, runningEnv+"="+strings.TrimPrefix(running, "\n"))
}
