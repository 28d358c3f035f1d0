package app

import (
	"fmt"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// byModule are the stacks whose tools stay in the module, or the workspace, that they are called in: "go test ./..." at the
// root does not come to a folder with a go.mod of its own.
var byModule = []string{"go", "rust"}

// omittedModules returns what the task file that provides a target leaves out of a stack whose tool it calls: the modules
// to which none of its commands comes.
func (p *Project) omittedModules(r request) (all []string) {
	for _, u := range p.Resolution.Beaten(r.target) {
		winner := r.target.Winners[0]
		if !slices.Contains(byModule, u.Provider) || winner.About.Scope == nil || !slices.Contains(winner.About.Scope.Stacks, u.Provider) {
			continue
		}
		if dirs := notReached(p.foldersOf(u), p.callsBy(winner)); len(dirs) > 0 {
			all = append(all, fmt.Sprintf("%s of %s does not come to %s, which %s; davit %s:%s does that", r.target.Name,
				winner.Provider, text.And(dirs), oneOrMany(len(dirs), "is a module of its own", "are modules of their own"), u.Provider, u.Target.Name))
		}
	}
	return all
}

// omittedMembers returns what the task file that provides a target leaves out of a workspace of Node by calling a script in
// some of its members: the others that have it.
func (p *Project) omittedMembers(r request) (all []string) {
	if len(r.target.Winners) == 0 || r.target.Winners[0].Authority != conventions.Explicit {
		return nil
	}
	root, err := os.OpenRoot(p.Root.Dir)
	if err != nil {
		return nil
	}
	defer root.Close()
	winner := r.target.Winners[0]
	calls, files := p.callsBy(winner), &sdk.Project{FS: regular.FS(root)}
	for _, c := range calls {
		dirs := slices.DeleteFunc(pipelines.OtherMembers(files, c), func(dir string) bool {
			return slices.ContainsFunc(calls, func(other pipelines.Call) bool { return other.Dir == dir || other.Folder() == dir })
		})
		if len(dirs) > 0 {
			all = union(all, []string{fmt.Sprintf("%s of %s runs %s, and not the same script of %s", r.target.Name, winner.Provider, c.Plain(), text.And(dirs))})
		}
	}
	return all
}

func oneOrMany(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// foldersOf returns the folders of the steps of a use.
func (p *Project) foldersOf(u conventions.Use) (dirs []string) {
	for _, id := range u.Steps {
		dirs = union(dirs, []string{path.Clean("./" + p.planOf(u.Provider).Steps[id].Dir)})
	}
	return dirs
}

// notReached returns the folders in which no command works, and which none names. A command whose folder is not known, or
// that looks for the manifests itself, may come to all.
func notReached(dirs []string, calls []pipelines.Call) []string {
	if slices.ContainsFunc(calls, mayReachAll) {
		return nil
	}
	return slices.DeleteFunc(dirs, func(dir string) bool {
		return dir == "." || slices.ContainsFunc(calls, func(c pipelines.Call) bool {
			return c.Folder() == dir || slices.ContainsFunc(c.Words, func(word string) bool { return path.Clean(word) == dir+"/..." })
		})
	})
}

func mayReachAll(c pipelines.Call) bool {
	return c.Folder() == ".." || slices.ContainsFunc(c.Words, func(word string) bool {
		return word == "work" || strings.Contains(word, "go.mod") || strings.Contains(word, "Cargo.toml") ||
			strings.HasSuffix(word, ".sh")
	})
}
