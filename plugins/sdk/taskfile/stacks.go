package taskfile

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

func ImageFor(p *sdk.Project) string {
	for _, m := range stacks {
		if p.Exists(m.name) {
			return m.of.image
		}
	}
	return fallbackImage
}

// CachesFor returns the caches of a project's stacks.
func CachesFor(p *sdk.Project) (all []plan.Cache) {
	for _, m := range stacks {
		if p.Exists(m.name) && !slices.Contains(all, m.of.caches[0]) {
			all = append(all, m.of.caches...)
		}
	}
	return all
}
