package runner

import (
	"slices"
	"strings"
	"sync/atomic"

	"github.com/davit-dev/davit/internal/ui"
)

// unreachable are what package managers print if they cannot reach an index or a host of source code.
var unreachable = []string{
	"newconnectionerror", "nameresolutionerror", "connecttimeouterror", "proxyerror", // pip, pipenv, hatch
	"failed to establish a new connection", "temporary failure in name resolution", // older ones
	"error sending request for url", "network connectivity is disabled", // uv
	"all attempts to connect to",         // poetry
	"connecterror: ", "connecttimeout: ", // pdm
	"enotcached", "err_pnpm_no_offline_", // npm and pnpm that were told not to use the network
	"connectionrefused downloading", "dnsresolvefailed", // bun
	"could not resolve host", "could not connect to server", // cargo, git
	"dial tcp", // go
}

// codes are those of npm, pnpm and yarn; in lower case they are in other words, such as FileNotFoundError.
var codes = []string{"ENOTFOUND", "ECONNREFUSED", "EAI_AGAIN", "ETIMEDOUT", "ENETUNREACH", "ECONNRESET"}

// reachable are what package managers print behind a connection that worked: pip while it downloads, and if a script of a
// package, or of the project, fails by itself.
var reachable = []string{
	"downloading ", "getting requirements to build wheel did not run", "preparing metadata (pyproject.toml) did not run",
	"python setup.py egg_info did not run", "building wheel for ", "building editable for ",
}

// outOfStep are what package managers print if the lock file is not that of the manifest.
var outOfStep = []string{
	"can only install packages when your package.json and package-lock.json", // npm
	"err_pnpm_outdated_lockfile",                                            // pnpm
	"your lockfile needs to be updated",                                     // yarn 1
	"the lockfile would have been modified by this install",                 // yarn 4
	"lockfile had changes, but lockfile is frozen",                          // bun
	"needs to be updated, but `--locked` was provided",                      // uv
	"changed significantly since poetry.lock was last generated",            // poetry
	"lock file hash doesn't match", "is not up to date with pyproject.toml", // pdm
	"pipfile.lock is out-of-date", "pipfile.lock) out of date", // pipenv
	"because --locked was passed to prevent this", // cargo
	"updates to go.mod needed",                    // go
}

// A networkWatch listens to what a step says, for the phrases of managers that cannot reach an index, or have a lock
// file that is out of step.
type networkWatch struct {
	heard   atomic.Bool
	reached atomic.Bool
	stale   atomic.Bool
}

// hear passes events on.
func (w *networkWatch) hear(emit func(ui.Event)) func(ui.Event) {
	return func(e ui.Event) {
		if e.Type == ui.EventOutput {
			for line := range strings.Lines(e.Text) {
				w.line(line)
			}
		}
		emit(e)
	}
}

func (w *networkWatch) line(plain string) {
	text := strings.ToLower(plain)
	switch {
	case containsAny(text, unreachable), containsAny(plain, codes):
		w.heard.Store(true)
	case containsAny(text, reachable): // what failed before worked the second time
		w.heard.Store(false)
	}
	if containsAny(text, outOfStep) {
		w.stale.Store(true)
	}
	// pip lists what the index has if no version fits, also after a connection that worked the second time
	if _, found, ok := strings.Cut(text, "(from versions: "); ok && !strings.HasPrefix(found, "none") {
		w.reached.Store(true)
	}
}

func containsAny(text string, phrases []string) bool {
	return slices.ContainsFunc(phrases, func(phrase string) bool { return strings.Contains(text, phrase) })
}

// result returns a result that says that there is no network, if that is why a step failed that installs or builds
// something. What a test says of the network is its own.
func (w *networkWatch) result(s Step, r Result) Result {
	installs := s.Effect == Builds || s.Plan.Provides != nil
	if r.Status == ui.StatusFailed && w.stale.Load() {
		r.Reason = "the lock file is not that of the manifest: bring it up to date with the package manager"
		return r
	}
	if r.Status != ui.StatusFailed || !installs || !w.heard.Load() || w.reached.Load() {
		return r
	}
	r.Reason = "no network: the package index cannot be reached"
	r.Hint = "run it again with a network, or through a proxy (HTTPS_PROXY); the output above names the address"
	return r
}
