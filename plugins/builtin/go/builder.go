package main

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// A builder is the plan of a repository in the making.
type builder struct {
	*sdk.Builder
	repo *repo
}

// passedVariables are the variables of the caller that change what Go does.
var passedVariables = []string{
	"CGO_ENABLED", "GOARCH", "GOEXPERIMENT", "GOFLAGS", "GONOSUMDB", "GOOS", "GOPRIVATE", "GOPROXY",
	"GOTOOLCHAIN", "GOWORK",
}

// noCaches are the caches of steps that do not build.
var noCaches = []plan.Cache{}

// add adds a step of a module to the plan and to a target. The step runs in the module's folder. Unless it
// says otherwise, its tool is the go command, with the caches of Go.
func (b *builder) add(m *module, target, id string, s plan.Step) {
	if m.dir != "." {
		s.Dir = m.dir
		id = b.UniqueID(id + "@" + m.dir)
	}
	if m.workOff {
		s.Env = with(s.Env, "GOWORK", "off")
	}
	if s.Tool == "" {
		s.Tool = "go"
	}
	if s.Caches == nil {
		s.Caches = []plan.Cache{sdk.GoModCache, sdk.GoBuildCache}
	}
	if len(s.Caches) > 0 && s.PassEnv == nil {
		s.PassEnv = passedVariables
	}
	b.Add(target, id, s)
}

func with(env map[string]string, name, value string) map[string]string {
	out := map[string]string{name: value}
	maps.Copy(out, env)
	return out
}

// goStep returns a step that runs a go command over the whole module.
func (b *builder) goStep(m *module, argv ...string) plan.Step {
	return plan.Step{Op: plan.OpExec, Argv: append([]string{"go"}, argv...), Inputs: b.repo.inputs(m)}
}

// script returns a step that runs a shell script over the whole module.
func (b *builder) script(m *module, lines ...string) plan.Step {
	return plan.Step{Op: plan.OpShell, Script: strings.Join(lines, "\n"), Inputs: b.repo.inputs(m)}
}

// inputs returns the inputs of a module: its whole folder, because it may embed any file and its tests may
// read any, and the folders of the modules that replace others in it, without the programs that davit builds.
// If one of the folders is the root, the inputs are all other files. The list is shared by the steps of the
// module, and must not be changed.
func (r *repo) inputs(m *module) []string { return m.globs() }

// maxSources is how many folders the inputs of a module list. A module of more is built from all files of the
// project: with each of a thousand modules that name each other, the plan would have a million names.
const maxSources = 50

// isVast reports whether the go.work of a module uses more modules than inputs list.
func (r *repo) isVast(m *module) bool {
	return m.work != "" && len(r.works[m.work].uses) > maxSources
}

// findInputs makes the list of inputs.
func (r *repo) findInputs(m *module) (globs []string) {
	if r.isVast(m) {
		return nil
	}
	dirs := r.sourceDirs(m)
	if len(dirs) > maxSources {
		return nil
	}
	for dir := range dirs {
		if sdk.HasGlobMeta(dir) {
			return nil
		}
	}
	if !dirs["."] {
		for _, dir := range slices.Sorted(maps.Keys(dirs)) {
			globs = append(globs, dir+"/")
		}
		if m.work != "" {
			globs = append(globs, path.Join(m.work, "go.work"), path.Join(m.work, "go.work.sum"))
		}
		if m.work != "" && m.vendored {
			globs = append(globs, path.Join(m.work, "vendor")+"/")
		}
	}
	for _, other := range r.among(dirs) {
		if len(other.mains()) > 0 {
			globs = append(globs, "!"+other.out+"/")
		}
	}
	return globs
}

// among returns the modules in some folders. In the root are all of them.
func (r *repo) among(dirs map[string]bool) (found []*module) {
	if dirs["."] {
		return r.modules
	}
	for _, dir := range slices.Sorted(maps.Keys(dirs)) {
		if m := r.at[dir]; m != nil {
			found = append(found, m)
		}
	}
	return found
}

// sourceDirs returns the folders of the modules in the repository that a module is built from.
func (r *repo) sourceDirs(m *module) map[string]bool {
	dirs := map[string]bool{m.dir: true}
	add := func(from, to string) {
		if dir := path.Join(from, to); !strings.HasPrefix(dir, "..") {
			dirs[dir] = true
		}
	}
	for _, to := range m.file.replaced {
		add(m.dir, to)
	}
	if m.work == "" {
		return dirs
	}
	// Go reads the go.mod of every module that a go.work uses.
	for _, use := range r.works[m.work].uses {
		add(m.work, use)
	}
	for _, to := range r.works[m.work].replaced {
		add(m.work, to)
	}
	return dirs
}
