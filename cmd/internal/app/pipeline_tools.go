package app

import (
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/templates/pipeline"
)

// ciTools returns the tools that steps start, each once.
func (p *Project) ciTools(steps []runner.Step) (all []pipeline.Tool) {
	add := func(t pipeline.Tool) {
		if !slices.ContainsFunc(all, func(o pipeline.Tool) bool { return o.Name == t.Name }) {
			all = append(all, t)
		}
	}
	for _, s := range steps {
		if s.Tool != nil && len(s.Tool.Check) > 0 {
			add(p.ciTool(s))
		}
		if word := program(s); slices.Contains(managers, word) {
			add(pipeline.Tool{Name: word})
		}
		for _, c := range s.Plan.Caches {
			if name := strings.TrimSuffix(c.ID, "-berry"); slices.Contains(managers, name) {
				add(pipeline.Tool{Name: name})
			}
		}
	}
	return all
}

// managers are the package managers that do not come with the language, and the ids of their caches.
var managers = []string{"pnpm", "yarn", "bun", "uv", "poetry", "pdm", "pipenv"}

// versionFiles are the files in which the set-up actions of GitHub look for a version.
var versionFiles = []string{"go.mod", "go.work", ".tool-versions", ".nvmrc", ".node-version", "package.json",
	".python-version", "pyproject.toml", "Pipfile", "rust-toolchain", "rust-toolchain.toml"}

// ciTool returns the tool of a step, with the file that pins its version or, without one, the version.
func (p *Project) ciTool(s runner.Step) pipeline.Tool {
	t := pipeline.Tool{Name: s.Tool.Check[0]}
	switch {
	case t.Name == "go":
		t.File = p.nearest(s.Plan.Dir, "go.work", "go.mod")
	case slices.Contains(versionFiles, path.Base(s.Tool.PinnedBy)):
		t.File = s.Tool.PinnedBy
	case s.Tool.Pin != "" && strings.Trim(s.Tool.Pin, "0123456789.") == "":
		t.Version = s.Tool.Pin
	default:
		t.Version = imageVersion(s.Tool.Image)
	}
	for _, way := range []string{"go install ", "cargo install ", "pipx install ", "npm install "} {
		if s.Tool.Image == "" && strings.HasPrefix(s.Tool.Install, way) {
			t.Install = s.Tool.Install
		}
	}
	return t
}

// imageVersion returns the version in the tag of an image, if it is more than a major one of a language whose versions
// are all compatible: "20" of node:20, "" of python:3.
func imageVersion(image string) string {
	_, tag, _ := strings.Cut(image, ":")
	version, _, _ := strings.Cut(tag, "-")
	if strings.Trim(version, "0123456789.") != "" || !strings.Contains(version, ".") && !strings.HasPrefix(image, "node:") {
		return ""
	}
	return version
}

// nearest returns the path of the first of some files in a folder of the project, or in the nearest one above it that
// has one.
func (p *Project) nearest(dir string, names ...string) string {
	for at := path.Clean(dir); ; at = path.Dir(at) {
		for _, name := range names {
			if file := path.Join(at, name); slices.Contains(p.files, file) {
				return file
			}
		}
		if at == "." {
			return ""
		}
	}
}

// lockFiles are the files that say what is in a cache, by its id. Those of the first group that the project has count.
var lockFiles = sync.OnceValue(func() map[string][][]string {
	return map[string][][]string{
		"go-mod": {{"go.sum"}, {"go.mod"}}, "go-build": {{"go.sum"}, {"go.mod"}}, "golangci-lint": {{"go.sum"}, {"go.mod"}},
		"npm": {{"package-lock.json", "npm-shrinkwrap.json"}, {"package.json"}}, "pnpm": {{"pnpm-lock.yaml"}, {"package.json"}},
		"yarn": {{"yarn.lock"}, {"package.json"}}, "yarn-berry": {{"yarn.lock"}, {"package.json"}},
		"bun": {{"bun.lock", "bun.lockb"}, {"package.json"}}, "cargo": {{"Cargo.lock"}, {"Cargo.toml"}},
		"pip":        {{"uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock"}, {"requirements.txt", "requirements-dev.txt", "pyproject.toml", "setup.cfg", "setup.py"}},
		"pre-commit": {{".pre-commit-config.yaml"}},
	}
})

// ciCaches returns the caches of steps, each with the lock files of the project that decide what is in it.
func (p *Project) ciCaches(steps []runner.Step) (all []pipeline.Cache) {
	for _, s := range steps {
		for _, c := range s.Plan.Caches {
			known := slices.ContainsFunc(all, func(o pipeline.Cache) bool { return o.ID == c.ID })
			if locks := p.locks(c.ID); !known && c.Env != "" && len(locks) > 0 {
				all = append(all, pipeline.Cache{ID: c.ID, Env: c.Env, Locks: locks})
			}
		}
	}
	return all
}

func (p *Project) locks(cache string) []string {
	for _, names := range lockFiles()[cache] {
		var found []string
		for _, file := range p.files {
			if slices.Contains(names, path.Base(file)) && !p.Tree.Hides(file) {
				found = append(found, file)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}
