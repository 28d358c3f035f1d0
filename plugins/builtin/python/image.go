package main

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

// packages is the folder of an image that has what the program needs, and vendored the one that an install makes it in.
const packages, vendored = "/opt/packages", ".davit/package"

// packageOne offers the image of the one project that has a program.
func packageOne(o *out, all []*env) error {
	var found []*env
	var dirs, why []string
	for _, e := range all {
		if _, err := e.service(); err != nil {
			why = append(why, err.Error())
		} else {
			found, dirs = append(found, e), append(dirs, e.dir)
		}
	}
	o.prefix = ""
	switch {
	case len(all) == 0:
	case len(found) == 1 || len(found) > 0 && o.config.Main != "":
		o.enter(found[0].project, len(all) > 1 || found[0].dir != ".")
		found[0].offerPackage(o)
	case o.config.Main != "":
		return fmt.Errorf("[plugins.python] config: main is %q, which is neither a module nor a file of the project", o.config.Main)
	case len(found) > 1:
		o.explain("package", "there are several projects with a program ("+strings.Join(dirs, ", ")+"); "+mainChooses)
	default:
		o.explain("package", why[0])
	}
	return nil
}

const mainChooses = `main = "…" in the configuration of this plugin names the module or the file to start`

// offerPackage puts the program on a slim image of the same Python. A program that is part of the package is installed with it;
// another is started where it lies, among the files of the project.
func (e *env) offerPackage(o *out) {
	s, _ := e.service()
	ports := e.ports(s)
	i := &plan.Image{
		Base: e.base(o.Tools["python"].Image), Workdir: "/app", User: sdk.Nobody, Entrypoint: s.argv, Expose: ports.Expose(),
		Env: map[string]string{"PYTHONUNBUFFERED": "1"}, Healthcheck: ports.Health(e.config.Healthcheck, connects),
	}
	step := plan.Step{Op: plan.OpImage, Image: i}
	take := func(of, from, to string) {
		if of != "" {
			step.Needs = append(step.Needs, of)
		}
		i.Copy = append(i.Copy, plan.Copy{Of: of, From: path.Join(e.dir, from), To: to})
	}
	deps := e.production(o, s.inside)
	if deps != "" {
		take(deps, vendored, packages)
	}
	switch {
	case s.inside:
		take(e.installSelf(o), vendored, packages)
	case deps == "":
		take("", ".", "/app")
	default: // a step that does nothing and needs nothing: its folder is the project without what an install leaves
		take(o.step("package-files", plan.Step{Op: plan.OpExec, Argv: []string{"true"}, Path: []string{}}), ".", "/app")
	}
	if paths := e.searched(s, deps); paths != "" {
		i.Env["PYTHONPATH"] = paths
	}
	id := o.prefix + "package"
	o.Steps[id] = step
	o.target("package", s.why+", on "+i.Base+"; needs a container engine", id)
}

// connects is a command that tells whether a port accepts a connection; a slim image has no other program for that.
func connects(port int) []string {
	return []string{"python3", "-c", fmt.Sprintf(`import socket; socket.create_connection(("localhost", %d), 3).close()`, port)}
}

// searched is where Python looks for modules besides the folder that it starts in.
func (e *env) searched(s service, deps string) string {
	var paths []string
	if s.inside || deps != "" {
		paths = append(paths, packages)
	}
	if root := e.packageRoot(); root != "." && !s.inside {
		paths = append(paths, path.Join("/app", root))
	}
	return strings.Join(paths, ":")
}

// base is the slim form of the image that the steps run in, where that is one of Docker's own; another is for the project to name.
func (e *env) base(image string) string {
	if e.config.Base != "" {
		return e.config.Base
	}
	if found := version.FindStringSubmatch(image); found != nil {
		return "python:" + found[1] + "-slim"
	}
	return "python:3-slim"
}

var version = regexp.MustCompile(`^(?:python:|` + regexp.QuoteMeta(uvImages) + `)([0-9.]+)(?:-bookworm)?$`)

// production installs what the program needs at run time, "" where that is nothing. It comes before the project itself, whose files
// change more often. Of the managers with a lock file it is the environment that they make.
func (e *env) production(o *out, inside bool) string {
	s := plan.Step{Inputs: e.manifestGlobs(), Path: []string{}}
	if e.local() || e.inWorkspace() {
		s.Inputs = e.all()
	}
	s.Inputs = slices.DeleteFunc(slices.Clone(s.Inputs), func(glob string) bool { return glob == "**/*test*.py" })
	if sync := e.manager.syncProduction(e.project); sync != nil && len(e.runtime) > 0 {
		s = e.manager.calls(s, sync)
		s.Tool, s.Env = o.managerTool(e.manager), e.manager.env()
		if e.manager == uv {
			s.Op, s.Argv, s.Script = plan.OpShell, nil, "# "+sdk.Quote(sync...)+"\nexport UV_PROJECT_ENVIRONMENT=\"$PWD/.venv\"\n"+sdk.Quote(sync...)+"\n"
		}
		s.Script += "mkdir -p .davit\ncp -R .venv/lib/python*/site-packages " + vendored + "\n"
		return o.step("package-deps", s)
	}
	args := e.pipProduction(inside)
	if args == nil {
		return ""
	}
	s.Op, s.Argv, s.Caches = plan.OpExec, append(slices.Clone(pipTarget), args...), []plan.Cache{sdk.PipCache}
	return o.step("package-deps", s)
}

var pipTarget = []string{"python3", "-m", "pip", "install", "--disable-pip-version-check", "--no-compile", "--target", vendored}

// pipProduction are the arguments of pip, nil where there is nothing to install: what is declared, or the file that declares it. A
// package whose needs cannot be read is installed with them.
func (e *env) pipProduction(inside bool) []string {
	if inside && e.computed() {
		return nil
	}
	if file := e.firstOf(runtimeFiles...); slices.Contains(e.files, file) && !e.package_ {
		return []string{"-r", file}
	}
	var args []string
	for _, r := range e.runtime {
		args = append(args, string(r))
	}
	return args
}

// computed tells whether what the package needs is only known when it is built.
func (e *env) computed() bool {
	if toml.Has(e.pyproject, "project") {
		return slices.Contains(toml.Strings(e.pyproject, "project", "dynamic"), "dependencies")
	}
	return strings.Contains(e.setupPy.text, "install_requires") || e.setupCfg["options"]["install_requires"] != ""
}

// installSelf installs the package. Where its needs are installed already, or it has none, no index is asked for them; and where the
// interpreter has what the build system requires, for nothing at all.
func (e *env) installSelf(o *out) string {
	argv := slices.Clone(pipTarget)
	if !e.computed() {
		argv = append(argv, "--no-deps")
	}
	return o.step("package-self", e.versioned(plan.Step{
		Op: plan.OpShell, Inputs: e.all(), Caches: []plan.Cache{sdk.PipCache}, Path: []string{},
		Script: "# " + sdk.Quote(argv...) + " .\n" + e.isolated() + "\n" + sdk.Quote(argv...) + " ${ready:+--no-build-isolation} .\n",
	}))
}

// ports are those of the configuration, else the one that the server was told.
func (e *env) ports(s service) sdk.Ports {
	ports := e.config.Ports
	if len(ports) == 0 && s.port > 0 {
		ports = sdk.Ports{s.port}
	}
	return ports
}
