package python

import (
	"fmt"
	"hash/fnv"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// madeMark is a file in each environment that davit makes. It has one line: "unfinished" from when the
// environment exists until all is in it, then "made" with what it was made from. So after an interruption, or if
// the project asks for other packages, an environment of davit's own is made anew. One that was there before has
// no mark, and is made anew only if its interpreter is gone.
const madeMark = ".davit"

// An environmentScript is a script that fills a virtual environment.
type environmentScript struct {
	dir     string // of the environment, as seen from the folder that the script runs in
	summary string // the first line, without "#"
	start   string // lines that come first
	// made is a word of the shell for what is in the mark of an environment that davit made.
	made string
	// create makes a new environment; it calls "begin" as soon as there is a folder. repair is the same for one
	// that exists. Both are lists of commands.
	create, repair string
	fill           []string
	// python is the version of Python, "3.12", without which an environment of the user's own is set aside; "" for
	// managers that look themselves, and if the project requires none.
	python string
	// temporary are files that the manager writes, and that are removed unless they were there before: a check
	// leaves no files in the project.
	temporary []string
}

// String returns the script. If a command fails, the script removes an environment that it has made, because
// an incomplete one would hide the machine's python3. An earlier one that was made from something else is kept until
// then and comes back, also after an interruption, so that its requirements do without a network. No manager sees the active environment of the caller: some
// would fill that one.
func (s environmentScript) String() string {
	text := `# SUMMARY
unset VIRTUAL_ENV CONDA_PREFIX
STARTanew() { echo "DIR is made anew: $1"; rm -rf DIR; }
keep() { { [ ! -e OLD ] || [ -e OLD/MARK ]; } && rm -rf OLD && mv DIR OLD 2>/dev/null; }
restore() { [ ! -e OLD/MARK ] || { rm -rf DIR && mv OLD DIR && echo "DIR is as it was before"; }; }
look() {
  mark=
  [ ! -e DIR/MARK ] || read -r mark <DIR/MARK || mark=unfinished
  case $mark in made*|unfinished) ;; *) mark= ;; esac
}
begin() { [ -z "$mark" ] || { echo unfinished >DIR/MARK && echo '*' >DIR/.gitignore; } }
made=MADE
look
if [ "$mark" = unfinished ] || [ ! -e DIR ]; then restore && look; fi
if [ -L DIR/bin/python ] && [ ! -e DIR/bin/python ]; then anew 'its interpreter is gone'
elif [ "$mark" = unfinished ]; then anew 'it is unfinished'
elif [ -n "$mark" ] && [ "$mark" != "$made" ]; then
  keep || :
  anew 'it was made for other requirements or another Python'
ASIDEfi
[ -e DIR ] || mark=unfinished
if if [ -e DIR ]; then REPAIR; else CREATE; fi &&
FILL; then
  [ -z "$mark" ] || echo "$made" >DIR/MARK
  [ ! -e OLD/MARK ] || { echo unfinished >OLD/MARK && rm -rf OLD; }
  exit 0
else status=$?; fi
if [ "$mark" = unfinished ]; then rm -rf DIR && restore; elif [ -n "$mark" ]; then echo "$mark" >DIR/MARK; fi
exit $status
`
	return strings.NewReplacer("SUMMARY", s.summary, "START", s.start+s.removeScript(), "MADE", s.made,
		"CREATE", s.create, "REPAIR", s.repair, "FILL", strings.Join(s.fill, " &&\n"), "ASIDE", s.replaceScript(),
		"DIR", sdk.Quote(s.dir), "OLD", sdk.Quote(s.old()), "MARK", madeMark).Replace(text)
}

// replaceScript returns the branch that sets an environment of the user's own aside if it has another Python than the
// project requires. Like davit does with a broken one, it lets git ignore it, and does not touch an earlier one.
func (s environmentScript) replaceScript() string {
	if s.python == "" {
		return ""
	}
	return strings.NewReplacer("PYTHON", s.python, "DIR", sdk.Quote(s.dir), "OLD", sdk.Quote(s.old())).Replace(
		`elif [ -z "$mark" ] && [ -e DIR/bin/python ] &&
  ! DIR/bin/python -c 'import sys; sys.exit(not sys.version.startswith("PYTHON."))'; then
  keep || { echo "DIR does not have Python PYTHON, and OLD is there already: remove one of them" >&2; exit 1; }
  [ -e OLD/.gitignore ] || echo '*' >OLD/.gitignore
  echo "DIR is made anew: it does not have Python PYTHON, which the project requires; the old one is OLD"
`)
}

// old returns the folder that keeps the earlier environment while a new one is made. Its name is hidden. It has the
// mark and the .gitignore of the environment, and one without a mark belongs to the user.
func (s environmentScript) old() string {
	dir, name := path.Split(s.dir)
	if name == "venv" || name == "env" {
		name = ".venv"
	}
	return dir + name + "-old"
}

// removeScript returns the lines that remove the temporary files when the script ends.
func (s environmentScript) removeScript() string {
	if len(s.temporary) == 0 {
		return ""
	}
	return "new=\nfor file in " + sdk.Quote(s.temporary...) + `; do [ -e "$file" ] || new="$new $file"; done
trap 'rm -f $new' EXIT
trap 'exit 1' HUP INT TERM
`
}

// outsidePython is a word of the shell for the version of the interpreter outside of environments.
const outsidePython = `$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')`

// environmentDir returns the folder of the project's environment as seen from the project: that of a
// workspace is in the root.
func (e *env) environmentDir() string {
	if e.inWorkspace() {
		return strings.Repeat("../", strings.Count(e.dir, "/")+1) + ".venv"
	}
	return e.environmentName()
}

// environmentName returns the name of the folder of the environment. One that pip fills may exist under another
// usual name.
func (e *env) environmentName() string {
	for _, name := range []string{".venv", "venv", "env"} {
		if e.manager == venv && e.exists(name+"/pyvenv.cfg") {
			return name
		}
	}
	return ".venv"
}

// sum returns a short digest of what an environment is made from.
func sum(words ...any) string {
	h := fnv.New64a()
	for _, word := range words {
		fmt.Fprintf(h, "%v\x00", word)
	}
	return fmt.Sprintf("%x", h.Sum64())
}

// installVariables are the variables that decide what package managers of Python install.
var installVariables = []string{
	"PIP_*", "UV_*", "POETRY_*", "PDM_*", "PIPENV_*", "HATCH_*", "PYTHONPATH", "PYTHONHOME",
}

// addEnvironmentStep adds a step that fills an environment and returns its id. Steps that fill the same one
// run one after the other.
func (b *builder) addEnvironmentStep(id string, s plan.Step) string {
	if s.Provides == nil {
		s.Provides = &plan.Provides{}
	}
	s.Provides.Dir, s.Provides.Variables = s.Outputs[0], installVariables
	id = b.addStep(id, s)
	step := b.Steps[id]
	if slices.Contains(b.fills[step.Provides.Dir], id) {
		return id // another part of the workspace has added the same
	}
	step.After = slices.Clone(b.fills[step.Provides.Dir])
	b.Steps[id] = step
	b.fills[step.Provides.Dir] = append(b.fills[step.Provides.Dir], id)
	return id
}

// toolsDir returns the folder of an environment with programs that are not the project's own dependencies. It is in
// that of nox, which linters pass over and which no builder of packages packs: hatchling packs all else that the
// .gitignore at the root does not name.
func toolsDir(purpose string) string { return ".nox/davit-" + purpose }

// addTools adds the step that fills an environment with programs, and returns its id.
func (b *builder) addTools(purpose string, inputs []string, list []requirement) string {
	dir := toolsDir(purpose)
	p := pip{dir: dir, lines: [][]string{texts(list)}}
	return b.addEnvironmentStep(purpose+"-deps", plan.Step{
		Op: plan.OpShell, Script: p.script(), Provides: &plan.Provides{Check: p.check(purpose)},
		Path: toolsPath(dir), Inputs: inputs, Outputs: []string{dir + "/"},
		Caches: []plan.Cache{sdk.PipCache}, Settings: sdk.Settings("pip"),
	})
}

func texts(list []requirement) (out []string) {
	for _, r := range list {
		out = append(out, string(r))
	}
	return out
}
