// Command make is the davit plugin for task files: a Makefile, a justfile or a Taskfile.yml, the project's own word on what
// its targets do. Its authority is "explicit", so what it offers beats what another plugin infers.
//
// It reads these files as text and runs none of them, so it knows what stands there and not what make would compute: a
// variable that is defined by plain text is replaced, the output of $(shell …) is not; of a condition both branches count;
// a pattern rule names nothing that a person could ask for. What it could not see, the decisions of the plan say.
//
// Every target that a person would type is offered under the name that the project gave it, as "make NAME". It always runs,
// since only make knows whether it has to. What follows "--" on the command line is appended: "davit test -- V=1" runs
// "make test V=1", which sets a variable, and "davit test -- -k" hands make an option. For just these are the arguments of
// the recipe; for task they follow "--" where the task uses CLI_ARGS, and set variables elsewhere.
//
// Not offered are targets that call davit for themselves, which would go round for ever, and recipes with parameters that
// nothing gives a value to.
//
// What a recipe needs besides make is not known. The image is that of the stack whose manifest is there, all of which have make,
// else one with make and a C compiler. Of just and task there is none that has what recipes need too: the configuration names it.
// The caches are those of all stacks whose manifest is there.
//
// Its configuration is {"file": "build/Makefile", "image": "golang:1.26"}: the one task file to read, and the image to run it in.
package main

import (
	"fmt"
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

func main() { sdk.Main(read) }

type config struct {
	File  string `json:"file"`
	Image string `json:"image"`
}

func read(p *sdk.Project) (*plan.Plan, error) {
	var c config
	if err := p.Configure("make", &c); err != nil {
		return nil, err
	}
	found, err := taskFiles(p, c.File)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return merge(found, toolsOf(p, c.Image), cachesFor(p)), nil
}

// files is what the readers see of a project; sdk.Project is one.
type files interface {
	Read(name string) (text string, ok bool)
	List(dir string) []string
}

// taskFile is one file of targets, read.
type taskFile struct {
	name   string  // "Makefile"
	tool   string  // "make", "just" or "task"
	offers []offer // in the order of the file
	notes  []string
}

// taskFiles reads the named file, or else the first of each tool.
func taskFiles(p *sdk.Project, file string) ([]taskFile, error) {
	if file != "" {
		f, err := named(p, file)
		return []taskFile{f}, err
	}
	var found []taskFile
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

// named reads the file of the configuration, of whichever tool its name is.
func named(p *sdk.Project, file string) (taskFile, error) {
	if path.Clean(file) != file || path.IsAbs(file) || file == ".." || strings.HasPrefix(file, "../") || strings.Contains(file, "\\") {
		return taskFile{}, fmt.Errorf("[plugins.make] config: file %q is not the path of a file in the project", file)
	}
	if _, ok := p.Read(file); !ok {
		return taskFile{}, fmt.Errorf("[plugins.make] config: there is no file %q", file)
	}
	switch base := strings.ToLower(path.Base(file)); {
	case strings.HasSuffix(base, "justfile") || strings.HasSuffix(base, ".just"):
		return justTasks(p, file, file), nil
	case strings.HasSuffix(base, ".yml") || strings.HasSuffix(base, ".yaml"):
		return taskTasks(p, file, file), nil
	}
	return makeTasks(p, file, file, nil), nil
}

// firstMatch returns the first of the names that is here, and the others that are here too.
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
