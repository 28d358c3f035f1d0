package stack

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pins"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// A Unit is one project of a stack: a folder to run the tool in.
type Unit struct {
	*repo
	// Dir is the folder; "." is the root of the repository. Manifest is the path of its manifest.
	Dir, Manifest string

	tool  string   // the name of the tool of its commands
	needs []string // the steps that prepare it
	added []string // its commands, in the order in which they were added
	has   []string // the targets that have one of them
}

// Path returns a path of the project as seen from the root of the repository.
func (u *Unit) Path(name string) string { return path.Join(u.Dir, name) }

// Text returns the content of a file of the project, or "".
func (u *Unit) Text(name string) string {
	text, _ := u.project.Read(u.Path(name))
	return text
}

// Exists reports whether the project has a file or folder of that name.
func (u *Unit) Exists(name string) bool { return u.project.Exists(u.Path(name)) }

// FirstOf returns the first of the names that exists, or "".
func (u *Unit) FirstOf(names ...string) string {
	for _, name := range names {
		if u.Exists(name) {
			return name
		}
	}
	return ""
}

// List returns the names in a folder of the project, as sdk.Project.List does.
func (u *Unit) List(dir string) []string { return u.project.List(u.Path(dir)) }

// Files returns the files of the project for which keep returns true, up to three folders down.
func (u *Unit) Files(keep func(name string) bool) (names []string) {
	for _, name := range u.project.Find(sdk.Level(u.Dir)+3, keep) {
		if sdk.Inside(path.Dir(name), u.Dir) {
			names = append(names, strings.TrimPrefix(name, u.Dir+"/"))
		}
	}
	return names
}

// Pin returns the version of a tool that the project pins: in files of the tool alone, or under one of the names that
// version managers have for it.
func (u *Unit) Pin(files []string, names ...string) (pins.Pin, bool) {
	return pins.Find(u.project, u.Dir, files, names...)
}

// Calls returns the commands of the pipelines that run one of some programs in the folder of the project.
func (u *Unit) Calls(programs ...string) (calls []pipelines.Call) {
	for _, c := range u.Pipeline().Calls {
		if c.Dir == u.Dir && slices.Contains(programs, c.Program()) {
			calls = append(calls, c)
		}
	}
	return calls
}

// Runs reports whether the pipelines run a program anywhere, with all of some words.
func (u *Unit) Runs(program string, words ...string) bool {
	return u.Pipeline().Runs(func(c pipelines.Call) bool {
		return c.Program() == program && !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(c.Words, w) })
	})
}

// Hooks reports whether pre-commit runs a hook in the repository.
func (u *Unit) Hooks(id string) bool {
	text, _ := u.project.Read(".pre-commit-config.yaml")
	return slices.Contains(strings.Fields(text), id)
}

// Beside reports whether the root of the repository is a project of another stack, so that this one documents it. Some
// manifests may be part of this one. A pyproject.toml counts if it has a package.
func (u *Unit) Beside(own ...string) bool {
	return slices.ContainsFunc(sdk.StackManifests, func(name string) bool {
		text, ok := u.project.Read(name)
		return ok && !slices.Contains(own, name) && (name != "pyproject.toml" || strings.Contains(text, "[build-system]"))
	})
}

// Ignores reports whether the .gitignore of the project, or of the repository, has a line for a folder.
func (u *Unit) Ignores(dir string) bool {
	root, _ := u.project.Read(".gitignore")
	return slices.ContainsFunc(strings.Fields(root+"\n"+u.Text(".gitignore")), func(line string) bool {
		line = strings.TrimSuffix(strings.Trim(strings.TrimPrefix(line, "**/"), "/"), "/*")
		return line == dir || line == u.Path(dir)
	})
}

// Decide records a choice with its reason, once.
func (u *Unit) Decide(format string, args ...any) { u.decisions.Add(format, args...) }

// Includes records which other targets a target runs by itself, so that none of them is missing beside it.
func (u *Unit) Includes(target string, others ...string) {
	about := u.About[target]
	about.Includes = others
	u.About[target] = about
}

// Outside records what the project uses outside of the repository.
func (u *Unit) Outside() *sdk.Outside { return &u.outside }

// Use sets the tool of the commands that are added after it. Without it, they have that of the stack.
func (u *Unit) Use(t plan.Tool) { u.tool = u.With(t) }

// With adds a tool to the plan for steps that name it, and returns its name. Where projects need it in different versions, it has a name for
// each.
func (u *Unit) With(t plan.Tool) string {
	if u.config.Image != "" {
		t.Image = u.config.Image
	}
	name := path.Base(t.Check[0])
	if known, ok := u.Tools[name]; ok && !sameTool(known, t) {
		name += "@" + u.Dir
	}
	u.Tools[name] = t
	return name
}

func sameTool(a, b plan.Tool) bool {
	return a.Version == b.Version && a.Image == b.Image && a.Pin == b.Pin && slices.Equal(a.Check, b.Check)
}

// Exec returns a step that runs one command.
func Exec(argv ...string) plan.Step { return plan.Step{Argv: argv} }

// Shell returns a step that runs a script. Users see its first line.
func Shell(lines ...string) plan.Step { return plan.Step{Script: strings.Join(lines, "\n")} }

// JUnit returns the reports that a command writes into files of the project by itself, in each of its runs.
func JUnit(globs ...string) (reports []plan.Report) {
	for _, glob := range globs {
		reports = append(reports, plan.Report{Format: plan.FormatJUnit, Path: glob})
	}
	return reports
}

// Prepare adds a step to "init" that the commands which are added after it need.
func (u *Unit) Prepare(s plan.Step, why string) {
	s.NoCache = s.NoCache || s.Provides == nil
	u.needs = []string{u.Add("init", s, why)}
}

// Has reports whether the project has a command for a target, which other projects of the repository may have, too.
func (u *Unit) Has(target string) bool { return slices.Contains(u.has, target) }

// Add adds a command to a target, and returns the id of its step. The reason is for "davit explain". In one run, the
// commands of a project run one after the other, in the order in which they were added: most build tools work in one
// folder.
func (u *Unit) Add(target string, s plan.Step, why string) string {
	return u.AddAs(target, target, s, why)
}

// AddAs is Add for a step with an id of its own, as where a target has several.
func (u *Unit) AddAs(target, id string, s plan.Step, why string) string {
	if u.Dir != "." {
		id += "@" + u.Dir
	}
	id = u.UniqueID(id)
	s = u.complete(target, s)
	u.has = append(u.has, target)
	if u.Builder.Add(target, id, s); !s.Interactive {
		u.added = append(u.added, id)
	}
	if why != "" {
		u.Explain(target, why)
	}
	return id
}

// complete returns a step with what all commands of the project have in common.
func (u *Unit) complete(target string, s plan.Step) plan.Step {
	if s.Op == "" && s.Script != "" {
		s.Op = plan.OpShell
	} else if s.Op == "" && len(s.Argv) > 0 {
		s.Op = plan.OpExec
	}
	if u.Dir != "." {
		s.Dir = u.Dir
	}
	if s.Tool == "" {
		s.Tool = u.defaultTool()
	}
	u.place(&s)
	s.Needs = append(slices.Clone(u.needs), s.Needs...)
	s.After = append(without(u.added, s.Needs), s.After...)
	s.Caches = append(slices.Clone(u.stack.Caches), s.Caches...)
	s.PassEnv = append(slices.Clone(u.stack.PassEnv), s.PassEnv...)
	s.Interactive = s.Interactive || slices.Contains([]string{"run", "watch"}, target)
	if len(u.stack.Settings) > 0 && !s.NoCache && !s.Interactive && !slices.Contains([]string{"clean", "format", "upgrade"}, target) {
		s.Settings = append(sdk.Settings(u.stack.Settings...), s.Settings...)
	}
	return s
}

// defaultTool returns the name of the tool of the project's commands.
func (u *Unit) defaultTool() string {
	if u.tool == "" && len(u.stack.Tool.Check) > 0 {
		u.tool = u.With(u.stack.Tool)
	}
	return u.tool
}

// place makes the paths of a step relative to the root of the repository.
func (u *Unit) place(s *plan.Step) {
	s.Outputs, s.Path, s.TestModules = u.paths(s.Outputs), u.paths(s.Path), u.paths(s.TestModules)
	if len(s.Argv) > 0 && strings.HasPrefix(s.Argv[0], "./") {
		s.Argv = slices.Clone(s.Argv)
		s.Argv[0] = "./" + u.under(s.Argv[0][len("./"):])
	}
	s.Inputs = u.paths(s.Inputs)
	if len(s.Inputs) == 0 {
		for _, other := range u.units[:min(len(u.units), sdk.MaxExcluded)] {
			for _, name := range u.stack.Products {
				s.Inputs = append(s.Inputs, "!"+other.under(name))
			}
		}
	}
	for i := range s.Reports {
		if s.Reports[i].Path != "" {
			s.Reports[i].Path = u.under(s.Reports[i].Path)
		}
	}
	if s.Provides != nil {
		provides := *s.Provides
		provides.Dir = u.under(provides.Dir)
		s.Provides = &provides
	}
}

func (u *Unit) paths(names []string) (out []string) {
	for _, name := range names {
		out = append(out, u.under(name))
	}
	return out
}

// under returns a path or glob of the project, as seen from the root of the repository: a "/" at its end stays, and a
// "!" in front.
func (u *Unit) under(name string) string {
	bare, not := strings.CutPrefix(name, "!")
	switch {
	case u.Dir == ".":
		return name
	case not:
		return "!" + u.Dir + "/" + bare
	}
	return u.Dir + "/" + bare
}

// without returns the ids of a list that are not in another.
func without(ids, others []string) (rest []string) {
	for _, id := range ids {
		if !slices.Contains(others, id) {
			rest = append(rest, id)
		}
	}
	return rest
}
