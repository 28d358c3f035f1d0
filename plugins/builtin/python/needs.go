package python

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/tox"
)

// A needs is what a task installs for itself.
type needs struct {
	files          []string // requirements files, relative to the folder of the project
	list           []requirement
	extras, groups []string
}

// needsOf returns what a task needs.
func (pr *project) needsOf(t *task) needs {
	n := needs{groups: pr.knownGroups(t.groups)}
	for _, extra := range t.extras {
		n.extras = append(n.extras, pr.setNamed(pr.extras, extra)...)
	}
	n.addLines(pr, t.deps)
	return n
}

// needsOfJob returns what the commands of one job of a pipeline install.
func (pr *project) needsOfJob(job string) (n needs) {
	for _, c := range pr.pipelineCommands() {
		if c.job == job && c.task == nil && c.dir == pr.dir {
			n.addInstall(pr, c.words)
		}
	}
	return n
}

// ownTools are packages that a pipeline installs in order to run the project's tools, and not for its tests.
var ownTools = []string{"pip", "setuptools", "wheel", "tox", "nox", "uv", "poetry", "pdm", "pipenv", "hatch", "build",
	"twine", "codecov", "coveralls", "pre-commit", "virtualenv", "tox-uv", "tox-gh-actions", "tox-gh", "poetry-core"}

// addInstall adds what a command of pip or of a manager installs.
func (n *needs) addInstall(pr *project, words []string) {
	if words[0] == "uv" && len(words) > 1 && words[1] == "pip" {
		words = words[1:]
	}
	if len(words) < 2 {
		return
	}
	switch words[0] + " " + words[1] {
	case "pip install", "pip3 install":
		n.addLines(pr, pipLines(words[2:]))
	case "uv sync", "pdm install", "pdm sync", "poetry install", "poetry sync":
		n.addOptions(pr, words[2:])
	}
}

// addOptions adds the extras and groups that the options of a manager name.
func (n *needs) addOptions(pr *project, args []string) {
	for i, word := range args {
		name, value, joined := strings.Cut(word, "=")
		if !joined && i+1 < len(args) {
			value = args[i+1]
		}
		switch name {
		case "--all-extras":
			n.extras = union(n.extras, slices.Sorted(maps.Keys(pr.extras)))
		case "--all-groups":
			n.groups = union(n.groups, slices.Sorted(maps.Keys(pr.groups)))
		case "--extra", "-E", "--extras":
			for _, extra := range tox.Words(value) {
				n.extras = union(n.extras, pr.setNamed(pr.extras, extra))
			}
		case "--group", "--with", "-G":
			n.groups = union(n.groups, pr.knownGroups(tox.Words(value)))
			n.extras = union(n.extras, pr.setNamed(pr.extras, value))
		}
	}
}

// addLines adds lines of pip.
func (n *needs) addLines(pr *project, lines []string) {
	for _, line := range lines {
		line = strings.TrimSpace(line)
		file, isFile := option(line, "--requirement", "-r")
		group, isGroup := option(line, "--group")
		line, editable := option(line, "--editable", "-e")
		switch {
		case !isKnown(line):
		case isFile:
			if file = path.Clean(file); pr.exists(file) {
				n.files = union(n.files, []string{file})
			}
		case isGroup:
			n.groups = union(n.groups, pr.knownGroups([]string{group}))
		case strings.HasPrefix(line, "./[") || strings.HasPrefix(line, ".") || editable:
			_, extras, _ := strings.Cut(strings.TrimSuffix(line, "]"), "[")
			for _, extra := range tox.Words(extras) {
				n.extras = union(n.extras, pr.setNamed(pr.extras, extra))
			}
		case strings.HasPrefix(line, "-") || strings.Contains(line, "/") && !strings.Contains(line, "@"):
		default:
			for _, r := range requirements([]string{line}) {
				if !slices.Contains(ownTools, r.name()) && r.name() != normalize(pr.name) {
					n.list = union(n.list, []requirement{r})
				}
			}
		}
	}
}

// knownGroups returns those of the groups that the project has.
func (pr *project) knownGroups(names []string) (out []string) {
	for _, name := range names {
		out = append(out, pr.setNamed(pr.groups, name)...)
	}
	return out
}

// setNamed returns the name of a set as the project writes it.
func (pr *project) setNamed(sets map[string][]requirement, name string) []string {
	for known := range sets {
		if normalize(known) == normalize(strings.TrimSpace(name)) {
			return []string{known}
		}
	}
	return nil
}

// requirementsIn returns what is needed as requirements, those of files among them.
func (n needs) requirementsIn(pr *project) []requirement {
	list := slices.Clone(n.list)
	for _, file := range n.files {
		list = union(list, pr.requirementsOf(file, nil))
	}
	return list
}
