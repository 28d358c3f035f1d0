package stack

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// A repo is a repository with the projects of one stack.
type repo struct {
	*sdk.Builder
	stack     *Stack
	project   *sdk.Project
	config    *Config
	units     []*Unit
	left      []left
	decisions sdk.Decisions
	outside   sdk.Outside
	pipeline  *pipelines.Pipeline // nil before it is read
}

// A left is a project that the targets leave out, and why.
type left struct{ dir, why string }

// depth is how many folders down projects are looked for.
const depth = 5

// find finds the projects: those that the configuration names, else those of the repository, else its examples.
func (r *repo) find() error {
	if len(r.config.Folders) > 0 {
		return r.open(r.config.Folders)
	}
	dirs := r.manifestDirs()
	for _, dir := range dirs {
		r.consider(dir)
	}
	if len(r.units) > 0 || slices.ContainsFunc(r.left, func(l left) bool { return l.why == whySupport }) {
		return nil
	}
	for _, l := range r.left {
		if u := r.unit(l.dir); l.why != inputOfTests && !r.isPart(l.dir) && r.refusal(u) == "" {
			r.units = append(r.units, u)
		}
	}
	r.left = nil
	return nil
}

// open takes the folders that the configuration names.
func (r *repo) open(dirs []string) error {
	for _, dir := range dirs {
		u := r.unit(path.Clean(dir))
		if u.Manifest == "" {
			return fmt.Errorf("[plugins.%s] config: %q in \"folders\" has no %s", r.stack.Name, dir,
				strings.Join(r.stack.Manifests, ", "))
		}
		r.units = append(r.units, u)
	}
	return nil
}

// consider takes the project of a folder, or records that it is left out. The folders above it were considered.
func (r *repo) consider(dir string) {
	switch kind := auxiliaryKind(dir); {
	case r.isPart(dir):
	case kind != "" && !r.enters(dir):
		r.left = append(r.left, left{dir, kind})
	case r.isSupport(dir):
		if u := r.unit(dir); r.refusal(u) == "" {
			r.left = append(r.left, left{dir, whySupport})
		}
	default:
		u := r.unit(dir)
		if why := r.refusal(u); why == "" {
			r.units = append(r.units, u)
		} else {
			r.decisions.Add("%s is no project: %s", u.Manifest, why)
		}
	}
}

// whySupport is why a project is left out that supports one of another stack.
const whySupport = "no pipeline works on it"

// isSupport reports whether the project of a folder supports those of another stack, and no pipeline works on it.
func (r *repo) isSupport(dir string) bool {
	return len(r.stack.Supports) > 0 && dir != "." && r.project.FirstOf(sdk.StackManifests...) != "" &&
		!r.Pipeline().Runs(func(c pipelines.Call) bool { return slices.Contains(r.stack.Supports, c.Program()) })
}

func (r *repo) refusal(u *Unit) string {
	if r.stack.Refuses == nil {
		return ""
	}
	return r.stack.Refuses(u)
}

// isPart reports whether a folder is in one of a project.
func (r *repo) isPart(dir string) bool {
	return slices.ContainsFunc(r.units, func(u *Unit) bool { return sdk.Inside(dir, u.Dir) })
}

// inputOfTests is what a project in a folder of tests is for.
const inputOfTests = "an input of tests"

// auxiliaryKind says what a project is for that is not the repository's own, or "".
func auxiliaryKind(dir string) string {
	for name := range strings.SplitSeq(dir, "/") {
		switch {
		case slices.Contains([]string{"test", "tests", "spec", "fixtures", "molecule", "template", "templates"}, name):
			return inputOfTests
		case slices.Contains([]string{"example", "examples", "sample", "samples", "demo", "demos", "doc", "docs"}, name):
			return "an example"
		case slices.Contains([]string{"bench", "benches", "benchmark", "benchmarks"}, name):
			return "benchmarks"
		}
	}
	return ""
}

// enters reports whether a pipeline runs a command in a folder.
func (r *repo) enters(dir string) bool {
	return r.Pipeline().Runs(func(c pipelines.Call) bool { return c.Dir == dir })
}

// Pipeline returns what the pipelines of the repository run.
func (r *repo) Pipeline() *pipelines.Pipeline {
	if r.pipeline == nil {
		r.pipeline = pipelines.Read(r.project)
	}
	return r.pipeline
}

// manifestDirs returns the folders with a manifest, upper ones first.
func (r *repo) manifestDirs() (dirs []string) {
	for _, file := range r.project.Find(depth, r.isManifest) {
		if dir := path.Dir(file); sdk.ValidInPlan(dir) {
			dirs = append(dirs, dir)
		}
	}
	slices.SortStableFunc(dirs, func(a, b string) int { return sdk.Level(a) - sdk.Level(b) })
	return slices.Compact(dirs)
}

func (r *repo) isManifest(name string) bool { return r.rank(name) >= 0 }

// rank returns where a file stands among the manifests, or -1.
func (r *repo) rank(name string) int {
	return slices.IndexFunc(r.stack.Manifests, func(pattern string) bool {
		like, _ := path.Match(pattern, path.Base(name))
		return like
	})
}

// unit returns the project of a folder.
func (r *repo) unit(dir string) *Unit {
	u := &Unit{repo: r, Dir: dir}
	best := len(r.stack.Manifests)
	for _, name := range r.project.List(dir) {
		if rank := r.rank(name); rank >= 0 && rank < best {
			best, u.Manifest = rank, path.Join(dir, name)
		}
	}
	return u
}

func (r *repo) summary() string {
	if len(r.units) == 0 {
		return r.stack.Title + " beside another stack"
	}
	if len(r.units) > 1 {
		return fmt.Sprintf("%d %s projects", len(r.units), r.stack.Title)
	}
	if dir := r.units[0].Dir; dir != "." {
		return r.stack.Title + " project in " + dir
	}
	return r.stack.Title + " project"
}

// maxNamed is how many projects one sentence names.
const maxNamed = 5

// omit names the projects that are left out.
func (r *repo) omit() {
	var names, dirs []string
	for _, u := range r.units {
		dirs = append(dirs, u.Dir)
	}
	for _, l := range r.left {
		if l.why != inputOfTests && !r.isPart(l.dir) {
			names, dirs = append(names, l.dir+" ("+l.why+")"), append(dirs, l.dir)
		}
	}
	if len(names) == 0 {
		return
	}
	hint := fmt.Sprintf("\"folders\" in [plugins.%s] config names the projects to work on", r.stack.Name)
	if len(dirs) <= maxNamed {
		hint = fmt.Sprintf(`[plugins.%s] config = { folders = ["%s"] }`, r.stack.Name, strings.Join(dirs, `", "`))
	}
	r.Omit(sdk.Listed(names, maxNamed), hint, "build", "test-unit", "style")
}
