package main

import (
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// unknown is the image for a project of no stack that is known: it has make, a C compiler and what these build with.
const unknown = "buildpack-deps:bookworm"

// images of the stacks, by the manifest that tells of them; the first that is there counts. Each has make.
var images = []struct{ manifest, image string }{
	{"go.mod", "golang:1.26"}, {"go.work", "golang:1.26"}, {"Cargo.toml", "rust:1"}, {"package.json", "node:20"},
	{"pyproject.toml", "python:3"}, {"setup.py", "python:3"}, {"requirements.txt", "python:3"}, {"Pipfile", "python:3"},
}

// toolsOf are the tools that read task files, in the image that is configured or that suits the project.
func toolsOf(p *sdk.Project, image string) map[string]plan.Tool {
	makes := image
	if makes == "" {
		makes = imageFor(p)
	}
	const elsewhere = `; in containers, image = "…" in the configuration of the plugin make names one that has it`
	return map[string]plan.Tool{
		"make": {Check: []string{"make", "--version"}, Image: makes, Install: "install GNU make with the package manager of the system"},
		"just": {Check: []string{"just", "--version"}, Image: image, Install: "install just: https://just.systems" + elsewhere},
		"task": {Check: []string{"task", "--version"}, Image: image, Install: "install Task: https://taskfile.dev" + elsewhere},
	}
}

func imageFor(p *sdk.Project) string {
	for _, stack := range images {
		if p.Exists(stack.manifest) {
			return stack.image
		}
	}
	return unknown
}
