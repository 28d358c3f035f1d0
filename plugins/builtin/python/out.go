package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// out is the plan as it is made, for one project after the other. Steps of a project in a folder have the folder before
// their ids, and their paths below it.
type out struct {
	*sdk.Builder
	config    *config
	pythons   []string // the constraints of all projects
	pr        *project
	prefix    string
	dir       string
	summaries []string
}

func newOut(c *config) *out {
	return &out{config: c, Builder: sdk.NewBuilder("python", "")}
}

// enter begins the next project.
func (o *out) enter(pr *project, named bool) {
	o.pr, o.dir, o.prefix = pr, pr.dir, ""
	if named {
		o.prefix = pr.dir + "/"
	}
}

// finish is the plan, nil if nothing was found.
func (o *out) finish() *plan.Plan {
	if len(o.Targets) == 0 {
		return nil
	}
	o.Summary = strings.Join(o.summaries, "; ")
	return o.Plan
}

func (o *out) summary(pr *project) {
	s := "Python project " + pr.name
	if pr.python != "" {
		s += " (python " + pr.python + ")"
	}
	o.summaries = append(o.summaries, s)
}

// decide notes a choice with its reason.
func (o *out) decide(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if o.prefix != "" {
		text = o.pr.dir + ": " + text
	}
	o.Decisions = append(o.Decisions, text)
}

// pythonTool adds the interpreter. A project whose uv brings its own does not ask for a version of the machine's.
func (o *out) pythonTool(e *env) {
	wanted := constraint(o.pr.python)
	if o.pr.exists("uv.lock") || o.pr.inWorkspace() {
		wanted = ""
	}
	old, there := o.Tools["python"]
	if there && old.Version != wanted {
		wanted = strings.Trim(old.Version+", "+wanted, ", ")
	}
	o.pythons = append(o.pythons, o.pr.python)
	img := image(o.pythons...)
	if pin := strings.TrimSpace(o.pr.Head(o.pr.at(".python-version"), 16)); strings.HasPrefix(pin, "3.") && strings.Trim(pin, "3.0123456789") == "" {
		img = "python:" + pin
	}
	if e.manager == uv {
		img = uvImage(img) // where uv puts an interpreter of its own, the other steps find it too
	}
	if there && e.manager != uv && strings.HasPrefix(old.Image, uvImages) {
		img = old.Image
	}
	if o.config.Image != "" {
		img = o.config.Image
	}
	o.Tools["python"] = plan.Tool{Version: wanted, Check: []string{"python3", "--version"}, Image: img, Install: "https://www.python.org/downloads"}
}

// managerTool adds the manager. It runs where Python does, since the environment that it makes holds the path of its interpreter.
func (o *out) managerTool(m manager) string {
	t := m.tool()
	t.Image = o.Tools["python"].Image
	o.Tools[string(m)] = t
	return string(m)
}

// venvPath is where the environment of the project has its programs; the second is its place on Windows.
var venvPath = []string{".venv/bin", ".venv/Scripts"}

// step adds a step of the current project and returns its id. Its paths are relative to the folder of the project.
func (o *out) step(id string, s plan.Step) string {
	id = o.prefix + id
	if o.dir != "." {
		s.Dir = o.dir
	}
	if s.Path == nil {
		s.Path = venvPath
		if o.pr.exists("venv/pyvenv.cfg") {
			s.Path = append(slices.Clone(venvPath), "venv/bin", "venv/Scripts")
		}
	}
	s.Path, s.Inputs, s.Outputs = o.below(s.Path), o.below(s.Inputs), o.below(s.Outputs)
	if s.Stamp != "" {
		s.Stamp = o.below([]string{s.Stamp})[0]
	}
	if s.Tool == "" {
		s.Tool = "python"
	}
	o.Steps[id] = s
	return id
}

// below puts paths and globs under the folder of the project, but for .venv of a workspace, which is in the root, and for those
// that begin with "/", which are of the root.
func (o *out) below(names []string) (out []string) {
	for _, name := range names {
		bare, not := strings.CutPrefix(name, "!")
		full := path.Join(o.dir, bare)
		if rest, root := strings.CutPrefix(bare, "/"); root {
			full = path.Clean(rest)
		}
		if strings.HasPrefix(bare, ".venv/") && o.pr.inWorkspace() {
			full = path.Clean(bare)
		}
		if strings.HasSuffix(bare, "/") {
			full += "/"
		}
		if not {
			full = "!" + full
		}
		out = append(out, full)
	}
	return out
}

// target adds steps to a target, and says why.
func (o *out) target(name, why string, ids ...string) {
	o.Append(name, ids...)
	o.explain(name, why)
}

// absent says why a target is not offered.
func (o *out) absent(name, why string) {
	if !o.Offers(name) {
		o.explain(name, why)
	}
}

func (o *out) explain(name, why string) {
	if o.prefix != "" {
		why = o.pr.dir + ": " + why
	}
	if old := o.About[name].Why; old != "" && old != why {
		why = old + "; " + why
	}
	o.Explain(name, why)
}

// everything are inputs of steps that look at everything: the whole project but what Python and its tools leave behind, which
// not every project tells git to ignore.
var everything = []string{
	"**", "!**/__pycache__/**", "!**/*.egg-info/**", "!.venv/**", "!.venv-*/**", "!**/.pytest_cache/**", "!**/.mypy_cache/**",
	"!**/.ruff_cache/**", "!dist/**", "!build/lib/**", "!**/.coverage",
}

// all are the inputs of a step that may look at every file: of its project, or of the repository where the project is made of more
// of it than its own folder.
func (e *env) all() []string {
	if e.dir == "." || !e.inWorkspace() && !e.looksOut() {
		return everything
	}
	var out []string
	for _, glob := range everything {
		bare, not := strings.CutPrefix(glob, "!")
		if out = append(out, "/"+bare); not {
			out[len(out)-1] = "!/" + bare
		}
	}
	return out
}

// looksOut tells whether a manifest names something beside the folder of the project.
func (e *env) looksOut() bool {
	return slices.ContainsFunc(e.manifests, func(name string) bool { return strings.Contains(e.manifest(name), "../") })
}
