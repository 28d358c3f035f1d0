package docker

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// buildFiles are files that, like the manifests of stacks, show that the project has a build besides its
// image.
var buildFiles = []string{
	"CMakeLists.txt", "meson.build", "configure.ac", "Makefile", "makefile", "GNUmakefile", "justfile",
	"Justfile", ".justfile", "Taskfile.yml", "Taskfile.yaml",
}

const needsEngine = "needs a container engine"

// images returns the plan for the Dockerfiles.
func images(p *sdk.Project, c config, found []string) *plan.Plan {
	out := sdk.NewBuilder("docker", "Dockerfiles: "+strings.Join(found, ", "))
	main := c.Dockerfile
	if main == "" {
		main = mainOf(found)
	}
	if main == "" {
		absent := fmt.Sprintf(
			"there is no main Dockerfile among %s; [plugins.docker] config = { dockerfile = … } names it",
			strings.Join(found, ", "))
		out.Explain("package", absent)
	} else {
		addMainImage(out, p, c, main)
	}
	for _, name := range found {
		if name != main {
			addImage(out, p, freeTarget(out, "package-"+shortName(name)), name, config{})
		}
	}
	addStyle(out, p, found)
	mentionCompose(out, p)
	return out.Plan
}

// addMainImage offers "package" and, for a project that consists only of its image, "build".
func addMainImage(out *sdk.Builder, p *sdk.Project, c config, name string) {
	addImage(out, p, "package", name, c)
	if other := p.FirstOf(append(slices.Clone(sdk.StackManifests), buildFiles...)...); other != "" {
		out.Decisions = append(out.Decisions,
			fmt.Sprintf("%s makes a package and no build, because there is %s", name, other))
		return
	}
	out.Targets["build"] = out.Targets["package"]
	out.About["build"] = plan.About{Source: name, Why: "the image is all that is built here; " + needsEngine}
}

func addImage(out *sdk.Builder, p *sdk.Project, target, name string, c config) {
	context, why := contextOf(p, name)
	if c.Context != "" {
		context, why = path.Clean(c.Context), "its context is configured"
	}
	if context == "." {
		context = ""
	}
	secrets, ssh := mounts(p.Head(name, maxDockerfile))
	out.Add(target, target, plan.Step{Op: plan.OpImage, Secrets: secrets, SSH: ssh, Image: &plan.Image{
		Dockerfile: name, Context: context, Target: c.Target, Args: c.Args, Contexts: c.contextPaths(),
	}})
	a := plan.About{Source: name, Why: needsEngine}
	if target != "package" {
		a.Summary = "Make the image of " + name
	}
	if why != "" {
		a.Why += "; " + why
	}
	out.About[target] = a
}

// contextPaths returns the named contexts with clean paths.
func (c config) contextPaths() map[string]string {
	out := maps.Clone(c.Contexts)
	for name, from := range out {
		if !strings.Contains(from, "://") {
			out[name] = path.Clean(from)
		}
	}
	return out
}

// freeTarget returns the name of a new target. It appends a number if the name is taken.
func freeTarget(out *sdk.Builder, name string) string {
	try := name
	for n := 2; out.Targets[try] != nil; n++ {
		try = fmt.Sprintf("%s-%d", name, n)
	}
	return try
}

// addStyle offers "style" with hadolint, if hadolint is configured.
func addStyle(out *sdk.Builder, p *sdk.Project, found []string) {
	file := p.FirstOf(".hadolint.yaml", ".hadolint.yml")
	if file == "" {
		return
	}
	out.Tools["hadolint"] = plan.Tool{
		Check: []string{"hadolint", "--version"}, Image: "hadolint/hadolint:v2.14.0-debian",
		Install: "install hadolint: https://github.com/hadolint/hadolint#install",
	}
	out.Add("style", "style", plan.Step{
		Op: plan.OpExec, Argv: append([]string{"hadolint", "--config", file}, found...), Tool: "hadolint",
		Inputs: append(slices.Clone(found), file),
	})
	out.About["style"] = plan.About{Source: file, Why: "hadolint, because of " + file}
}

// mentionCompose records that a Compose file is for environments and not for images.
func mentionCompose(out *sdk.Builder, p *sdk.Project) {
	if file := p.FirstOf("compose.yaml", "compose.yml", "docker-compose.yaml",
		"docker-compose.yml"); file != "" {
		out.Decisions = append(out.Decisions, file+" is for environments, and no target is made of it")
	}
}
