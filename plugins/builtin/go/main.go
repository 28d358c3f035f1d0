// The go plugin knows Go: one module, several modules in one repository, and workspaces (go.work).
//
// It answers with what a Go programmer would type. "go build ./..." decides whether a build is good, so every package is
// compiled, and the main packages are linked into bin/; "go test ./..." are the unit tests; "go vet", gofmt and the linters
// that the project has configured are its style. A module is built in its own folder, as Go itself wants it.
//
// It looks at names of files and folders, at go.mod and go.work, and at the first lines of one file a package: to know which
// packages are commands, and whether test files carry the build tag "integration". It never runs Go, and it does not resolve
// imports: what a package embeds or imports is for Go to find, so steps take whole modules as their input.
//
// Go fetches the modules that a command needs by itself, and only these. So no step waits for "init", which fetches all.
//
// "package" is the one program of the project, built without cgo for the platform of the image, alone on a base that has
// certificates and time zones and no shell. Where there are several programs, none is chosen: "main" in the configuration does.
//
// Its configuration is {"main": "./cmd/shop", "ports": [8080], "base": "debian:12-slim", "image": "golang:1.25", "tags": ["x"],
// "modules": ["api"]}, each of them optional.
package main

import (
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

func main() { sdk.Main(read) }

func read(p *sdk.Project) (*plan.Plan, error) {
	c, err := configure(p)
	if err != nil {
		return nil, err
	}
	t := walk(p)
	if t.modules() == nil {
		return nil, nil
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

// answer builds the plan, one group of targets after the other.
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
	b.explain()
	b.Decisions = r.decisions
	return b.Plan
}
