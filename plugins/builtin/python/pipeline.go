package python

import (
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// pipelineFiles returns the files of the pipelines of the usual services. They are in the root of a repository.
func (t *tree) pipelineFiles() (out []string) {
	for _, name := range t.List(".github/workflows") {
		if strings.HasSuffix(name, ".yml") || strings.HasSuffix(name, ".yaml") {
			out = append(out, path.Join(".github/workflows", name))
		}
	}
	for _, name := range []string{".gitlab-ci.yml", ".circleci/config.yml", "azure-pipelines.yml",
		"bitbucket-pipelines.yml", ".travis.yml", ".woodpecker.yml"} {
		if t.Exists(name) {
			out = append(out, name)
		}
	}
	return out
}

// maxPipeline is how many bytes of a pipeline are read.
const maxPipeline = 1 << 16

// pipelineVersion returns the version of a program that a pipeline installs, or a file for tox or nox, which
// pipelines call.
func (e *env) pipelineVersion(name string) toolVersion {
	files := e.pipelineFiles()
	for _, runner := range []string{"tox.ini", "noxfile.py"} {
		if e.exists(runner) {
			files = append(files, e.at(runner))
		}
	}
	for _, file := range files {
		text := e.Head(file, maxPipeline)
		if !strings.Contains(text, name) {
			continue
		}
		list := installedBy(text, name)
		if r := actionVersion(text, name); r != "" {
			list = []requirement{r}
		}
		if len(list) > 0 {
			return toolVersion{list: list, why: "of " + file}
		}
	}
	return toolVersion{}
}

// installedBy returns the requirement of a program in a text with commands, and those of its plugins:
// "pip install black==24.1", "uvx ruff@0.8.6", "deps = flake8~=6.0". It returns nil if there is no version.
func installedBy(text, name string) []requirement {
	var found, plugins []requirement
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "#") || !mayInstall(line, name) {
			continue
		}
		line = strings.ReplaceAll(line, " == ", "==")
		for _, word := range strings.FieldsFunc(line, func(c rune) bool { return strings.ContainsRune(" \t\"'()`", c) }) {
			switch r := requirement(strings.Trim(word, ",;")); {
			case r.name() == name && found == nil:
				if r = r.versioned(); r != "" {
					found = append(found, r)
				}
			case r.name() != "" && pluginOf(name, r) && r.constrained() && r.versioned() != "":
				plugins = append(plugins, r)
			}
		}
	}
	if found == nil {
		return nil
	}
	return append(found, plugins...)
}

// mayInstall reports whether a line has the name of a program, or of a plugin: see pluginOf.
func mayInstall(line, name string) bool {
	line = strings.ReplaceAll(strings.ToLower(line), "_", "-")
	return strings.Contains(line, name) || name == "flake8" && strings.Contains(line, "pep8") ||
		name == "mypy" && strings.Contains(line, "types")
}

// versioned returns the requirement of a word with a version, or "": "ruff@0.8.6" is "ruff==0.8.6".
func (r requirement) versioned() requirement {
	start := strings.IndexAny(string(r), "=<>~!@")
	if start < 0 {
		return ""
	}
	version := strings.TrimLeft(string(r[start:]), "=<>~!@")
	if version == "" || version[0] < '0' || version[0] > '9' || strings.ContainsAny(version, "/:${}\\") {
		return ""
	}
	if rest, ok := strings.CutPrefix(string(r[start:]), "@"); ok {
		return r[:start] + "==" + requirement(rest)
	}
	return r
}

// actionVersion returns the version of a program that an action of GitHub is asked for: with "version", or as
// the version of the action if that is of the program itself, as psf/black.
func actionVersion(text, name string) requirement {
	for _, step := range actions(yaml.Parse(text)) {
		action, ref, _ := strings.Cut(step.Get("uses").Text(), "@")
		base := strings.ToLower(path.Base(action))
		if base != name && base != name+"-action" && base != "action-"+name {
			continue
		}
		version := step.Get("with").Get("version").Text()
		if version == "" {
			version = step.Get("with").Get(name + "-version").Text()
		}
		if version == "" && base == name {
			version = strings.TrimPrefix(ref, "v")
		}
		if r := requirementOf(name, version); r != "" {
			return r
		}
	}
	return ""
}

// requirementOf returns the requirement of a version, which may be a constraint, or "".
func requirementOf(name, version string) requirement {
	version = strings.ReplaceAll(version, " ", "")
	if version != "" && version[0] >= '0' && version[0] <= '9' {
		if !strings.Contains(version, ".") {
			return ""
		}
		version = "==" + version
	}
	return requirement(name + version).versioned()
}

// actions returns the steps of workflows.
func actions(root *yaml.Node) (out []*yaml.Node) {
	for _, job := range root.Get("jobs").Entries() {
		out = append(out, job.Get("steps").Items()...)
	}
	return out
}
