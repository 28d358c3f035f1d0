// Package make is the davit plugin for task files: a Makefile, a justfile or a Taskfile.yml, in which the
// project itself defines its targets. Its authority is "explicit", so its targets beat those that other
// plugins infer.
//
// It parses these files and runs none of them, so it does not know what make would compute. It expands
// variables that are defined by plain text, but not $(shell …). It reads both branches of a condition. A
// pattern rule offers no target, since it has no name that a user could type. The decisions of the plan say
// what it could not read.
//
// Every target that a user would type is offered under its own name, as "make NAME". It always runs, since
// only make knows whether it has to. Arguments after "--" are appended: "davit test -- V=1" runs "make test
// V=1", which sets a variable, and "davit test -- -k" passes an option to make. For just they are arguments
// of the recipe. For task they follow "--" if the task uses CLI_ARGS, and set variables otherwise.
//
// The plugin does not offer targets that call davit for themselves, which would never end, or recipes with
// parameters that have no value.
//
// It does not know what a recipe needs besides make. The image is that of the stack whose manifest exists,
// all of which have make, else one with make and a C compiler. No image has just or task and also what
// recipes need, so the configuration has to name one. The caches are those of all stacks whose manifests
// exist. What it knows is which recipes call programs of node_modules or .venv, by the manifests beside them:
// these need the install that another plugin offers.
//
// The configuration is {"file": "build/Makefile", "image": "golang:1.26"}: the only task file to read, and
// the image to run it in.
package make

import (
	"fmt"
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/taskfile"
)

type config struct {
	File  string `json:"file"`
	Image string `json:"image"`
}

// Read plans the targets of the project's task files.
func Read(p *sdk.Project) (*plan.Plan, error) {
	var c config
	if err := p.Configure("make", &c); err != nil {
		return nil, err
	}
	found, err := taskFiles(p, c.File)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return taskfile.Merge(p, found, toolsOf(p, c.Image), taskfile.CachesFor(p)), nil
}

// The files are what the parsers need of a project.
type files = taskfile.Files

// taskFiles parses the configured file or, without one, the first file of each tool.
func taskFiles(p *sdk.Project, file string) ([]taskfile.File, error) {
	if file != "" {
		f, err := named(p, file)
		return []taskfile.File{f}, err
	}
	var found []taskfile.File
	listing := p.List(".")
	if name, others := firstMatch(listing, makefileNames); name != "" {
		found = append(found, makeTasks(p, name, "", others))
	}
	if name, _ := firstMatch(listing, justfileNames); name != "" {
		found = append(found, justTasks(p, name, ""))
	}
	if name, _ := firstMatch(listing, taskfileNames); name != "" {
		found = append(found, taskTasks(p, name, ""))
	}
	return found, nil
}

// named parses the configured file. Its name says which tool it is for.
func named(p *sdk.Project, file string) (taskfile.File, error) {
	if path.Clean(file) != file || path.IsAbs(file) || file == ".." || strings.HasPrefix(file, "../") ||
		strings.Contains(file, "\\") {
		return taskfile.File{},
			fmt.Errorf("[plugins.make] config: file %q is not the path of a file in the project", file)
	}
	if _, ok := p.Read(file); !ok {
		return taskfile.File{}, fmt.Errorf("[plugins.make] config: there is no file %q", file)
	}
	switch base := strings.ToLower(path.Base(file)); {
	case strings.HasSuffix(base, "justfile") || strings.HasSuffix(base, ".just"):
		return justTasks(p, file, file), nil
	case strings.HasSuffix(base, ".yml") || strings.HasSuffix(base, ".yaml"):
		return taskTasks(p, file, file), nil
	}
	return makeTasks(p, file, file, nil), nil
}

// firstMatch returns the first of the names that is in a listing, and the other names that are in it too.
func firstMatch(listing, names []string) (name string, others []string) {
	for _, n := range names {
		for _, h := range listing {
			if h == n && name == "" {
				name = n
			} else if h == n {
				others = append(others, n)
			}
		}
	}
	return name, others
}
