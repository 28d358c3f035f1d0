package make

import (
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/taskfile"
)

// toolsOf returns the tools that run task files, with the configured image or the one of the project's stack.
func toolsOf(p *sdk.Project, image string) map[string]plan.Tool {
	makeImage := image
	if makeImage == "" {
		makeImage = taskfile.ImageFor(p)
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
