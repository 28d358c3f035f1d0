package python

import (
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// offerBuild adds the build of a package: its sdist and its wheel, in dist/, by the project's own manager, or by
// "python3 -m build" in an environment of its own. An application has no build: compiling its modules to bytecode
// would prove less than its tests do.
func (e *env) offerBuild(b *builder) {
	if !e.isPackage {
		b.absent("build",
			"there is no package to build: neither a [build-system] in pyproject.toml nor a setup.py")
		return
	}
	s := plan.Step{
		Inputs: e.packageFiles(), Outputs: append([]string{"dist/"}, e.eggInfo()...),
		Settings: e.installSettings(), NoCache: e.gitVersioned(), Consumes: e.consumed(),
	}
	argv := e.manager.build(e.project)
	if argv == nil {
		argv, s.Path = []string{"python3", "-m", "build"}, toolsPath(toolsDir("build"))
		s.Needs = []string{b.addTools("build", e.toolInputs(), []requirement{"build"})}
		s.Op, s.Caches = plan.OpShell, []plan.Cache{sdk.PipCache}
		s.Script = "# " + sdk.Quote(argv...) + "\n" + sdk.Quote(argv...) + " \"$@\"\n"
	} else {
		s = e.manager.callStep(s, argv)
		s.Tool = b.managerTool(e.manager)
	}
	s.Script = e.withIgnoredDist(s.Script)
	b.addTarget("build", sdk.Quote(argv...)+" makes a wheel and a source distribution",
		b.addStep("build", e.withGitVersion(s)))
	if e.gitVersioned() {
		b.decide("build always runs, since the version of the package comes from Git")
	}
}

// build returns the command with which the manager builds a package, or nil.
func (m manager) build(pr *project) []string {
	switch {
	case m == uv:
		return []string{"uv", "build", "--out-dir", "dist"}
	case m == pdm, m == hatch, m == poetry && strings.HasPrefix(pr.backend, "poetry."):
		return []string{string(m), "build"}
	}
	return nil
}

// withIgnoredDist returns a script that makes a folder dist that git ignores, unless it is there already.
func (e *env) withIgnoredDist(script string) string {
	text, ok := e.Read(e.at("dist/.gitignore"))
	if e.exists("dist") && !(ok && text == sdk.IgnoreAll) {
		return script
	}
	first, rest, _ := strings.Cut(script, "\n")
	return first + "\n" + sdk.IgnoreScript("dist") + "\n" + rest
}

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
