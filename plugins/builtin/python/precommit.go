package python

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/precommit"
)

// A hooksCall is a command of a pipeline that runs all hooks.
type hooksCall struct {
	runner string // "pre-commit" or "prek", which reads the same configuration
	source string
	skip   string // the hooks that it leaves out, as in the variable SKIP
}

// offerPreCommit adds pre-commit to style if a pipeline runs it on all files, and reports whether one does.
func (c *checks) offerPreCommit() bool {
	at, ok := c.preCommitCall()
	if !ok {
		return false
	}
	why := at.source + " runs it"
	i := c.install("pre-commit", checker{name: at.runner, why: why})[0]
	s := plan.Step{Op: plan.OpShell, Script: at.script(c.hooks.Hosts), Needs: i.needs, Path: i.path,
		Inputs: c.all(), Settings: append(sdk.Settings("git"), plan.SettingGit),
		Caches: []plan.Cache{{ID: "pre-commit", Env: "PRE_COMMIT_HOME"}}}
	s.Env = map[string]string{"SKIP": at.skip} // not the caller's: each run checks the same
	c.b.addTarget("style", at.runner+", because "+why, c.b.addStep("style-"+at.runner, s))
	c.b.addTarget("init", at.runner, i.needs...)
	return true
}

// script returns the script that runs all hooks. They are fetched first, so that a server which cannot be
// reached is no verdict on the sources.
func (at hooksCall) script(hosts []string) string {
	text := `# RUNNER run --all-files
git rev-parse --git-dir >/dev/null || { echo 'RUNNER needs the repository of git' >&2; exit 1; }
log=$(mktemp)
RUNNER install-hooks >"$log" 2>&1 || {
  status=$?
  cat "$log" >&2
  if grep -q -i -E 'unable to access|could not (resolve|connect|read from)|timed out|unreachable|refused' "$log"; then
    echo MESSAGE >&2
  fi
  rm -f "$log"
  exit $status
}
rm -f "$log"
RUNNER run --all-files --show-diff-on-failure "$@"
`
	message := at.runner + " fetches its hooks from " + strings.Join(hosts, " and ") + ", which cannot be reached"
	return strings.NewReplacer("RUNNER", at.runner, "MESSAGE", sdk.Quote(message)).Replace(text)
}

// preCommitCall returns the first command of a pipeline that runs all hooks, which are those of the root.
func (e *env) preCommitCall() (hooksCall, bool) {
	if len(e.hooks.Hooks) == 0 || e.dir != "." {
		return hooksCall{}, false
	}
	if e.hooksCalled == nil {
		e.hooksCalled = &hooksCall{}
		for _, c := range e.pipelineCommands() {
			if runner, ok := hooksRunner(c); ok {
				file, _, _ := strings.Cut(c.job, " ")
				*e.hooksCalled = hooksCall{runner, c.source(), cmp.Or(skipIn(e.Head(c.file, maxPipeline)),
					skipIn(e.Head(file, maxPipeline)))}
				break
			}
		}
	}
	return *e.hooksCalled, e.hooksCalled.runner != ""
}

// hooksRunner returns the runner of hooks that a command calls, if it runs all of them on all files.
func hooksRunner(c command) (string, bool) {
	runner := c.words[0]
	return runner, (runner == "pre-commit" || runner == "prek") && c.calls(runner, "run") && runsAll(c.words[2:])
}

// runsAll reports whether the arguments of "run" name all files, and neither a hook nor a stage.
func runsAll(args []string) bool {
	all := false
	for i := 0; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "--all-files" || arg == "-a":
			all = true
		case strings.HasPrefix(arg, "--hook-stage"):
			return false
		case arg == "--color" || arg == "--config" || arg == "-c":
			i++
		case !strings.HasPrefix(arg, "-"):
			return false
		}
	}
	return all
}

// skipIn returns the value that a pipeline gives the variable SKIP.
func skipIn(text string) string {
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		for _, form := range []string{"SKIP:", "SKIP=", "- SKIP=", "export SKIP="} {
			if value, ok := strings.CutPrefix(line, form); ok {
				value, _, _ = strings.Cut(strings.TrimSpace(value), " ")
				return strings.Trim(value, `'"`)
			}
		}
		if _, value, ok := strings.Cut(line, " SKIP="); ok {
			value, _, _ = strings.Cut(value, " ")
			return strings.Trim(value, `'"`)
		}
	}
	return ""
}

// runs reports whether a hook is that of the linter which the checker calls.
func (k checker) runs(h *precommit.Hook) bool {
	return slices.ContainsFunc(linters(), func(l linter) bool { return l.step == k.step && h.Runs(l.hooks, l.entry...) })
}

// nameOtherHooks says which hooks of pre-commit no step of style runs.
func (c *checks) nameOtherHooks(checkers []checker) {
	var names []string
	for i := range c.hooks.Hooks {
		h := &c.hooks.Hooks[i]
		known := slices.ContainsFunc(checkers, func(k checker) bool { return k.hook == h || k.runs(h) }) ||
			c.hookOf("bandit") == h
		if !known && !h.Manual && !slices.Contains(names, h.ID) {
			names = append(names, h.ID)
		}
	}
	if len(names) == 0 {
		return
	}
	text := fmt.Sprintf("%s also names %s, which style does not run", precommit.File, strings.Join(names, ", "))
	c.decide(text)
	c.b.explain("style", text)
	c.b.Omit(c.b.prefix+"hooks of "+precommit.File+": "+strings.Join(names, ", "), "pre-commit run --all-files", "style")
}
