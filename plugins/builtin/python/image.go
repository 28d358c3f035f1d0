package python

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// packagesDir is the folder of the image with the packages that the program needs. installDir is the folder
// of the project in which an install makes it.
const packagesDir, installDir = "/opt/packages", ".davit/package"

// offerImage offers the image of the one project that has a program.
func offerImage(b *builder, all []*env) error {
	var found []*env
	var dirs, why []string
	for _, e := range all {
		if e.builtOnly {
			continue
		}
		if _, err := e.service(); err != nil {
			why = append(why, err.Error())
		} else {
			found, dirs = append(found, e), append(dirs, e.dir)
		}
	}
	b.prefix = ""
	switch {
	case len(all) == 0:
	case len(found) == 1 || len(found) > 0 && b.config.Main != "":
		b.enter(found[0].project)
		found[0].offerPackage(b)
	case b.config.Main != "":
		return fmt.Errorf(
			"[plugins.python] config: main is %q, which is neither a module nor a file of the project",
			b.config.Main)
	case len(found) > 1:
		b.explain("package", "there are several projects with a program ("+strings.Join(dirs, ", ")+"); "+
			mainChooses)
	default:
		b.explain("package", why[0])
	}
	return nil
}

const mainChooses = `main = "…" in the configuration of this plugin names the module or the file to start`

// offerPackage puts the program on a slim image of the same Python. A program that is part of the package is
// installed with it; any other is started from the files of the project.
func (e *env) offerPackage(b *builder) {
	s, _ := e.service()
	ports := e.ports(s)
	i := &plan.Image{
		Base: e.baseImage(b.Tools[b.python()].Image), Workdir: "/app", User: sdk.Nobody, Entrypoint: s.argv,
		Expose:      ports.Expose(),
		Env:         map[string]string{"PYTHONUNBUFFERED": "1"},
		Healthcheck: ports.Health(e.config.Healthcheck, portCheck),
	}
	step := plan.Step{Op: plan.OpImage, Image: i}
	addCopy := func(of, from, to string) {
		if of != "" {
			step.Needs = append(step.Needs, of)
		}
		i.Copy = append(i.Copy, plan.Copy{Of: of, From: path.Join(e.dir, from), To: to})
	}
	deps := e.production(b, s.inPackage)
	if deps != "" {
		addCopy(deps, installDir, packagesDir)
	}
	switch {
	case s.inPackage:
		addCopy(e.installSelf(b), installDir, packagesDir)
	case deps == "":
		addCopy("", ".", "/app")
	default: // a step that does and needs nothing: its folder is the project without the files of an install
		addCopy(b.addStep("package-files",
			plan.Step{Op: plan.OpExec, Argv: []string{"true"}, Path: []string{}}), ".", "/app")
	}
	if paths := e.pythonPath(s, deps); paths != "" {
		i.Env["PYTHONPATH"] = paths
	}
	id := b.prefix + "package"
	b.Steps[id] = step
	b.addTarget("package", s.why+", on "+i.Base+"; needs a container engine", id)
}

// portCheck returns a command that succeeds if a port accepts a connection. A slim image has no other program
// for that.
func portCheck(port int) []string {
	return []string{"python3", "-c",
		fmt.Sprintf(`import socket; socket.create_connection(("localhost", %d), 3).close()`, port)}
}

// pythonPath returns the folders in which Python looks for modules besides the working directory.
func (e *env) pythonPath(s service, deps string) string {
	var paths []string
	if s.inPackage || deps != "" {
		paths = append(paths, packagesDir)
	}
	if root := e.packageRoot(); root != "." && !s.inPackage {
		paths = append(paths, path.Join("/app", root))
	}
	return strings.Join(paths, ":")
}

// baseImage returns the slim variant of the image that steps run in, if that is an official one. The project
// has to configure any other.
func (e *env) baseImage(image string) string {
	if e.config.Base != "" {
		return e.config.Base
	}
	if found := version.FindStringSubmatch(image); found != nil {
		return "python:" + found[1] + "-slim"
	}
	return "python:3-slim"
}

var version = regexp.MustCompile(`^(?:python:|` + regexp.QuoteMeta(uvImages) + `)([0-9.]+)(?:-bookworm)?$`)

// production adds the step that installs what the program needs at run time, and returns its id, or "" if
// that is nothing. It is separate from the project, whose files change more often. With a manager that has a
// lock file, it copies the environment that the manager makes.
func (e *env) production(b *builder, inPackage bool) string {
	s := plan.Step{Inputs: e.manifestGlobs(), Path: []string{}, Settings: e.installSettings()}
	if e.hasLocalRequirements() || e.inWorkspace() {
		s.Inputs = e.packageFiles()
	}
	if sync := e.manager.syncProduction(e.project); sync != nil && len(e.runtime) > 0 {
		s = e.manager.callStep(s, sync)
		s.Tool, s.Env = b.managerTool(e.manager), e.manager.env()
		if e.manager == uv {
			s.Env = nil // a member of a workspace gets an environment of its own
			s.Script = "# " + sdk.Quote(sync...) +
				"\nexport UV_PROJECT_ENVIRONMENT=\"$PWD/.venv\"\n" + sdk.Quote(sync...) + "\n"
		}
		s.Script += "mkdir -p .davit\ncp -R .venv/lib/python*/site-packages " + installDir + "\n"
		return b.addStep("package-deps", s)
	}
	args := e.pipProduction(inPackage)
	if args == nil {
		return ""
	}
	s.Op, s.Argv, s.Caches = plan.OpExec, append(slices.Clone(pipTarget), args...), []plan.Cache{sdk.PipCache}
	return b.addStep("package-deps", s)
}

var pipTarget = []string{"python3", "-m", "pip", "install", "--disable-pip-version-check", "--no-compile",
	"--target", installDir}

// pipProduction returns the arguments of pip, or nil if there is nothing to install: the declared
// requirements, or the file that declares them. A package whose requirements cannot be read is installed
// together with them.
func (e *env) pipProduction(inPackage bool) []string {
	if inPackage && e.hasDynamicDependencies() {
		return nil
	}
	if file := e.firstOf(runtimeFiles...); slices.Contains(e.files, file) && !e.isPackage {
		return []string{"-r", file}
	}
	var args []string
	for _, r := range e.runtime {
		args = append(args, string(r))
	}
	return args
}

// hasDynamicDependencies reports whether the requirements of the package are known only when it is built.
func (e *env) hasDynamicDependencies() bool {
	if toml.Has(e.pyproject, "project") {
		return slices.Contains(toml.Strings(e.pyproject, "project", "dynamic"), "dependencies")
	}
	return strings.Contains(e.setupPy.text, "install_requires") ||
		e.setupCfg["options"]["install_requires"] != ""
}

// installSelf adds the step that installs the package, and returns its id.
func (e *env) installSelf(b *builder) string {
	argv := slices.Clone(pipTarget)
	if !e.hasDynamicDependencies() {
		argv = append(argv, "--no-deps")
	}
	return b.addStep("package-self", e.withGitVersion(plan.Step{
		Op: plan.OpExec, Inputs: e.packageFiles(), Caches: []plan.Cache{sdk.PipCache}, Path: []string{},
		Settings: sdk.Settings("pip"), NoCache: e.gitVersioned(), Argv: append(argv, "."),
	}))
}

// ports returns the configured ports or, without them, the port of the server.
func (e *env) ports(s service) sdk.Ports {
	ports := e.config.Ports
	if len(ports) == 0 && s.port > 0 {
		ports = sdk.Ports{s.port}
	}
	return ports
}
