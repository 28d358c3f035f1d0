package main

import (
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// offerBuild adds the build of a package: its sdist and its wheel, in dist/. An application has no build:
// compiling its modules to bytecode would prove less than its tests do. "python -m build" serves all
// packages, since "uv build" and "poetry build" call the same build system in the same way and are not
// installed everywhere.
func (e *env) offerBuild(b *builder) {
	if !e.isPackage {
		b.absent("build",
			"there is no package to build: neither a [build-system] in pyproject.toml nor a setup.py")
		return
	}
	b.addTarget("build", "the package has a build system, which every front end can call",
		b.addStep("build", e.withGitVersion(plan.Step{
			Op: plan.OpShell, Script: e.buildScript(), Inputs: e.packageFiles(),
			Outputs: append([]string{"dist/"}, e.eggInfo()...),
			Caches:  []plan.Cache{sdk.PipCache}, Settings: sdk.Settings("pip"), NoCache: e.gitVersioned(),
		})))
	if e.gitVersioned() {
		b.decide("build always runs, since the version of the package comes from Git")
	}
	b.decide("build makes a wheel and, where Python has the module build, a source distribution too")
}

// buildScript returns the script of the build. If the interpreter has what the build system requires, nothing
// is downloaded into an isolated environment. If it lacks the module build, pip makes the wheel. If an older
// setuptools lacks the package wheel, it makes at least the source distribution, which works without a
// network.
func (e *env) buildScript() string {
	script := "# python3 -m build\n"
	if text, ok := e.Read(e.at("dist/.gitignore")); !e.exists("dist") || ok && text == sdk.IgnoreAll {
		script += sdk.IgnoreScript("dist") + "\n"
	}
	script += e.isolationCheck() + `
if python3 -c 'import build.__main__' 2>/dev/null; then
  python3 -m build ${ready:+--no-isolation} "$@"
`
	if e.setuptools() {
		script += `elif [ -z "$ready" ] && python3 -c 'import setuptools.build_meta' 2>/dev/null; then
  echo 'there is neither the module build nor wheel, so this makes a source distribution and no wheel'
  python3 -c 'from setuptools.build_meta import build_sdist; build_sdist("dist")'
`
	}
	return script + `else
  python3 -m pip wheel --disable-pip-version-check --no-deps ${ready:+--no-build-isolation} --wheel-dir dist . "$@"
fi
`
}

// isolationCheck returns the line of a script that sets "ready" if the interpreter has what the build system
// requires.
func (e *env) isolationCheck() string {
	var words []string
	for _, r := range e.buildRequires() {
		words = append(words, "dist:"+string(r))
	}
	check := quoteProbe(probe(words...))
	if e.setuptools() {
		check += " && " + sdk.Quote("python3", "-c", wheels)
	}
	return "ready=; if " + check + "; then ready=1; fi"
}

// wheels is a program that exits 0 if setuptools can make wheels: by itself since 70.1, before that with the
// package wheel.
const wheels = `import importlib.util as u
raise SystemExit(not (u.find_spec("setuptools.command.bdist_wheel") or u.find_spec("wheel")))`

func (e *env) setuptools() bool {
	return e.backend == "" || strings.HasPrefix(e.backend, "setuptools.")
}

// eggInfo returns the folder beside the packages in which setuptools keeps what it knows of the project when it
// builds or installs it, and which it reads the next time; none if its name is not known.
func (e *env) eggInfo() []string {
	if name := e.name; e.named && e.isPackage && e.setuptools() && strings.Trim(strings.ToLower(name),
		"abcdefghijklmnopqrstuvwxyz0123456789_-") == "" {
		return []string{path.Join(e.packageRoot(), strings.ReplaceAll(name, "-", "_")+".egg-info") + "/"}
	}
	return nil
}

func (e *env) buildRequires() []requirement {
	if list := requirements(toml.Strings(e.pyproject, "build-system", "requires")); len(list) > 0 {
		return list
	}
	return requirements([]string{"setuptools>=40.8.0", "wheel"})
}
