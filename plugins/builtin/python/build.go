package main

import (
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// offerBuild adds the build of a package: its sdist and its wheel, into dist/. An application has nothing to build: compiling
// its modules to bytecode would prove less than its tests do. One front end serves all: "uv build" and "poetry build" call the
// same build system in the same way, and are not everywhere.
func (e *env) offerBuild(o *out) {
	if !e.package_ {
		o.absent("build", "there is no package to build: neither a [build-system] in pyproject.toml nor a setup.py")
		return
	}
	o.target("build", "the package has a build system, which every front end can call", o.step("build", e.versioned(plan.Step{
		Op: plan.OpShell, Script: e.buildScript(), Inputs: e.all(), Outputs: []string{"dist/"}, Caches: []plan.Cache{pipCache},
	})))
	o.decide("build makes a wheel and, where Python has the module build, a source distribution too")
}

// buildScript: where the interpreter already has what the build system requires, nothing is downloaded into an isolated
// environment. Where it lacks the front end, pip, which every Python has, makes the wheel.
func (e *env) buildScript() string {
	return `# python3 -m build
` + e.isolated() + `
if python3 -c 'import build.__main__' 2>/dev/null; then
  python3 -m build ${ready:+--no-isolation} "$@"
else
  python3 -m pip wheel --disable-pip-version-check --no-deps ${ready:+--no-build-isolation} --wheel-dir dist . "$@"
fi
`
}

// isolated is the line of a script that sets "ready" where the interpreter has what the build system requires.
func (e *env) isolated() string {
	var words []string
	for _, r := range e.buildRequires() {
		words = append(words, "dist:"+string(r))
	}
	return "ready=; if " + quote(probe(words...)) + "; then ready=1; fi"
}

func (e *env) buildRequires() []requirement {
	if list := requirements(toml.Strings(e.pyproject, "build-system", "requires")); len(list) > 0 {
		return list
	}
	return requirements([]string{"setuptools>=40.8.0", "wheel"})
}
