package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// out is the plan as it is made, for one project after the other. Steps of a project in a folder have the folder before
// their ids, and their paths below it.
type out struct {
	plan      *plan.Plan
	pr        *project
	prefix    string
	dir       string
	summaries []string
}

func newOut() *out {
	return &out{plan: &plan.Plan{
		Match: true, Tools: map[string]plan.Tool{}, Steps: map[string]plan.Step{}, Targets: map[string][]string{}, About: map[string]plan.About{},
	}}
}

// enter begins the next project.
func (o *out) enter(pr *project, named bool) {
	o.pr, o.dir, o.prefix = pr, pr.dir, ""
	if named {
		o.prefix = pr.dir + "/"
	}
	o.pythonTool()
}

// finish is the plan, nil if nothing was found.
func (o *out) finish() *plan.Plan {
	if len(o.plan.Targets) == 0 {
		return nil
	}
	o.plan.Summary = strings.Join(o.summaries, "; ")
	return o.plan
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
	o.plan.Decisions = append(o.plan.Decisions, text)
}

// pythonTool adds the interpreter. A project whose uv brings its own does not ask for a version of the machine's.
func (o *out) pythonTool() {
	constraint_ := constraint(o.pr.python)
	if o.pr.exists("uv.lock") || o.pr.inWorkspace() {
		constraint_ = ""
	}
	img := image(o.pr.python)
	if pin := strings.TrimSpace(o.pr.Head(o.pr.at(".python-version"), 16)); strings.HasPrefix(pin, "3.") && strings.Trim(pin, "3.0123456789") == "" {
		img = "python:" + pin
	}
	if old, ok := o.plan.Tools["python"]; ok {
		if old.Version != constraint_ {
			old.Version = strings.Trim(old.Version+", "+constraint_, ", ")
			o.plan.Tools["python"] = old
		}
		return
	}
	o.plan.Tools["python"] = plan.Tool{Version: constraint_, Check: []string{"python3", "--version"}, Image: img, Install: "https://www.python.org/downloads"}
}

func (o *out) managerTool(m manager) string {
	o.plan.Tools[string(m)] = m.tool()
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
	o.plan.Steps[id] = s
	return id
}

// below puts paths and globs under the folder of the project, but for .venv of a workspace, which is in the root.
func (o *out) below(names []string) (out []string) {
	for _, name := range names {
		bare, not := strings.CutPrefix(name, "!")
		full := path.Join(o.dir, bare)
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
	for _, id := range ids {
		if id != "" && !slices.Contains(o.plan.Targets[name], id) {
			o.plan.Targets[name] = append(o.plan.Targets[name], id)
		}
	}
	o.about(name, why)
}

// absent says why a target is not offered.
func (o *out) absent(name, why string) {
	if len(o.plan.Targets[name]) == 0 {
		o.about(name, why)
	}
}

func (o *out) about(name, why string) {
	if o.prefix != "" {
		why = o.pr.dir + ": " + why
	}
	if old := o.plan.About[name].Why; old != "" && old != why {
		why = old + "; " + why
	}
	o.plan.About[name] = plan.About{Why: why}
}

// sources are inputs of steps that look at everything: the whole project but what Python and its tools leave behind, which
// not every project tells git to ignore.
var everything = []string{
	"**", "!**/__pycache__/**", "!**/*.egg-info/**", "!.venv/**", "!.venv-*/**", "!**/.pytest_cache/**", "!**/.mypy_cache/**",
	"!**/.ruff_cache/**", "!dist/**", "!build/lib/**", "!**/.coverage",
}
