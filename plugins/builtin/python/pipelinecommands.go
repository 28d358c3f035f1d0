package python

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// pipelineCommands returns the commands that the pipelines of the repository call for changes, through tox, nox, make
// and scripts, read once.
func (pr *project) pipelineCommands() []command {
	if pr.pipeline == nil {
		x := &expansion{project: pr, seen: map[string]bool{}, commands: []command{}}
		for _, file := range pr.pipelineFiles() {
			for _, s := range pipelineScripts(file, pr.Head(file, maxPipeline)) {
				x.job = file + " " + s.job
				x.script(s.text, s.dir, file, nil)
			}
		}
		pr.pipeline = x.commands
	}
	return pr.pipeline
}

// A pipelineScript is one script of a job of a pipeline, and the folder that it runs in.
type pipelineScript struct{ text, dir, job string }

// expressions matches what a pipeline replaces: "${{ matrix.python }}", "$[variables.x]", "<< parameters.x >>".
var expressions = lazyRegexp(`\$\{\{[^}]*\}\}|\$\[[^\]]*\]|<<[^>]*>>`)

// pipelineScripts returns the scripts of a pipeline that run for changes.
func pipelineScripts(file, text string) []pipelineScript {
	root := yaml.Parse(expressions().ReplaceAllString(text, "$$X"))
	if strings.HasPrefix(file, ".github/") {
		return workflowScripts(root)
	}
	return scriptsBelow(root, "")
}

// workflowScripts returns the scripts of a workflow of GitHub, unless it runs only for releases or at times.
func workflowScripts(root *yaml.Node) (out []pipelineScript) {
	if !runsForChanges(root) {
		return nil
	}
	for _, job := range root.Get("jobs").Entries() {
		if job.Get("continue-on-error").Text() == "true" {
			continue
		}
		for _, step := range job.Get("steps").Items() {
			dir := ""
			for _, n := range []*yaml.Node{root.Get("defaults").Get("run"), job.Get("defaults").Get("run"), step} {
				if name := n.Get("working-directory").Text(); name != "" {
					dir = name
				}
			}
			if step.Get("continue-on-error").Text() != "true" {
				out = append(out, pipelineScript{stepScript(step), folder(dir), job.Key})
			}
		}
	}
	return out
}

// folder returns a folder of the repository, ".." if it is not known.
func folder(name string) string {
	name = path.Clean("./" + name)
	if !isKnown(name) || strings.HasPrefix(name, "..") {
		return ".."
	}
	return name
}

// runsForChanges reports whether a workflow runs when somebody pushes or asks to merge, or another one calls it.
func runsForChanges(root *yaml.Node) bool {
	on := root.Get("on")
	events := on.List()
	for _, event := range on.Entries() {
		events = append(events, event.Key)
	}
	return len(events) == 0 || slices.ContainsFunc(events, func(event string) bool {
		return slices.Contains([]string{"push", "pull_request", "pull_request_target", "merge_group", "workflow_call"},
			event)
	})
}

// actionCommands are the commands that actions of GitHub run.
var actionCommands = map[string]string{"pre-commit/action": "pre-commit run", "j178/prek-action": "prek run",
	"psf/black": "black --check", "isort/isort-action": "isort", "jpetrucciani/mypy-check": "mypy"}

// stepScript returns the script of a step, or the command of its action.
func stepScript(step *yaml.Node) string {
	with := step.Get("with")
	action, _, _ := strings.Cut(step.Get("uses").Text(), "@")
	switch action {
	case "":
		return step.Get("run").Text()
	case "pre-commit/action", "j178/prek-action":
		args := strings.TrimSpace(with.Get("extra_args").Text() + with.Get("extra-args").Text())
		if args == "" {
			args = "--all-files"
		}
		return actionCommands[action] + " " + args
	case "astral-sh/ruff-action", "chartboost/ruff-action":
		args, src := with.Get("args").Text(), with.Get("src").Text()
		if args == "" {
			args = "check"
		}
		return "ruff " + args + " " + src
	case "psf/black":
		src := with.Get("src").Text()
		if src == "" {
			src = "."
		}
		return "black --check " + src
	}
	return actionCommands[action]
}

// scriptKeys are the keys under which other services have scripts.
var scriptKeys = []string{"script", "before_script", "run", "command", "commands", "bash"}

// scriptsBelow returns the scripts below a node, which are of a job.
func scriptsBelow(n *yaml.Node, job string) (out []pipelineScript) {
	for _, c := range n.Entries() {
		if !slices.Contains(scriptKeys, c.Key) || c.Get("command") != nil {
			out = append(out, scriptsBelow(c, cmp.Or(job, c.Key))...)
		} else if text := strings.Join(c.List(), "\n"); text != "" {
			out = append(out, pipelineScript{text, ".", job})
		}
	}
	return out
}
