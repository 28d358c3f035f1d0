package runner

import (
	"context"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner/trace"
)

// A Coverage says what of the accesses of a step its plan and its key cover.
type Coverage interface {
	// Judge returns a verdict for each access, in their order. An access that changes something is covered if
	// the step declares it; any other one if the key changes when its answer does, or if it is of the kinds
	// that never count, which docs/audit.md lists.
	Judge(ctx context.Context, s Step, accesses []trace.Access) ([]Verdict, error)
}

// A Verdict is whether an access is covered, and why.
type Verdict struct {
	Covered bool
	Why     string
}

func covers(why string) Verdict    { return Verdict{true, why} }
func uncovered(why string) Verdict { return Verdict{false, why} }

// toolCaches are names of files and folders at any depth of a project that tools and editors keep for
// themselves, and that decide no result.
var toolCaches = []string{
	"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".cache", ".eslintcache",
	".coverage", ".parcel-cache", ".vite", ".DS_Store", ".idea", ".vscode",
}

// environments are names of folders that a manager of dependencies fills. They count by its record, never by
// what is in them. A folder whose name begins with ".venv" is one, and a "target" beside a Cargo.toml.
var environments = []string{"node_modules", "venv", ".tox", ".nox", "target"}

// keyCoverage is the Coverage of the keys of this package.
type keyCoverage struct {
	files   *Files
	root    string
	outside *outsideCoverage
	steps   map[string]Step
	made    []string // by any step
}

// NewCoverage returns the Coverage of the steps of a graph. Env is the caller's environment.
func NewCoverage(files *Files, g *Graph, env []string) Coverage {
	root := files.tree.Dir()
	if real, err := filepath.EvalSymlinks(root); err == nil {
		root = real
	}
	c := &keyCoverage{files: files, root: root, outside: newOutsideCoverage(root, env), steps: map[string]Step{}}
	for _, s := range g.Steps() {
		c.steps[s.ID] = s
		c.made = append(c.made, s.Made()...)
	}
	return c
}

// Judge implements Coverage.
func (c *keyCoverage) Judge(ctx context.Context, s Step, accesses []trace.Access) ([]Verdict, error) {
	j, err := c.judge(ctx, s)
	if err != nil {
		return nil, err
	}
	if j.ignored, err = c.ignored(ctx, accesses); err != nil {
		return nil, err
	}
	verdicts := make([]Verdict, len(accesses))
	for i, a := range accesses {
		name, inside := c.inside(a.Path)
		switch {
		case !inside:
			verdicts[i] = c.outside.verdict(s, a)
		case a.Kind.Changes():
			verdicts[i] = j.written(name)
		default:
			verdicts[i] = j.read(name, a.Kind)
		}
	}
	return verdicts, nil
}

// inside returns the name of a path in the project.
func (c *keyCoverage) inside(full string) (name string, ok bool) {
	if full == c.root {
		return ".", true
	}
	return strings.CutPrefix(full, c.root+"/")
}

// ignored returns the names of the project among the accesses that git ignores.
func (c *keyCoverage) ignored(ctx context.Context, accesses []trace.Access) (map[string]bool, error) {
	v, err := c.files.now(ctx)
	if err != nil || !v.git {
		return nil, err
	}
	var names []string
	for _, a := range accesses {
		if name, inside := c.inside(a.Path); inside && name != "." && !ofGit(name) {
			names = append(names, name)
		}
	}
	ignored := map[string]bool{}
	found, err := c.files.tree.Ignored(ctx, names)
	for _, name := range found {
		ignored[name] = true
	}
	return ignored, err
}

func ofGit(name string) bool { return name == ".git" || strings.HasPrefix(name, ".git/") }

// A judge judges the accesses of one step in the project.
type judge struct {
	step    Step
	inputs  map[string]bool // files
	folders map[string]bool // that inputs are in
	own     []string        // what the step makes
	needed  []string        // what the steps make that it needs
	ignored map[string]bool
	exists  func(name string) bool
}

func (c *keyCoverage) judge(ctx context.Context, s Step) (*judge, error) {
	v, err := c.files.now(ctx)
	if err != nil {
		return nil, err
	}
	j := &judge{step: s, inputs: map[string]bool{}, folders: map[string]bool{".": true}, own: s.Made(),
		exists: func(name string) bool { return slices.Contains(v.names, name) }}
	for _, name := range c.files.inputNames(v, s, c.made) {
		j.inputs[name] = true
		for dir := path.Dir(name); !j.folders[dir]; dir = path.Dir(dir) {
			j.folders[dir] = true
		}
	}
	for dir := path.Clean(s.Plan.Dir); s.Plan.Dir != "" && !j.folders[dir]; dir = path.Dir(dir) {
		j.folders[dir] = true
	}
	c.collectNeeded(s, map[string]bool{}, &j.needed)
	return j, nil
}

// collectNeeded collects what the steps make that a step needs, and those that these need.
func (c *keyCoverage) collectNeeded(s Step, visited map[string]bool, made *[]string) {
	for _, id := range s.Plan.Needs {
		if !visited[id] {
			visited[id] = true
			*made = append(*made, c.steps[id].Made()...)
			c.collectNeeded(c.steps[id], visited, made)
		}
	}
}

// among reports whether a name is one of the paths, which may be globs, or below one.
func among(paths []string, name string) bool {
	trimmed := make([]string, len(paths))
	for i, p := range paths {
		trimmed[i] = strings.TrimSuffix(p, "/")
	}
	return covered(paths, name) || covered(trimmed, name)
}

// isToolCache reports whether a name is what a tool keeps for itself.
func isToolCache(name string) bool {
	return slices.ContainsFunc(strings.Split(name, "/"),
		func(part string) bool { return slices.Contains(toolCaches, part) })
}

// isEnvironment reports whether a name is in an environment.
func (j *judge) isEnvironment(name string) bool {
	for ; name != "."; name = path.Dir(name) {
		base := path.Base(name)
		switch {
		case base == "target" && !j.exists(path.Join(path.Dir(name), "Cargo.toml")):
		case strings.HasPrefix(base, ".venv"), slices.Contains(environments, base):
			return true
		}
	}
	return false
}

// written says whether a step declares that it writes a file.
func (j *judge) written(name string) Verdict {
	switch {
	case among(j.own, name):
		return covers("its output")
	case isToolCache(name):
		return covers("a cache of a tool")
	case j.isEnvironment(name):
		return covers("in an environment")
	case j.step.Plan.Op == plan.OpWrite:
		return covers("davit writes it")
	case ofGit(name):
		return uncovered("git's own file")
	}
	return uncovered("it is none of its outputs")
}

// read says whether the key covers a look at a file.
func (j *judge) read(name string, kind trace.Kind) Verdict {
	switch {
	case among(j.own, name):
		return covers("its output")
	case among(j.needed, name):
		return covers("made by a step that it needs")
	case isToolCache(name):
		return covers("a cache of a tool")
	case j.isEnvironment(name):
		return covers("in an environment, which counts by its record")
	case ofGit(name) && (kind == trace.Stat || kind == trace.List || kind == trace.Missing):
		return covers("only a look at git's folder")
	case ofGit(name):
		return uncovered("the commit and what else git keeps are not in the key")
	case j.inputs[name]:
		return covers("its input")
	case kind == trace.Missing && isAddress(name):
		return covers("an address, which a program took for a file")
	case kind == trace.Missing && j.wouldBeInput(name):
		return covers("a file there would be its input")
	case kind == trace.List && (j.wouldBeInput(path.Join(name, "x")) || j.lists(name)):
		return covers("its inputs are in it")
	case kind == trace.Stat && j.folders[name]:
		return covers("its inputs are in it")
	case kind == trace.Stat && j.wouldBeInput(path.Join(name, "x")):
		return covers("its inputs are in it")
	case kind == trace.Stat && j.holdsMade(name):
		return covers("what steps make is in it")
	case j.ignored[name]:
		return uncovered("git ignores it, and no input names it")
	case len(j.step.Plan.Inputs) > 0:
		return uncovered("none of its inputs matches it")
	}
	return uncovered("it is not among the files of the project")
}

// isAddress reports whether a name is an URL: "https:/example.com" is what the path of one is.
func isAddress(name string) bool {
	scheme, _, _ := strings.Cut(name, "/")
	return strings.HasSuffix(scheme, ":")
}

// wouldBeInput reports whether a file of this name would be an input.
func (j *judge) wouldBeInput(name string) bool {
	globs := j.step.Plan.Inputs
	if slices.Contains(globs, name) {
		return true // named, so that git's ignoring does not count
	}
	if j.below(name) {
		return false
	}
	return len(globs) == 0 || len(tree.Match(globs, []string{name})) > 0
}

// below reports whether git ignores a name or a folder that it is in.
func (j *judge) below(name string) bool {
	for ; name != "."; name = path.Dir(name) {
		if j.ignored[name] {
			return true
		}
	}
	return false
}

// lists reports whether the inputs say which files of a folder count: one is there, or a glob matches some
// name in it. What else there is has no meaning for a program that chooses files by their names; one that
// then opens a file is judged by that.
func (j *judge) lists(folder string) bool {
	for _, glob := range j.step.Plan.Inputs {
		last := strings.NewReplacer("**", "x", "*", "x", "?", "x").Replace(path.Base(glob))
		if !strings.HasPrefix(glob, "!") && j.wouldBeInput(path.Join(folder, last)) {
			return true
		}
	}
	for name := range j.inputs {
		if path.Dir(name) == folder {
			return true
		}
	}
	return false
}

// holdsMade reports whether something that a step makes is in a folder.
func (j *judge) holdsMade(folder string) bool {
	return slices.ContainsFunc(slices.Concat(j.own, j.needed),
		func(made string) bool { return strings.HasPrefix(made, folder+"/") })
}
