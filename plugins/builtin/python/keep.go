package python

import (
	"github.com/davit-dev/davit/plugins/plan"
)

// offerKeep adds clean and upgrade.
func (e *env) offerKeep(b *builder) {
	clean := plan.Step{Op: plan.OpExec, Argv: []string{"python3", "-B", "-c", cleaner}, NoCache: true}
	b.addTarget("clean", "what was built and what tools remembered; .venv stays", b.addStep("clean", clean))
	if len(e.allRequirements()) == 0 {
		b.absent("upgrade", "no manifest names a dependency")
		return
	}
	b.addTarget("upgrade", "the newest versions that the manifests allow",
		b.addStep("upgrade", e.upgradeStep(b)))
}

// cleaner removes files by names that only tools use. dist and build may be the project's own folders, so of
// these it removes only the files that a build leaves there.
const cleaner = `import pathlib, shutil
for pattern in "**/__pycache__", "*.egg-info", "src/*.egg-info", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".venv-*", ".nox/davit-*", "htmlcov", ".coverage", "build/lib*", "build/bdist.*", "dist/*.whl", "dist/*.tar.gz":
    for p in list(pathlib.Path(".").glob(pattern)):
        if not p.parts[0] == ".venv":
            shutil.rmtree(p, True) if p.is_dir() and not p.is_symlink() else p.unlink()
`

// outdated are the questions of managers that can tell what they would move.
var outdated = map[manager]*plan.Outdated{
	uv:     {Argv: []string{"uv", "lock", "--upgrade", "--dry-run"}, Line: "Update {name} v{current} -> v{newest}"},
	poetry: {Argv: []string{"poetry", "update", "--dry-run", "--no-interaction"}, Line: "Updating {name} ({current} -> {newest})"},
}

func (e *env) upgradeStep(b *builder) plan.Step {
	s := plan.Step{NoCache: true, Env: e.manager.env()}
	if e.manager == venv || e.manager == hatch {
		extras, groups := e.extrasAndGroups()
		p := e.pip(extras, groups, append(e.testNeeds(), e.typeCheckers()...))
		p.options = "--upgrade --upgrade-strategy eager "
		s.Op, s.Script = plan.OpShell, p.script()
		return s
	}
	argv := map[manager][]string{
		uv: {"uv", "lock", "--upgrade"}, poetry: {"poetry", "update", "--no-interaction"},
		pdm: {"pdm", "update"}, pipenv: {"pipenv", "update", "--dev"},
	}[e.manager]
	s.Tool, s.Outdated = b.managerTool(e.manager), outdated[e.manager]
	return e.manager.callStep(s, argv)
}
