package python

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pins"
)

// A builder builds the plan, for one project after the other. The steps of a project in a folder have the
// folder before their ids, and their paths are below it.
type builder struct {
	*sdk.Builder
	config    *config
	pythons   map[string][]string // the constraints of the projects with an interpreter, by the name of its tool
	names     map[string]string   // of the tool of the interpreter, by the folder of the project
	pr        *project
	prefix    string
	dir       string
	summaries []string
	folders   sdk.FolderIDs
	venv      string // the name of the folder of the project's environment
	// fills are the steps that fill an environment, by its folder.
	fills map[string][]string
	// reasons are why targets are not offered.
	reasons map[string]string
}

func newBuilder(c *config) *builder {
	return &builder{config: c, fills: map[string][]string{}, reasons: map[string]string{}, pythons: map[string][]string{},
		names: map[string]string{}, folders: sdk.FolderIDs{}, Builder: sdk.NewBuilder("python", "")}
}

// enter sets the current project.
func (b *builder) enter(pr *project) {
	b.pr, b.dir, b.prefix = pr, pr.dir, b.folders.Of(pr.dir)
}

// finish returns the plan, or nil if it has no targets.
func (b *builder) finish() *plan.Plan {
	if len(b.Targets) == 0 {
		return nil
	}
	b.Summary = strings.Join(b.summaries, "; ")
	b.ExplainAbsent(b.reasons)
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
// does not matter: uv gets the one that the project pins.
func (b *builder) pythonTool(e *env) {
	t := plan.Tool{Version: constraint(b.pr.python), Check: []string{"python3", "--version"},
		Install: "https://www.python.org/downloads", Runtime: plan.RuntimePython}
	pin, unread := b.pr.pin()
	b.decidePin(pin, unread)
	if e.manager == uv {
		t.Version = ""
	} else {
		t.Pin, t.PinnedBy = pin.Version, pin.File
	}
	name := b.namePython(e, t)
	old, exists := b.Tools[name]
	if exists && old.Version != t.Version {
		t.Version = strings.Trim(old.Version+", "+t.Version, ", ")
	}
	b.pythons[name] = append(b.pythons[name], b.pr.python)
	t.Image = b.pythonImage(e, pin)
	if exists && e.manager != uv && strings.HasPrefix(old.Image, uvImages) {
		t.Image = old.Image
	}
	b.Tools[name] = t
}

// namePython chooses the name of the interpreter's tool: projects that pin or ask for different versions have one each,
// but for those of a workspace, which share an environment.
func (b *builder) namePython(e *env, t plan.Tool) string {
	name := "python"
	if old, exists := b.Tools[name]; exists && (old.Pin != t.Pin || old.Version != t.Version && !e.inWorkspace()) {
		name += " of " + b.dir
	}
	b.names[b.dir] = name
	return name
}

// python returns the name of the tool of the current project's interpreter.
func (b *builder) python() string { return b.names[b.dir] }

// pythonImage returns the image of the configuration, else that of the pinned version, else that of the newest one
// that all projects with the same interpreter accept.
func (b *builder) pythonImage(e *env, pin pins.Pin) string {
	img := image(b.pythons[b.python()]...)
	if pin.Version != "" {
		img = "python:" + pin.Version
	}
	switch {
	case b.config.Image != "":
		return b.config.Image
	case e.manager == uv:
		return uvImage(img) // the other steps then use the interpreter that uv installs
	}
	return img
}

// decidePin records the version that the project pins, or that its pin does not count.
func (b *builder) decidePin(pin, unread pins.Pin) {
	if pin.Version != "" {
		b.decide("Python %s, because %s asks for it", pin.Version, pin.File)
	}
	if unread.Version != "" {
		b.decide("%s says %q, which is no version of CPython: any Python that the project accepts is used",
			unread.File, unread.Version)
	}
}

// managerTool adds the manager, with the interpreter that it runs with. It runs in the image of Python, since the
// environment contains the path of its interpreter.
func (b *builder) managerTool(m manager) string {
	python := b.Tools[b.python()]
	t := m.tool()
	t.Image, t.Runtime, t.Pin, t.PinnedBy = python.Image, python.Runtime, python.Pin, python.PinnedBy
	if t.Pin == "" && python.Version != "" && b.pr.python != "" {
		t.Pin = constraint(b.pr.python)
		t.PinnedBy = b.pr.at(b.pr.firstOf("pyproject.toml", "setup.cfg", "setup.py"))
	}
	name := string(m) + strings.TrimPrefix(b.python(), "python")
	b.Tools[name] = t
	return name
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
	}
	s.Path, s.Inputs, s.Outputs = b.inProject(s.Path), b.inProject(s.Inputs), b.inProject(s.Outputs)
	s.Consumes = b.inProject(s.Consumes)
	if s.Provides != nil {
		s.Provides.Dir = s.Outputs[0]
	}
	if s.Tool == "" || s.Tool == "python" {
		s.Tool = b.python()
	}
	if !s.NoCache {
		s.Settings = union(sdk.Settings("python"), s.Settings)
	}
	b.Steps[id] = s
	return id
}

// newID returns the id of a new step of the current project: a program may be that of several hooks.
func (b *builder) newID(id string) string {
	return strings.TrimPrefix(b.UniqueID(b.prefix+id), b.prefix)
}

// inProject returns paths and globs in the folder of the project. The .venv of a workspace is in the root, as
// are names that begin with "/". Another project may have its environment under another name.
func (b *builder) inProject(names []string) (out []string) {
	for _, name := range names {
		bare, not := strings.CutPrefix(name, "!")
		if rest, ok := strings.CutPrefix(bare, ".venv/"); ok {
			bare = b.venv + "/" + rest
		}
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

// absent records why a target is not offered, unless it is, by this project or another one.
func (b *builder) absent(name, why string) {
	if b.prefix != "" {
		why = b.pr.dir + ": " + why
	}
	if old := b.reasons[name]; old != "" {
		why = old + "; " + why
	}
	b.reasons[name] = why
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
	"!/**/__pycache__/**", "!/**/.venv/**", "!/**/.venv-*/**", "!/**/.nox/**", "!/**/.pytest_cache/**", "!/**/.mypy_cache/**",
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
