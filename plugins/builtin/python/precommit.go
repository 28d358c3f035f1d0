package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/precommit"
	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// A call is a command of a pipeline that runs all hooks.
type call struct {
	runner string // "pre-commit" or "prek", which reads the same configuration
	file   string
	skip   string // the hooks that it leaves out, as in the variable SKIP
}

// offerPreCommit adds pre-commit to style if a pipeline runs it on all files, and reports whether one does.
func (c *checks) offerPreCommit() bool {
	at, ok := c.preCommitCall()
	if !ok {
		return false
	}
	why := at.file + " runs it"
	i := c.install("pre-commit", checker{name: at.runner, why: why})[0]
	s := plan.Step{Op: plan.OpShell, Script: at.script(c.hooks.Hosts), Needs: i.needs, Path: i.path,
		Inputs: c.all(), Settings: append(sdk.Settings("git"), plan.SettingGit),
		Caches: []plan.Cache{{ID: "pre-commit", Env: "PRE_COMMIT_HOME"}}}
	if at.skip != "" {
		s.Env = map[string]string{"SKIP": at.skip}
	}
	c.b.addTarget("style", at.runner+", because "+why, c.b.addStep("style-"+at.runner, s))
	c.b.addTarget("init", at.runner, i.needs...)
	return true
}

// script returns the script that runs all hooks. They are fetched first, so that a server which cannot be
// reached is no verdict on the sources.
func (at call) script(hosts []string) string {
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

// preCommitCall returns the first command in a pipeline that runs all hooks, which are those of the root.
func (e *env) preCommitCall() (call, bool) {
	if len(e.hooks.Hooks) == 0 || e.dir != "." {
		return call{}, false
	}
	for _, file := range e.pipelineFiles() {
		text := e.Head(file, maxPipeline)
		if runner := runnerIn(text); runner != "" {
			return call{runner, file, skipIn(text)}, true
		}
	}
	return call{}, false
}

// runnerIn returns the runner that the commands or the actions of a pipeline call on all files, or "".
func runnerIn(text string) string {
	for _, line := range commandLines(text) {
		if runner := runnerOf(strings.Fields(line)); runner != "" {
			return runner
		}
	}
	for _, step := range actions(yaml.Parse(text)) {
		action, _, _ := strings.Cut(step.Get("uses").Text(), "@")
		runner := map[string]string{"pre-commit/action": "pre-commit", "j178/prek-action": "prek"}[action]
		with := step.Get("with")
		args := append(strings.Fields(with.Get("extra_args").Text()), strings.Fields(with.Get("extra-args").Text())...)
		if runner != "" && (len(args) == 0 || runsAll(args)) {
			return runner
		}
	}
	return ""
}

// commandLines returns the commands in the lines of a pipeline, without those whose failure is ignored.
func commandLines(text string) (out []string) {
	text = strings.NewReplacer("\\\n", " ", "&&", "\n", ";", "\n", "'", " ", `"`, " ").Replace(text)
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		named := strings.HasPrefix(strings.TrimLeft(line, "- "), "name:")
		if !named && !strings.HasPrefix(line, "#") && !strings.Contains(line, "||") {
			line, _, _ = strings.Cut(line, "|")
			line, _, _ = strings.Cut(line, ">")
			out = append(out, line)
		}
	}
	return out
}

// runnerOf returns the runner in the words of a command, if it runs all hooks on all files.
func runnerOf(words []string) string {
	for i, word := range words[:max(len(words)-1, 0)] {
		if runner := strings.ReplaceAll(word, "_", "-"); (runner == "pre-commit" || runner == "prek") &&
			words[i+1] == "run" && runsAll(words[i+2:]) {
			return runner
		}
	}
	return ""
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

// nameOtherHooks says which hooks of pre-commit no step of style runs.
func (c *checks) nameOtherHooks(checkers []checker) {
	var names []string
	for i := range c.hooks.Hooks {
		h := &c.hooks.Hooks[i]
		known := slices.ContainsFunc(checkers, func(k checker) bool { return k.hook == h }) || c.hookOf("bandit") == h
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
}
