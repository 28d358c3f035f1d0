package main

import (
	"slices"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// fallbackImage is the image for a project of no stack that is known: it has make, a C compiler and what these build with.
const fallbackImage = "buildpack-deps:bookworm"

// stack is what davit knows of a stack that recipes may use: an image that has it, and make, and what it keeps between runs.
type stack struct {
	image  string
	caches []plan.Cache
}

// The stacks. Their caches are those of the plugins of the stacks, so that nothing is fetched or compiled twice.
var (
	goStack     = stack{sdk.GoImage, []plan.Cache{sdk.GoModCache, sdk.GoBuildCache}}
	rustStack   = stack{sdk.RustImage, []plan.Cache{sdk.CargoCache}}
	nodeStack   = stack{sdk.NodeImage, []plan.Cache{sdk.NpmCache}}
	pythonStack = stack{sdk.PythonImage, []plan.Cache{sdk.PipCache}}
)

// stacks is which manifest tells of a stack. The image is that of the first that is there.
var stacks = []struct {
	name string
	of   stack
}{
	{"go.mod", goStack}, {"go.work", goStack}, {"Cargo.toml", rustStack}, {"package.json", nodeStack},
	{"pyproject.toml", pythonStack}, {"setup.py", pythonStack}, {"requirements.txt", pythonStack}, {"Pipfile", pythonStack},
}

// toolsOf are the tools that read task files, in the image that is configured or that suits the project.
func toolsOf(p *sdk.Project, image string) map[string]plan.Tool {
	makeImage := image
	if makeImage == "" {
		makeImage = imageFor(p)
	}
	const elsewhere = `; in containers, image = "…" in the configuration of the plugin make names one that has it`
	return map[string]plan.Tool{
		"make": {Check: []string{"make", "--version"}, Image: makeImage, Install: "install GNU make with the package manager of the system"},
		"just": {Check: []string{"just", "--version"}, Image: image, Install: "install just: https://just.systems" + elsewhere},
		"task": {Check: []string{"task", "--version"}, Image: image, Install: "install Task: https://taskfile.dev" + elsewhere},
	}
}

func imageFor(p *sdk.Project) string {
	for _, m := range stacks {
		if p.Exists(m.name) {
			return m.of.image
		}
	}
	return fallbackImage
}

// cachesFor are what the stacks of a project keep between runs.
func cachesFor(p *sdk.Project) (all []plan.Cache) {
	for _, m := range stacks {
		if p.Exists(m.name) && !slices.Contains(all, m.of.caches[0]) {
			all = append(all, m.of.caches...)
		}
	}
	return all
}
