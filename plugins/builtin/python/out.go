package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// A builder builds the plan, for one project after the other. The steps of a project in a folder have the
// folder before their ids, and their paths are below it.
type builder struct {
	*sdk.Builder
	config    *config
	pythons   []string // the constraints of all projects
	pr        *project
	prefix    string
	dir       string
	summaries []string
	// fills are the steps that fill an environment, by its folder.
	fills map[string][]string
}

func newBuilder(c *config) *builder {
	return &builder{config: c, fills: map[string][]string{}, Builder: sdk.NewBuilder("python", "")}
}

// enter sets the current project.
func (b *builder) enter(pr *project, named bool) {
	b.pr, b.dir, b.prefix = pr, pr.dir, ""
	if named {
		b.prefix = pr.dir + "/"
	}
}

// finish returns the plan, or nil if it has no targets.
func (b *builder) finish() *plan.Plan {
	if len(b.Targets) == 0 {
		return nil
	}
	b.Summary = strings.Join(b.summaries, "; ")
	return b.Plan
}

func (b *builder) summary(pr *project) {
	s := "Python project " + pr.name
	if pr.python != "" {
		s += " (python " + pr.python + ")"
	}
	b.summaries = append(b.summaries, s)
}

// decide records a choice with its reason.
func (b *builder) decide(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if b.prefix != "" {
		text = b.pr.dir + ": " + text
	}
	b.Decisions = append(b.Decisions, text)
}

// pythonTool adds the interpreter. If uv manages the interpreter of the project, the version on the machine
// does not matter.
func (b *builder) pythonTool(e *env) {
	wanted := constraint(b.pr.python)
	if b.pr.exists("uv.lock") || b.pr.inWorkspace() {
		wanted = ""
	}
	old, exists := b.Tools["python"]
	if exists && old.Version != wanted {
		wanted = strings.Trim(old.Version+", "+wanted, ", ")
	}
	b.pythons = append(b.pythons, b.pr.python)
	img := image(b.pythons...)
	if pin := strings.TrimSpace(b.pr.Head(b.pr.at(".python-version"), 16)); strings.HasPrefix(pin, "3.") &&
		strings.Trim(pin, ".0123456789") == "" {
		img = "python:" + pin
	}
	if e.manager == uv {
		img = uvImage(img) // the other steps then use the interpreter that uv installs
	}
	if exists && e.manager != uv && strings.HasPrefix(old.Image, uvImages) {
		img = old.Image
	}
	if b.config.Image != "" {
		img = b.config.Image
	}
	b.Tools["python"] = plan.Tool{Version: wanted, Check: []string{"python3", "--version"}, Image: img,
		Install: "https://www.python.org/downloads"}
}

// managerTool adds the manager. It runs in the image of Python, since the environment contains the path of
// its interpreter.
func (b *builder) managerTool(m manager) string {
	t := m.tool()
	t.Image = b.Tools["python"].Image
	b.Tools[string(m)] = t
	return string(m)
}

// venvPath are the folders with the programs of the environment, the second one on Windows.
var venvPath = []string{".venv/bin", ".venv/Scripts"}

// addStep adds a step of the current project and returns its id. Its paths are relative to the folder of the
// project.
func (b *builder) addStep(id string, s plan.Step) string {
	id = b.prefix + id
	if b.dir != "." {
		s.Dir = b.dir
	}
	if s.Path == nil {
		s.Path = venvPath
		if b.pr.exists("venv/pyvenv.cfg") {
			s.Path = append(slices.Clone(venvPath), "venv/bin", "venv/Scripts")
		}
	}
	s.Path, s.Inputs, s.Outputs = b.inProject(s.Path), b.inProject(s.Inputs), b.inProject(s.Outputs)
	if s.Provides != nil {
		s.Provides.Dir = s.Outputs[0]
	}
	if s.Tool == "" {
		s.Tool = "python"
	}
	if !s.NoCache {
		s.Settings = union(sdk.Settings("python"), s.Settings)
	}
	b.Steps[id] = s
	return id
}

// inProject returns paths and globs in the folder of the project. The .venv of a workspace is in the root, as
// are names that begin with "/".
func (b *builder) inProject(names []string) (out []string) {
	for _, name := range names {
		bare, not := strings.CutPrefix(name, "!")
		full := path.Join(b.dir, bare)
		if rest, root := strings.CutPrefix(bare, "/"); root {
			full = path.Clean(rest)
		}
		if strings.HasPrefix(bare, ".venv/") && b.pr.inWorkspace() {
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

// addTarget adds steps to a target and explains it.
func (b *builder) addTarget(name, why string, ids ...string) {
	b.Append(name, ids...)
	b.explain(name, why)
}

// absent records why a target is not offered, unless it is.
func (b *builder) absent(name, why string) {
	if !b.Offers(name) {
		b.explain(name, why)
	}
}

func (b *builder) explain(name, why string) {
	if b.prefix != "" {
		why = b.pr.dir + ": " + why
	}
	if old := b.About[name].Why; old != "" && old != why {
		why = old + "; " + why
	}
	b.Explain(name, why)
}

// toolFiles are files that Python and its tools keep for themselves, which decide no result and which Git
// does not ignore in every project. Names that begin with "/" are in all folders of the project.
var toolFiles = []string{
	"!/**/__pycache__/**", "!/**/.venv/**", "!/**/.venv-*/**", "!/**/.pytest_cache/**", "!/**/.mypy_cache/**",
	"!/**/.ruff_cache/**", "!/**/.coverage",
}

// builtFiles are what a build or an install of the package leaves, and does not read. What setuptools reads of
// an earlier build is none of them: see eggInfo.
var builtFiles = []string{"!dist/**", "!build/lib/**", "!build/bdist.*/**"}

// all returns the inputs of a step that may read every file of the project: tests, and linters, whose
// configuration may be anywhere and name any other file.
func (e *env) all() []string { return slices.Clone(toolFiles) }

// packageFiles returns the inputs of a step that builds or installs the package, which may read every file
// that is no result of that.
func (e *env) packageFiles() []string { return slices.Concat(toolFiles, builtFiles) }
