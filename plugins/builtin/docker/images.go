package main

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// manifests say that something else than a Dockerfile knows how the project is built.
var manifests = []string{
	"go.mod", "go.work", "package.json", "Cargo.toml", "pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Pipfile",
	"pom.xml", "build.gradle", "build.gradle.kts", "Gemfile", "composer.json", "mix.exs", "pubspec.yaml", "deno.json", "Package.swift",
	"CMakeLists.txt", "meson.build", "configure.ac", "Makefile", "makefile", "GNUmakefile", "justfile", "Justfile", ".justfile",
	"Taskfile.yml", "Taskfile.yaml",
}

const needsEngine = "needs a container engine"

// images is the plan for the Dockerfiles that were found.
func images(p *sdk.Project, c config, found []string) *plan.Plan {
	out := &plan.Plan{
		Match: true, Stack: "docker", Summary: "Dockerfiles: " + strings.Join(found, ", "),
		Steps: map[string]plan.Step{}, Targets: map[string][]string{}, About: map[string]plan.About{},
	}
	main := c.Dockerfile
	if main == "" {
		main = mainOf(found)
	}
	if main == "" {
		absent := fmt.Sprintf("there is no main Dockerfile among %s; [plugins.docker] config = { dockerfile = … } names it", strings.Join(found, ", "))
		out.About["package"] = plan.About{Why: absent}
	} else {
		mainImage(out, p, c, main)
	}
	for _, name := range found {
		if name != main {
			image(out, p, unused(out, "package-"+nick(name)), name, config{})
		}
	}
	style(out, p, found)
	compose(out, p)
	return out
}

// mainImage offers "package" and, for a project that is nothing but its image, "build".
func mainImage(out *plan.Plan, p *sdk.Project, c config, name string) {
	image(out, p, "package", name, c)
	if other := p.FirstOf(manifests...); other != "" {
		out.Decisions = append(out.Decisions, fmt.Sprintf("%s makes a package and no build, because there is %s", name, other))
		return
	}
	out.Targets["build"] = out.Targets["package"]
	out.About["build"] = plan.About{Source: name, Why: "the image is all that is built here; " + needsEngine}
}

func image(out *plan.Plan, p *sdk.Project, target, name string, c config) {
	context, why := contextOf(p, name)
	if c.Context != "" {
		context, why = path.Clean(c.Context), "its context is configured"
	}
	if context == "." {
		context = ""
	}
	secrets, ssh := mounts(p.Head(name, maxDockerfile))
	out.Steps[target] = plan.Step{Op: plan.OpImage, Secrets: secrets, SSH: ssh, Image: &plan.Image{
		Dockerfile: name, Context: context, Target: c.Target, Args: c.Args, Contexts: c.folders(),
	}}
	out.Targets[target] = []string{target}
	a := plan.About{Source: name, Why: needsEngine}
	if target != "package" {
		a.Summary = "Make the image of " + name
	}
	if why != "" {
		a.Why += "; " + why
	}
	out.About[target] = a
}

// folders are the named contexts, paths in their shortest form.
func (c config) folders() map[string]string {
	out := maps.Clone(c.Contexts)
	for name, from := range out {
		if !strings.Contains(from, "://") {
			out[name] = path.Clean(from)
		}
	}
	return out
}

// unused adds a number to a name that is taken.
func unused(out *plan.Plan, name string) string {
	try := name
	for n := 2; out.Targets[try] != nil; n++ {
		try = fmt.Sprintf("%s-%d", name, n)
	}
	return try
}

// style is hadolint, where it is configured.
func style(out *plan.Plan, p *sdk.Project, found []string) {
	file := p.FirstOf(".hadolint.yaml", ".hadolint.yml")
	if file == "" {
		return
	}
	out.Tools = map[string]plan.Tool{"hadolint": {
		Check: []string{"hadolint", "--version"}, Image: "hadolint/hadolint:v2.14.0-debian",
		Install: "install hadolint: https://github.com/hadolint/hadolint#install",
	}}
	out.Steps["style"] = plan.Step{
		Op: plan.OpExec, Argv: append([]string{"hadolint", "--config", file}, found...), Tool: "hadolint",
		Inputs: append(slices.Clone(found), file),
	}
	out.Targets["style"] = []string{"style"}
	out.About["style"] = plan.About{Source: file, Why: "hadolint, because of " + file}
}

// compose mentions Compose files, which make environments rather than images.
func compose(out *plan.Plan, p *sdk.Project) {
	if file := p.FirstOf("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"); file != "" {
		out.Decisions = append(out.Decisions, file+" is for environments, and no target is made of it")
	}
}
