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
	o.target("build", "the package has a build system, which every front end can call", o.step("build", plan.Step{
		Op: plan.OpShell, Script: e.buildScript(), Path: toolsPath(".venv-build"), Needs: []string{e.installBuild(o)},
		Inputs: everything, Outputs: []string{"dist/"},
	}))
}

// buildScript: where the interpreter already has what the build system requires, nothing is downloaded into an isolated
// environment.
func (e *env) buildScript() string {
	var words []string
	for _, r := range e.buildRequires() {
		words = append(words, "dist:"+string(r))
	}
	return "# python3 -m build\nif " + quote(probe(words...)) + "; then\n  python3 -m build --no-isolation \"$@\"\nelse\n  python3 -m build \"$@\"\nfi\n"
}

func (e *env) buildRequires() []requirement {
	if list := requirements(toml.Strings(e.pyproject, "build-system", "requires")); len(list) > 0 {
		return list
	}
	return requirements([]string{"setuptools>=40.8.0", "wheel"})
}

// installBuild gets the module "build" where it is missing, into an environment of its own.
func (e *env) installBuild(o *out) string {
	return o.step("build-deps", plan.Step{
		Op: plan.OpShell, Script: pip{dir: ".venv-build", lines: [][]string{{"build"}}}.script(), Unless: probe("module:build"), Path: toolsPath(".venv-build"),
		Outputs: []string{".venv-build/"}, Stamp: ".venv-build/pyvenv.cfg", Caches: []plan.Cache{{ID: "pip", Env: "PIP_CACHE_DIR"}},
		Inputs: e.manifests,
	})
}
