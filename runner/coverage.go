package runner

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner/trace"
)

// A Coverage says what of the accesses of a step its plan and its key cover. It has no rules of its own for
// what counts: it asks for the fingerprint of the step, and for what would be in it.
type Coverage struct {
	cache     *Cache
	root      string // of the project, without links
	locations *locations
}

// A Verdict is whether an access is covered, and why.
type Verdict struct {
	Covered bool
	Why     string
}

func covers(why string) Verdict    { return Verdict{true, why} }
func uncovered(why string) Verdict { return Verdict{false, why} }

// NewCoverage returns the Coverage of the steps that a Cache was prepared for.
func NewCoverage(c *Cache) *Coverage {
	root := c.files.outside.project
	return &Coverage{cache: c, root: root, locations: newLocations(root, c.o.Env)}
}

// Judge returns a verdict for each access, in their order. An access that changes something is covered if the
// step declares it; any other one if the key changes when its answer does, or if it is to what never counts,
// which docs/results.md lists.
func (c *Coverage) Judge(ctx context.Context, s Step, accesses []trace.Access) ([]Verdict, error) {
	j, err := c.judge(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := j.askGit(ctx, accesses); err != nil {
		return nil, err
	}
	verdicts := make([]Verdict, len(accesses))
	for i, a := range accesses {
		name, inside := c.inside(a.Path)
		switch {
		case !inside:
			verdicts[i] = j.outside(a)
		case a.Kind.Changes():
			verdicts[i] = j.written(name)
		default:
			verdicts[i] = j.read(name, a.Kind)
		}
	}
	return verdicts, nil
}

// inside returns the name of a path in the project.
func (c *Coverage) inside(full string) (name string, ok bool) {
	if full == c.root {
		return ".", true
	}
	return strings.CutPrefix(full, c.root+"/")
}

// A judge judges the accesses of one step.
type judge struct {
	*Coverage
	step     Step
	f        fingerprint
	listed   []string        // the files of the project
	counting map[string]bool // files and environments of the project that are in the key
	holding  map[string]bool // the folders that these are in
	ignored  map[string]bool // by git
	settings []string        // absolute
	recorded []string        // environments among them
	lists    map[string]bool // folders that the step lists
}

func (c *Coverage) judge(ctx context.Context, s Step) (*judge, error) {
	f, err := c.cache.fingerprint(ctx, s)
	if err != nil {
		return nil, err
	}
	v, err := c.cache.files.now(ctx)
	if err != nil {
		return nil, err
	}
	j := &judge{Coverage: c, step: s, f: f, listed: v.names, counting: map[string]bool{},
		holding: map[string]bool{".": true}, ignored: map[string]bool{}, lists: map[string]bool{}}
	for _, sums := range []map[string]string{f.Inputs, f.Ignored} {
		for name := range sums {
			j.count(strings.TrimSuffix(name, "/"))
		}
	}
	if s.Plan.Dir != "" {
		j.hold(path.Clean(s.Plan.Dir))
	}
	for _, setting := range settingsOf(s, &f) {
		files := resolved(c.cache.settingFiles(setting))
		j.settings = append(j.settings, files...)
		if strings.HasSuffix(setting, "/") {
			j.recorded = append(j.recorded, files...)
		}
	}
	return j, nil
}

func (j *judge) count(name string) {
	j.counting[name] = true
	if !strings.HasPrefix(name, "../") && !path.IsAbs(name) {
		j.hold(path.Dir(name))
	}
}

func (j *judge) hold(dir string) {
	for ; !j.holding[dir]; dir = path.Dir(dir) {
		j.holding[dir] = true
	}
}

// askGit asks git which of the accesses of the project it ignores, and which folders on the way to them, and
// notes the folders that are listed. Git gives no answer for what is in another repository.
func (j *judge) askGit(ctx context.Context, accesses []trace.Access) error {
	own := map[string]bool{".": true}
	var names []string
	var ask func(name string) bool
	ask = func(name string) bool {
		if known, ok := own[name]; ok {
			return known
		}
		own[name] = ask(path.Dir(name)) && path.Base(name) != ".git"
		if own[name] {
			names = append(names, name)
			if _, err := os.Lstat(filepath.Join(j.root, name, ".git")); err == nil {
				own[name] = false
			}
		}
		return own[name]
	}
	for _, a := range accesses {
		if name, inside := j.inside(a.Path); inside && !isAddress(name) {
			j.lists[name] = j.lists[name] || a.Kind == trace.List
			ask(name)
		}
	}
	found, err := j.cache.files.Ignored(ctx, names)
	for _, name := range found {
		j.ignored[name] = true
	}
	return err
}

func (j *judge) isIgnored(name string) bool {
	return j.ignored[name] || j.counting[name] && slices.Contains(j.environments(), name)
}

// environments returns the environments in the key.
func (j *judge) environments() (dirs []string) {
	for name := range j.f.Ignored {
		if dir, is := strings.CutSuffix(name, "/"); is {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// among reports whether a name is one of the paths, which may be globs, or below one.
func among(paths []string, name string) bool {
	trimmed := make([]string, len(paths))
	for i, p := range paths {
		trimmed[i] = strings.TrimSuffix(p, "/")
	}
	return covered(paths, name) || covered(trimmed, name)
}

// written says whether a step declares that it writes a file.
func (j *judge) written(name string) Verdict {
	_, isEnvironment := j.tree().EnvironmentOf(name, j.isIgnored)
	switch {
	case among(j.step.Made(), name):
		return covers("its output")
	case j.step.Plan.Op == plan.OpWrite:
		return covers("davit writes it")
	case inGit(name):
		return uncovered("git's own file")
	case j.tree().HoldsState(name, j.isIgnored):
		return covers("the state of a tool, which does not count")
	case isEnvironment:
		return covers("in an environment, which counts by its record")
	}
	return uncovered("it is none of its outputs")
}

func (j *judge) tree() *tree.Tree { return j.cache.files.tree }

// inGit reports whether a path is a folder or file ".git", or in such a folder.
func inGit(name string) bool { return slices.Contains(strings.Split(name, "/"), ".git") }

// read says whether the key covers a look at a path of the project.
func (j *judge) read(name string, kind trace.Kind) Verdict {
	environment, isEnvironment := j.tree().EnvironmentOf(name, j.isIgnored)
	switch {
	case among(j.step.Made(), name):
		return covers("its output")
	case among(j.cache.needed[j.step.ID], name):
		return covers("made by a step that it needs")
	case inGit(name):
		return j.git(filepath.Join(j.root, name), kind)
	case j.counting[name]:
		return covers("it is in the key")
	case slices.Contains(j.step.Plan.Path, path.Dir(name)) && kind != trace.Read:
		return covers("a program in PATH")
	case j.tree().HoldsState(name, j.isIgnored):
		return covers("the state of a tool, which does not count")
	case isEnvironment:
		return j.environment(environment)
	case kind == trace.Missing && isAddress(name):
		return covers("an address, which a program took for a file")
	}
	return j.other(name, kind)
}

// git says whether the key covers a look at what git keeps.
func (j *judge) git(full string, kind trace.Kind) Verdict {
	_, refs := j.f.Inputs[gitRefs]
	_, inner := strings.CutPrefix(full, j.root+"/.git")
	switch {
	case kind == trace.Stat || kind == trace.List || kind == trace.Missing:
		return covers("only a look at git's folder")
	case slices.Contains(j.settings, full):
		return covers("its settings")
	case refs && (inner || !strings.HasPrefix(full, j.root+"/")):
		return covers("the commit, the branch and the tags count")
	}
	return uncovered("the commit and what else git keeps are not in the key")
}

// environment says whether an environment counts for the step: one that is there, or would be.
func (j *judge) environment(dir string) Verdict {
	if j.counting[dir] || j.f.Ignored != nil && !(j.step.OwnInputs && len(j.step.Plan.Inputs) > 0) {
		return covers("in an environment, which counts by its record")
	}
	return uncovered("environments do not count for this step")
}

// other says whether the key covers a look at a path that is not in it.
func (j *judge) other(name string, kind trace.Kind) Verdict {
	info, err := os.Lstat(filepath.Join(j.root, name))
	isDir := kind == trace.List || err == nil && info.IsDir()
	isFile := err == nil && (info.Mode().IsRegular() || info.Mode()&os.ModeSymlink != 0)
	switch {
	case kind == trace.Stat && isDir && (j.holding[name] || j.holdsMade(name)):
		return covers("what counts is in it")
	case kind == trace.Stat && isDir && j.lists[path.Dir(name)]:
		return covers("its name is in a folder that it lists")
	case isDir && (j.wouldCount(path.Join(name, anyName)) || j.chooses(name)):
		return covers("a file in it would count")
	case !isDir && (kind == trace.Missing || !isFile) && j.wouldCount(name):
		return covers("a file there would count")
	case kind == trace.Stat && isFile && j.step.provides() != nil:
		return covers("an install in place looks whether it is there")
	case len(without(j.cache.o.Ignore, []string{name})) == 0:
		return uncovered("project.toml says that it does not count")
	case j.isIgnored(name) && j.f.Ignored == nil:
		return uncovered("git ignores it, and no input names it")
	case len(j.step.Plan.Inputs) > 0:
		return uncovered("none of its inputs matches it")
	}
	return uncovered("it is not among the files of the project")
}

// anyName is the name of a file that nobody has in mind.
const anyName = "any name"

// isAddress reports whether a name is an URL: "https:/example.com" is what the path of one is.
func isAddress(name string) bool {
	scheme, _, _ := strings.Cut(name, "/")
	return strings.HasSuffix(scheme, ":")
}

// wouldCount reports whether a file of this name would be in the key. Of what git ignores, a step that fills an
// environment has in its key only what it names.
func (j *judge) wouldCount(name string) bool {
	full := filepath.Join(j.root, name)
	if within(j.f.folders, full) {
		return true
	}
	globs := j.step.Plan.Inputs
	if j.f.Ignored == nil && j.belowIgnored(name) {
		globs = slices.DeleteFunc(slices.Clone(globs), func(glob string) bool {
			return strings.HasPrefix(glob, "!") || has(j.listed, tree.FixedPart(glob))
		})
		return len(tree.Match(globs, []string{name})) > 0
	}
	names := without(j.cache.o.Ignore, []string{name})
	return len(names) > 0 && (len(globs) == 0 || len(tree.Match(globs, names)) > 0)
}

// belowIgnored reports whether git ignores a name or a folder that it is in.
func (j *judge) belowIgnored(name string) bool {
	for ; name != "."; name = path.Dir(name) {
		if j.ignored[name] {
			return true
		}
	}
	return false
}

// chooses reports whether a program that lists a folder can only mean files that are inputs: one is there, or
// below, or a glob matches some name there. What it opens besides is judged by itself.
func (j *judge) chooses(folder string) bool {
	if j.holding[folder] {
		return true
	}
	return slices.ContainsFunc(j.step.Plan.Inputs, func(glob string) bool {
		last := strings.NewReplacer("**", "x", "*", "x", "?", "x").Replace(path.Base(glob))
		return !strings.HasPrefix(glob, "!") && j.wouldCount(path.Join(folder, last))
	})
}

// holdsMade reports whether something that a step makes is in a folder.
func (j *judge) holdsMade(folder string) bool {
	return slices.ContainsFunc(slices.Concat(j.step.Made(), j.cache.needed[j.step.ID]),
		func(made string) bool { return strings.HasPrefix(made, folder+"/") })
}
