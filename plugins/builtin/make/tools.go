package make

import (
	"slices"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// fallbackImage is the image for a project of no known stack. It has make, a C compiler and common libraries.
const fallbackImage = "buildpack-deps:bookworm"

// A stack is what recipes of a project of that stack may need: an image that has its tools and make, and its
// caches.
type stack struct {
	image  string
	caches []plan.Cache
}

var (
	goStack     = stack{sdk.GoImage, []plan.Cache{sdk.GoModCache, sdk.GoBuildCache}}
	rustStack   = stack{sdk.RustImage, []plan.Cache{sdk.CargoCache}}
	nodeStack   = stack{sdk.NodeImage, []plan.Cache{sdk.NpmCache}}
	pythonStack = stack{sdk.PythonImage, []plan.Cache{sdk.PipCache}}
)

// stacks maps manifests to stacks. The first manifest that exists decides on the image.
var stacks = []struct {
	name string
	of   stack
}{
	{"go.mod", goStack}, {"go.work", goStack}, {"Cargo.toml", rustStack}, {"package.json", nodeStack},
	{"pyproject.toml", pythonStack}, {"setup.py", pythonStack}, {"requirements.txt", pythonStack},
	{"Pipfile", pythonStack},
}

// toolsOf returns the tools that run task files, with the configured image or the one of the project's stack.
func toolsOf(p *sdk.Project, image string) map[string]plan.Tool {
	makeImage := image
	if makeImage == "" {
		makeImage = imageFor(p)
	}
	const elsewhere = `; in containers, image = "…" in the configuration of the plugin make names one that has it`
	return map[string]plan.Tool{
		"make": {Check: []string{"make", "--version"}, Image: makeImage,
			Install: "install GNU make with the package manager of the system"},
		"just": {Check: []string{"just", "--version"}, Image: image,
			Install: "install just: https://just.systems" + elsewhere},
		"task": {Check: []string{"task", "--version"}, Image: image,
			Install: "install Task: https://taskfile.dev" + elsewhere},
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

// cachesFor returns the caches of a project's stacks.
func cachesFor(p *sdk.Project) (all []plan.Cache) {
	for _, m := range stacks {
		if p.Exists(m.name) && !slices.Contains(all, m.of.caches[0]) {
			all = append(all, m.of.caches...)
		}
	}
	return all
}
