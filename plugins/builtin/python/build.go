package main

import (
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// offerBuild adds the build of a package: its sdist and its wheel, into dist/. An application has nothing to build: compiling
// its modules to bytecode would prove less than its tests do. One front end serves all: "uv build" and "poetry build" call the
// same build system in the same way, and are not everywhere.
func (e *env) offerBuild(b *builder) {
	if !e.isPackage {
		b.absent("build", "there is no package to build: neither a [build-system] in pyproject.toml nor a setup.py")
		return
	}
	b.addTarget("build", "the package has a build system, which every front end can call", b.addStep("build", e.withGitVersion(plan.Step{
		Op: plan.OpShell, Script: e.buildScript(), Inputs: e.all(), Outputs: []string{"dist/"}, Caches: []plan.Cache{sdk.PipCache},
	})))
	b.decide("build makes a wheel and, where Python has the module build, a source distribution too")
}

// buildScript: where the interpreter already has what the build system requires, nothing is downloaded into an isolated
// environment. Where it lacks the front end, pip, which every Python has, makes the wheel; and where an older setuptools lacks what it
// makes wheels with, it makes at least the source distribution, rather than nothing on a machine without network.
func (e *env) buildScript() string {
	script := "# python3 -m build\n" + e.isolationCheck() + `
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

// isolationCheck is the line of a script that sets "ready" where the interpreter has what the build system requires.
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

// wheels exits 0 where setuptools can make wheels: from 70.1 on by itself, before with the package wheel.
const wheels = `import importlib.util as u
raise SystemExit(not (u.find_spec("setuptools.command.bdist_wheel") or u.find_spec("wheel")))`

func (e *env) setuptools() bool {
	return e.backend == "" || strings.HasPrefix(e.backend, "setuptools.")
}

func (e *env) buildRequires() []requirement {
	if list := requirements(toml.Strings(e.pyproject, "build-system", "requires")); len(list) > 0 {
		return list
	}
	return requirements([]string{"setuptools>=40.8.0", "wheel"})
}
