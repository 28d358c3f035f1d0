package python

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/toml"
	"github.com/davit-dev/davit/plugins/sdk/tox"
)

// A leaving is the groups that the pipelines leave out of the environment: "uv sync --no-dev". The project counts as one
// without them, so that what only they have is missing here as it is there.
type leaving struct {
	groups []string
	file   string // of the pipeline
}

// leaveOut takes the groups away that the pipelines leave out wherever they run tests or linters. There is one
// environment, so a group that any of these has stays.
func (pr *project) leaveOut() {
	if !pr.namesLeaving() {
		return
	}
	jobs := pr.jobsThatCheck()
	for i, job := range slices.Sorted(maps.Keys(jobs)) {
		groups := jobs[job].groups
		if i > 0 {
			groups = slices.DeleteFunc(pr.left.groups, func(g string) bool { return !slices.Contains(groups, g) })
		}
		pr.left = leaving{groups, jobs[job].file}
	}
	maps.DeleteFunc(pr.groups, func(name string, _ []requirement) bool { return slices.Contains(pr.left.groups, name) })
}

// namesLeaving reports whether any pipeline has an option that leaves a group out.
func (pr *project) namesLeaving() bool {
	return len(pr.groups) > 0 && slices.ContainsFunc(pr.pipelineFiles(), func(name string) bool {
		text := pr.Head(name, maxPipeline)
		return slices.ContainsFunc([]string{"--no-dev", "--no-group", "--no-default-groups", "--without"},
			func(option string) bool { return strings.Contains(text, option) })
	})
}

// jobsThatCheck returns what the jobs of the pipelines leave out that run tests or linters in an environment of uv or
// poetry, by job.
func (pr *project) jobsThatCheck() map[string]leaving {
	jobs, checking := map[string]leaving{}, map[string]bool{}
	for _, c := range pr.pipelineCommands() {
		if c.dir != pr.dir && !(pr.inWorkspace() && c.dir == ".") {
			continue
		}
		checking[c.job] = checking[c.job] || pr.isCheck(c)
		if options, fills := c.fills(); fills {
			groups := pr.leftOutBy(options)
			if old, known := jobs[c.job]; known { // a call adds to what an earlier one installed
				groups = slices.DeleteFunc(groups, func(g string) bool { return !slices.Contains(old.groups, g) })
			}
			jobs[c.job] = leaving{groups, c.file}
		}
	}
	maps.DeleteFunc(jobs, func(job string, _ leaving) bool { return !checking[job] })
	return jobs
}

// isCheck reports whether a command runs tests, or a linter.
func (pr *project) isCheck(c command) bool {
	if c.dir == pr.dir {
		if runner, _ := pr.testCommand(c); runner != "" {
			return true
		}
	}
	return c.calls("pytest") || slices.ContainsFunc(linters(), func(l linter) bool {
		_, ok := l.argumentsIn(c)
		return ok
	})
}

// fills returns the options of a command that fills the environment by uv or poetry before it does anything else.
func (c command) fills() (options []string, ok bool) {
	switch {
	case c.calls("uv", "sync"), c.calls("poetry", "install"), c.calls("poetry", "sync"):
		return c.words[2:], true
	}
	return c.options, first(c.options) == "run" && !slices.Contains(c.options, "--no-sync")
}

// leftOutBy returns the groups that options leave out.
func (pr *project) leftOutBy(options []string) (groups []string) {
	for i, word := range options {
		name, value, joined := strings.Cut(word, "=")
		if !joined && i+1 < len(options) {
			value = options[i+1]
		}
		switch name {
		case "--no-dev":
			groups = union(groups, pr.knownGroups([]string{"dev"}))
		case "--no-default-groups":
			groups = union(groups, pr.defaultGroups())
		case "--no-group", "--without":
			groups = union(groups, pr.knownGroups(tox.Words(value)))
		}
	}
	return groups
}

// defaultGroups returns the groups that uv installs unless it is told not to.
func (pr *project) defaultGroups() []string {
	if toml.String(pr.pyproject, "tool", "uv", "default-groups") == "all" {
		return slices.Sorted(maps.Keys(pr.groups))
	}
	if names := toml.Strings(pr.pyproject, "tool", "uv", "default-groups"); len(names) > 0 {
		return pr.knownGroups(names)
	}
	return pr.knownGroups([]string{"dev"})
}

// String says what is left out, "" if it is nothing.
func (l leaving) String() string {
	if len(l.groups) == 0 {
		return ""
	}
	return fmt.Sprintf("; it leaves out what only %s has, as %s does", strings.Join(l.groups, ", "), l.file)
}
