// Package golang is the davit plugin for Go: one module, several modules in one repository, and workspaces
// (go.work).
//
// It plans the commands that a Go programmer would type. "build" is "go build ./...", which compiles every
// package, and links the main packages into bin/. "test-unit" is "go test ./...". "style" is gofmt, the
// linters that the project has configured and "go vet", unless its pipeline checks it without. Each module is built in its own folder, as Go requires.
//
// The plugin reads names of files and folders, go.mod and go.work, and the first lines of one file per
// package, to find the packages that are commands, and the build tags of test files. Where another part of the
// project may make what a package embeds, it reads the lines //go:embed. It never runs Go, and it does not resolve imports,
// so the inputs of all steps but gofmt are all files.
//
// Every go command fetches the modules that it needs, and only these. So no step needs "init", which fetches
// all.
//
// "package" is the one program of the project, built without cgo for the platform of the image, on a base
// that has only certificates and time zones. If there are several programs, "main" in the configuration has
// to choose one.
//
// Its configuration is {"main": "./cmd/shop", "ports": [8080], "base": "debian:12-slim", "image":
// "golang:1.25", "tags": ["x"], "vet": true, "modules": ["api"]}, each of them optional.
package golang

import (
	"path"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// Read plans the modules of the project.
func Read(p *sdk.Project) (*plan.Plan, error) {
	c, err := configure(p)
	if err != nil {
		return nil, err
	}
	t := walk(p)
	if t.modules() == nil {
		return withoutModule(t), nil
	}
	r, err := newRepo(t, c)
	if err != nil {
		return nil, err
	}
	if len(r.modules) == 0 {
		return nil, nil
	}
	return answer(r), nil
}

// withoutModule returns a plan that offers nothing and says how to begin a module, if there is a program without one.
func withoutModule(t *tree) *plan.Plan {
	for _, f := range t.folders {
		if file := path.Join(f.dir, "main.go"); f.has("main.go") && readHeader(t.project, file, false).pkg == "main" {
			b := sdk.NewBuilder("go", "Go files without a module")
			for _, target := range []string{"build", "test", "test-unit", "style", "run", "package"} {
				b.Explain(target, file+" is in no module; go mod init NAME begins one")
			}
			return b.Plan
		}
	}
	return nil
}

// answer returns the plan. It adds one group of targets after the other.
func answer(r *repo) *plan.Plan {
	b := &builder{repo: r, Builder: sdk.NewBuilder("go", r.summary())}
	b.Tools["go"] = r.goTool()
	for _, m := range r.modules {
		b.deps(m)
		b.build(m)
		b.tests(m)
		b.style(m)
		b.checks(m)
		b.clean(m)
		b.upgrade(m)
	}
	b.run()
	b.image()
	b.leaveOutModules()
	b.leaveOutUnused()
	b.leaveOutTagged()
	b.omitRace()
	b.explain()
	b.Decisions = r.decisions
	r.outside().Apply(b.Plan)
	return b.Plan
}
