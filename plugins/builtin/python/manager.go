package python

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// A manager is a program that fills the environment of a project.
type manager string

const (
	uv     manager = "uv"
	poetry manager = "poetry"
	pipenv manager = "pipenv"
	pdm    manager = "pdm"
	hatch  manager = "hatch"
	venv   manager = "venv" // a plain virtual environment, filled by pip
)

// chooseManager returns the manager and the reason: by lock files first, since they show what people really
// use, then by configuration.
func chooseManager(pr *project, t *tests) (manager, string) {
	tool := func(keys ...string) bool { return toml.Has(pr.pyproject, append([]string{"tool"}, keys...)...) }
	for _, c := range []struct {
		is  bool
		m   manager
		why string
	}{
		{pr.exists("uv.lock"), uv, "of uv.lock"},
		{pr.inWorkspace(), uv, "it is a member of the workspace of uv in the root"},
		{pr.exists("poetry.lock"), poetry, "of poetry.lock"},
		{pr.exists("pdm.lock"), pdm, "of pdm.lock"},
		{pr.exists("Pipfile"), pipenv, "of Pipfile"},
		{tool("uv"), uv, "pyproject.toml has [tool.uv]"},
		{tool("poetry"), poetry, "pyproject.toml has [tool.poetry]"},
		{strings.HasPrefix(pr.backend, "poetry."), poetry, "the package is built by " + pr.backend},
		{tool("pdm", "dev-dependencies") || tool("pdm", "distribution") || tool("pdm", "source"), pdm,
			"pyproject.toml configures it as a manager"},
		{pr.hatchHasRunner(t), hatch, "its default environment in pyproject.toml has what the tests need"},
	} {
		if c.is {
			return c.m, fmt.Sprintf("%s fills the environment, because %s", c.m, c.why)
		}
	}
	return venv, "pip fills the environment, because no lock file and no configuration asks for uv, poetry, pipenv, pdm or hatch"
}

// hatchHasRunner reports whether hatch's default environment has the test runner, which is the condition for
// using hatch. If a matrix of environments has it, there is no single one to use, and pip installs what they
// list.
func (pr *project) hatchHasRunner(t *tests) bool {
	deps := requirements(toml.Strings(pr.pyproject, "tool", "hatch", "envs", "default", "dependencies"))
	_, ok := declares(deps, t.runner)
	return ok || t.runner == "unittest" && len(deps) > 0
}

// tool returns the manager as a tool of a plan.
func (m manager) tool() plan.Tool {
	install := map[manager]string{
		uv: "pipx install uv, or see https://docs.astral.sh/uv", poetry: "pipx install poetry",
		pipenv: "pipx install pipenv",
		pdm:    "pipx install pdm", hatch: "pipx install hatch",
	}
	return plan.Tool{Check: []string{string(m), "--version"}, Install: install[m]}
}

// caches returns the caches of the manager and of pip.
func (m manager) caches() []plan.Cache {
	own := map[manager]string{uv: "UV_CACHE_DIR", poetry: "POETRY_CACHE_DIR", pdm: "PDM_CACHE_DIR",
		pipenv: "PIPENV_CACHE_DIR"}[m]
	if own == "" {
		return []plan.Cache{sdk.PipCache}
	}
	return []plan.Cache{{ID: string(m), Env: own}, sdk.PipCache}
}

// callStep sets the command of a step to calls of the manager. The image has uv but no other manager, so in a
// container pip installs it. On the host, davit checks for the tool before the step starts.
func (m manager) callStep(s plan.Step, lines ...[]string) plan.Step {
	s.Caches = m.caches()
	var script []string
	for _, line := range lines {
		script = append(script, sdk.Quote(line...))
	}
	s.Op, s.Script = plan.OpShell, "# "+script[0]+"\n"+m.fetchScript()+strings.Join(script, "\n")+" \"$@\"\n"
	return s
}

// fetchScript returns the lines of a script that install the manager if it is missing.
func (m manager) fetchScript() string {
	if m == uv {
		return ""
	}
	return "command -v " + string(m) +
		" >/dev/null || {\n  own=$(mktemp -d) && python3 -m venv \"$own\" &&\n" +
		"  \"$own\"/bin/python -m pip install --quiet --disable-pip-version-check " + string(m) +
		" && PATH=\"$own/bin:$PATH\"\n}\n"
}

// env returns the variables with which the manager creates the environment in .venv, where every step looks
// for it. Asking the manager for an environment elsewhere would take half a second each time.
func (m manager) env() map[string]string {
	switch m {
	case uv:
		return map[string]string{"UV_PROJECT_ENVIRONMENT": ".venv"}
	case poetry:
		return map[string]string{"POETRY_VIRTUALENVS_IN_PROJECT": "true", "POETRY_VIRTUALENVS_CREATE": "true"}
	case pdm:
		return map[string]string{"PDM_VENV_IN_PROJECT": "1", "PDM_USE_VENV": "1", "PDM_IGNORE_ACTIVE_VENV": "1",
			"PDM_IGNORE_SAVED_PYTHON": "1"}
	case pipenv:
		return map[string]string{"PIPENV_VENV_IN_PROJECT": "1", "PIPENV_IGNORE_VIRTUALENVS": "1"}
	case hatch:
		return map[string]string{"HATCH_ENV_TYPE_VIRTUAL_PATH": ".venv"}
	}
	return nil
}

// lock returns the lock file of the manager.
func (m manager) lock() string {
	return map[manager]string{uv: "uv.lock", poetry: "poetry.lock", pdm: "pdm.lock",
		pipenv: "Pipfile.lock"}[m]
}

// managerScript returns a script in which the manager fills the environment with all that it installs for
// development by default, the extras and groups, and what no manifest names: see missing.
func (e *env) managerScript(extras, groups []string) string {
	start, fill := e.manager.fill(e.project, e.packagesOption(), extras, groups, repeatOption("--reinstall-package", e.dynamicPackages()))
	s := environmentScript{
		dir: e.environmentDir(), start: e.manager.fetchScript() + start,
		summary: strings.NewReplacer("$locked", "--locked", "$sync", "sync").Replace(fill[len(fill)-1]),
		made:    e.made(), create: "begin", repair: "begin", temporary: e.manager.writes(), python: e.requiredPython(),
	}
	fill[len(fill)-1] += ` "$@"`
	if create := e.manager.create(e.environmentDir()); create != nil {
		s.create = sdk.Quote(create...) + " && begin"
	}
	if missing := texts(e.missing()); len(missing) > 0 {
		s.start += strings.ReplaceAll(inside, "DIR", s.dir)
		fill = append(fill, e.manager.add(missing)...)
	}
	s.fill = fill
	return s.String()
}

// made returns a word of the shell for what an environment is made from that the manager does not see to when it
// fills one: hatch removes no package, and only uv looks for another interpreter, but not if a pin is taken away.
func (e *env) made() string {
	switch e.manager {
	case uv:
		pin, unread := e.pin()
		return sdk.Quote("made " + cmp.Or(pin.Version, unread.Version, "-"))
	case hatch:
		return `"made ` + e.requirementsSum() + " " + outsidePython + `"`
	}
	return `"made - ` + outsidePython + `"`
}

// requiredPython returns the minor version of Python, "3.12", of the environment that the manager would make in a clean
// clone, but does not look for in one that exists; "" if there is none. Pipenv warns of it, and goes on.
func (e *env) requiredPython() string {
	if e.manager != pipenv {
		return ""
	}
	parts := strings.Split(e.pipfilePin().Version, ".")
	return strings.Join(parts[:min(len(parts), 2)], ".")
}

// writes returns the files of the project that the manager writes where they are not there.
func (m manager) writes() (names []string) {
	if m == pdm {
		return []string{".pdm-python", m.lock()}
	}
	if m == uv || m == poetry {
		return []string{m.lock()}
	}
	return nil
}

// fill returns the commands that fill the environment, as the lock file says and without changing it, and the lines
// that come before them. Without a lock file the manager installs the newest versions that the manifests allow. A
// lock file that git ignores is of this machine alone, so that uv may change it. The packages are an option of uv.
func (m manager) fill(pr *project, packages, extras, groups, rebuilt []string) (start string, lines []string) {
	locked := pr.exists(m.lock())
	switch m {
	case uv:
		args := slices.Concat(repeatOption("--extra", extras), repeatOption("--group", groups), repeatOption("--no-group", pr.left.groups))
		return uvLocked, []string{commandLine("uv sync $locked", packages, args, rebuilt)}
	case poetry:
		args := slices.Concat(repeatOption("--extras", extras), repeatOption("--with", without(groups, "dev")), repeatOption("--without", pr.left.groups))
		return poetrySync, []string{commandLine("poetry $sync --no-interaction", nil, args)}
	case pdm:
		args := repeatOption("-G", append(slices.Clone(extras), groups...))
		if !locked {
			return "", []string{commandLine("pdm install --frozen-lockfile", nil, args)}
		}
		return "", []string{"pdm lock --check", commandLine("pdm sync --clean", nil, args)}
	case pipenv:
		if !locked {
			return "", []string{"pipenv install --dev --skip-lock"}
		}
		return "", []string{"pipenv verify", "pipenv clean", "pipenv sync --dev"}
	}
	return "", []string{"hatch run python -c pass"} // "hatch env create" does not fill one that exists
}

// uvLocked sets an option of uv.
const uvLocked = `unset UV_FROZEN UV_LOCKED
locked=
[ ! -e uv.lock ] || git check-ignore -q uv.lock 2>/dev/null || locked=--locked
`

// poetrySync sets the command of poetry, which was an option before version 2. Poetry would use an environment that
// it made for the project elsewhere, rather than make .venv.
const poetrySync = `export POETRY_VIRTUALENVS_PATH="$PWD/.venv/none"
sync=sync
poetry sync --help >/dev/null 2>&1 || sync='install --sync'
`

// commandLine returns a command with more arguments.
func commandLine(command string, lists ...[]string) string {
	return strings.TrimSpace(command + " " + sdk.Quote(slices.Concat(lists...)...))
}

func without(list []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == name })
}

// add returns the commands that install packages into the environment that no manifest names. Not every manager puts
// pip into it.
func (m manager) add(missing []string) []string {
	if m == uv {
		return []string{commandLine("uv pip install", missing)}
	}
	return []string{"{ has_pip || inside -m ensurepip --default-pip; }",
		commandLine("inside -m pip install --disable-pip-version-check", missing)}
}

// create returns the command that makes an empty environment, or nil if the manager makes it when it fills
// it.
func (m manager) create(dir string) []string {
	switch m {
	case uv:
		return []string{"uv", "venv", dir}
	case poetry, pdm, pipenv:
		return []string{string(m), "run", "python", "-c", "pass"}
	case hatch:
		return []string{"hatch", "env", "create"}
	}
	return nil
}

// syncProduction returns the command that fills the environment with what the project needs at run time and
// nothing else, without the project itself. It returns nil if pip does that.
func (m manager) syncProduction(pr *project) []string {
	locked := m.lock() != "" && pr.exists(m.lock()) || m == uv && pr.inWorkspace() && pr.Exists(m.lock())
	switch m {
	case uv:
		return withLast(locked, "uv", "sync", "--no-dev", "--no-install-project", "--no-editable", "--locked")
	case poetry:
		return []string{"poetry", "install", "--only", "main", "--no-root", "--no-interaction"}
	case pdm:
		return withLast(locked, "pdm", "install", "--prod", "--no-self", "--frozen-lockfile")
	case pipenv:
		if locked {
			return []string{"pipenv", "sync"}
		}
		return []string{"pipenv", "install", "--skip-lock"}
	}
	return nil
}

// withLast returns the words, without the last one unless it is wanted.
func withLast(wanted bool, words ...string) []string {
	if wanted {
		return words
	}
	return words[:len(words)-1]
}

func repeatOption(option string, values []string) (args []string) {
	for _, v := range values {
		args = append(args, option, v)
	}
	return args
}
