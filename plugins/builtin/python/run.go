package python

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// A program is the command that runs the project.
type program struct {
	argv  []string
	watch []string // the same, restarted whenever a file changes
	why   string
	// script is the file of the program if it is not part of a package.
	script string
	// module is the module that does the same as a command of the package.
	module string
}

// offerRun adds "run" and, if the framework supports it, "watch".
func (e *env) offerRun(b *builder) {
	p, ok := e.program()
	if !ok {
		b.absent("run", p.why)
		return
	}
	deps := e.deps(b)
	step := func(argv []string) plan.Step {
		return plan.Step{Op: plan.OpExec, Argv: argv, Needs: deps, Interactive: true, NoCache: true,
			Env: e.sourcePath()}
	}
	b.addTarget("run", p.why, b.addStep("run", step(p.argv)))
	if p.watch != nil {
		b.addTarget("watch", p.why, b.addStep("watch", step(p.watch)))
	}
}

// program returns what to run: a framework first, because it needs its server, then the command or the module
// of the package, then a script with a usual name.
func (e *env) program() (program, bool) {
	if e.isDjango() {
		argv := []string{"python3", "manage.py", "runserver"}
		return program{argv: argv, watch: argv, why: "Django, because of manage.py"}, true
	}
	for _, name := range e.appFiles() {
		if p, ok := e.webProgram(name); ok {
			return p, true
		}
	}
	if p, ok := e.command(); ok {
		return p, true
	}
	if own := e.ownPackage(); own != "" && slices.Contains(e.py,
		path.Join(e.packageRoot(), own, "__main__.py")) {
		return program{argv: []string{"python3", "-m", own}, why: own + " has a __main__.py"}, true
	}
	for _, name := range []string{"main.py", "app.py", "run.py", "server.py", "__main__.py"} {
		if slices.Contains(e.py, name) {
			return program{argv: []string{"python3", name}, why: "of " + name, script: name}, true
		}
	}
	return program{why: "there is no single command in the package, no __main__.py, and neither main.py nor app.py"}, false
}

// appFiles returns the files that usually define a web application.
func (e *env) appFiles() (out []string) {
	var dirs []string
	if own := e.ownPackage(); own != "" {
		dirs = append(dirs, path.Join(e.packageRoot(), own))
	}
	for _, dir := range append(dirs, ".", "app", "src", "api") {
		for _, name := range []string{"main.py", "app.py", "asgi.py", "wsgi.py", "server.py", "api.py"} {
			if full := path.Join(dir, name); slices.Contains(e.py, full) && !slices.Contains(out, full) {
				out = append(out, full)
			}
		}
	}
	return out
}

func (e *env) webProgram(name string) (program, bool) {
	head := e.Head(e.at(name), 4096)
	mod := e.moduleName(name)
	for _, f := range []struct{ call, kind string }{{"FastAPI(", "FastAPI"}, {"Starlette(", "Starlette"}} {
		if variable, ok := assignedTo(head, f.call); ok {
			argv := []string{"python3", "-m", "uvicorn", mod + ":" + variable}
			return program{argv: argv, watch: append(slices.Clone(argv), "--reload"),
				why: f.kind + ", because of " + name}, true
		}
	}
	if variable, ok := assignedTo(head, "Flask("); ok {
		argv := []string{"python3", "-m", "flask", "--app", mod + ":" + variable, "run"}
		return program{argv: argv, watch: append(slices.Clone(argv), "--debug"),
			why: "Flask, because of " + name}, true
	}
	return program{}, false
}

// moduleName returns the name with which a file is imported.
func (e *env) moduleName(name string) string {
	name = strings.TrimSuffix(name, ".py")
	if root := e.packageRoot(); root != "." {
		name = strings.TrimPrefix(name, root+"/")
	}
	return strings.ReplaceAll(name, "/", ".")
}

// assignedTo returns the name in `name = call` at the beginning of a line.
func assignedTo(text, call string) (string, bool) {
	for _, line := range strings.Split(text, "\n") {
		left, right, found := strings.Cut(line, "=")
		left, _, _ = strings.Cut(left, ":")
		left = strings.TrimRight(left, " ")
		right = strings.TrimLeft(right, " ")
		if i := strings.Index(right, call); found && identifier(left) == left && left != "" && i >= 0 &&
			strings.Trim(right[:i], "abcdefghijklmnopqrstuvwxyz.") == "" {
			return left, true
		}
	}
	return "", false
}

// command returns the only command of the package, or the one with its name. It calls the entry point, which
// works whether or not the package is installed.
func (e *env) command() (program, bool) {
	name := ""
	for _, script := range slices.Sorted(maps.Keys(e.scripts)) {
		if len(e.scripts) == 1 || normalize(script) == normalize(e.name) {
			name = script
		}
	}
	mod, function, ok := strings.Cut(e.scripts[name], ":")
	function, _, _ = strings.Cut(function, "[")
	mod, function = strings.TrimSpace(mod), strings.TrimSpace(function)
	if name == "" || !ok || strings.Trim(mod+function,
		"._abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
		return program{}, false
	}
	top, _, _ := strings.Cut(function, ".")
	code := fmt.Sprintf("import sys; from %s import %s; sys.argv[0] = %q; sys.exit(%s())", mod, top, name,
		function)
	p := program{argv: []string{"python3", "-c", code}, why: "the package brings the command " + name}
	if own, is := strings.CutSuffix(mod, ".__main__"); is {
		p.module = own
	}
	return p, true
}
