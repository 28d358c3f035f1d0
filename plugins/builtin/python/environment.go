package main

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// madeMark is a file in each environment that davit makes or fills. It has one line: "unfinished" from when
// an environment of davit's own exists until all is in it, then "made". In an environment that was there
// before it is "filled", and is only written at the end. So after an interruption an environment of davit's
// own is made anew, and one of the user's never is.
const madeMark = ".davit"

// An environmentScript is a script that fills a virtual environment.
type environmentScript struct {
	dir     string // of the environment, as seen from the folder that the script runs in
	summary string // the first line, without "#"
	start   string // lines that come first
	// create makes a new environment; it calls "begin" as soon as there is a folder. repair is the same for one
	// that exists. Both are lists of commands.
	create, repair string
	fill           []string
	// failed are lines that decide the result after a command of fill failed, where the status is "$status".
	failed string
}

// String returns the script. If a command fails, the script removes an environment that it has made, because
// an incomplete one would hide the machine's python3 from commands that worked with it.
func (s environmentScript) String() string {
	text := `# SUMMARY
STARTbegin() {
  [ "$mark" = filled ] || [ ! -d DIR ] || { echo unfinished >DIR/MARK && echo '*' >DIR/.gitignore; }
}
new=; mark=made
[ ! -e DIR ] || read -r mark 2>/dev/null <DIR/MARK || mark=filled
[ "$mark" != unfinished ] || { rm -rf DIR; mark=made; }
[ -e DIR ] || new=1
if if [ -n "$new" ]; then CREATE; else REPAIR; fi &&
FILL; then
  [ ! -d DIR ] || echo "$mark" >DIR/MARK
  exit 0
else status=$?; fi
[ -z "$new" ] || rm -rf DIR
[ "$mark" = filled ] || [ ! -d DIR ] || echo "$mark" >DIR/MARK
FAILED`
	return strings.NewReplacer("SUMMARY", s.summary, "START", s.start, "CREATE", s.create, "REPAIR", s.repair,
		"FILL", strings.Join(s.fill, " &&\n"), "FAILED", s.failed, "DIR", sdk.Quote(s.dir),
		"MARK", madeMark).Replace(text)
}

// environmentDir returns the folder of the project's environment as seen from the project: that of a
// workspace is in the root.
func (e *env) environmentDir() string {
	if e.inWorkspace() {
		return strings.Repeat("../", strings.Count(e.dir, "/")+1) + ".venv"
	}
	return ".venv"
}

// managerStep sets the command of a step to calls of the manager that fill the environment.
func (e *env) managerStep(s plan.Step, lines ...[]string) plan.Step {
	s.Op, s.Caches = plan.OpShell, e.manager.caches()
	script := environmentScript{
		dir: e.environmentDir(), summary: sdk.Quote(lines[0]...), start: e.manager.fetchScript(),
		create: "begin", repair: "begin", failed: "exit $status\n",
	}
	if create := e.manager.create(e.environmentDir()); create != nil {
		script.create = sdk.Quote(create...) + " && begin"
	}
	for _, line := range lines {
		script.fill = append(script.fill, sdk.Quote(line...))
	}
	script.fill[len(lines)-1] += ` "$@"`
	s.Script = script.String()
	return s
}

// installVariables are the variables that decide what package managers of Python install.
var installVariables = []string{
	"PIP_*", "UV_*", "POETRY_*", "PDM_*", "PIPENV_*", "HATCH_*", "PYTHONPATH", "PYTHONHOME",
}

// addEnvironmentStep adds a step that fills an environment and returns its id. Steps that fill the same one
// run one after the other.
func (b *builder) addEnvironmentStep(id string, s plan.Step) string {
	s.Provides.Dir, s.Provides.Variables = s.Outputs[0], installVariables
	id = b.addStep(id, s)
	step := b.Steps[id]
	step.After = slices.Clone(b.fills[step.Provides.Dir])
	b.Steps[id] = step
	b.fills[step.Provides.Dir] = append(b.fills[step.Provides.Dir], id)
	return id
}
