package node

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// planImage offers the image of the one package that has a program. A script "package" of the project takes
// precedence.
func planImage(units []*unit) error {
	var found []*unit
	var dirs, why []string
	for _, u := range units {
		if u.Offers("package") {
			return nil
		}
		if _, err := u.entry(); err != nil {
			why = append(why, err.Error())
		} else if u.mayPackage() {
			found, dirs = append(found, u), append(dirs, u.root.Dir)
		}
	}
	main := units[0].config.Main
	if main == "" {
		found, dirs = outer(found)
	}
	switch {
	case len(found) == 1 || len(found) > 0 && main != "":
		return found[len(found)-1].planPackage() // a package below the root is more specific than the root
	case main != "":
		return fmt.Errorf("[plugins.node] config: main is %q, which is in no package", main)
	case len(found) > 1:
		units[0].absent("package", "there are several packages with a program ("+strings.Join(dirs, ", ")+
			"); "+mainChooses)
	default:
		units[0].absent("package", why[0])
	}
	return nil
}

// outer returns the units that are in no other one, and their folders: a front end below a server is no program of its
// own.
func outer(units []*unit) (out []*unit, dirs []string) {
	for _, u := range units {
		if !slices.ContainsFunc(units, func(other *unit) bool { return other.above(u) }) {
			out, dirs = append(out, u), append(dirs, u.root.Dir)
		}
	}
	return out, dirs
}

// mayPackage reports whether the configured program, if any, is in the folder of the package.
func (u *unit) mayPackage() bool {
	main := u.config.Main
	return main == "" || u.root.Dir == "." || strings.HasPrefix(main, u.root.Dir+"/")
}

// planPackage plans the image: a slim image of the same Node, with a production install, the files of the
// project and the outputs of its build.
func (u *unit) planPackage() error {
	e, _ := u.entry()
	build := u.id("build")
	built := len(u.Steps[build].Outputs) > 0
	switch missing := e.file != "" && path.Ext(e.file) != "" && !u.project.Exists(u.path(e.file)); {
	case u.manager.PnP:
		u.absent("package",
			"yarn keeps dependencies in a cache that an image would not have; nodeLinker: node-modules in .yarnrc.yml keeps them in the project")
		return nil
	case missing && !built && u.config.Main != "":
		return fmt.Errorf(
			"[plugins.node] config: there is no %q, of \"main\", and no build that is known to make it",
			u.config.Main)
	case missing && !built:
		u.absent("package",
			fmt.Sprintf(
				"there is no %s, and what the build writes is not known; outputs = [\"dist/\"] in the configuration of this plugin says it",
				u.path(e.file)))
		return nil
	}
	s := plan.Step{Op: plan.OpImage, Image: u.image(e)}
	u.fillImage(&s, u.Steps[build].Outputs)
	u.add("package", "package", s)
	u.Explain("package", fmt.Sprintf("%s on %s, %s; needs a container engine", strings.Join(e.words, " "),
		s.Image.Base, e.why))
	return nil
}

// fillImage adds the copies of the image. If it has a production install or outputs, the files of the project
// are those of a step that does nothing and needs nothing, so that they do not include the development
// install.
func (u *unit) fillImage(s *plan.Step, outputs []string) {
	addCopy := func(of, from, to string) {
		if of != "" && !slices.Contains(s.Needs, of) {
			s.Needs = append(s.Needs, of)
		}
		s.Image.Copy = append(s.Image.Copy, plan.Copy{Of: of, From: from, To: path.Join("/app", to)})
	}
	if !u.hasProductionInstall() && len(outputs) == 0 {
		addCopy("", u.root.Dir, "")
		return
	}
	if id := u.id("package-deps"); u.hasProductionInstall() {
		u.Steps[id] = u.production()
		addCopy(id, u.root.Dir, "")
	}
	files := u.id("package-files")
	u.Steps[files] = plan.Step{Op: plan.OpExec, Argv: []string{"true"}, Tool: u.manager.tool()}
	addCopy(files, u.root.Dir, "")
	for _, output := range outputs {
		addCopy(u.id("build"), strings.TrimSuffix(output, "/"), u.relPath(strings.TrimSuffix(output, "/")))
	}
}

// image returns the image without its files. Its user is the one besides root that images of Node and Bun
// have. It is a number, because an orchestrator cannot know that a name is not root.
func (u *unit) image(e entry) *plan.Image {
	env := map[string]string{"NODE_ENV": "production"}
	maps.Copy(env, e.env)
	if e.words[0] != u.runtime() {
		env["PATH"] = "/app/node_modules/.bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
	}
	ports := u.ports(e)
	return &plan.Image{
		Base: u.base(), Workdir: "/app", User: "1000:1000", Entrypoint: e.words, Env: env,
		Expose:      ports.Expose(),
		Healthcheck: ports.Health(u.config.Healthcheck, u.portCheck),
	}
}

// portCheck returns a command that succeeds if a port accepts a connection. A slim image has no other program
// for that.
func (u *unit) portCheck(port int) []string {
	return []string{u.runtime(), "-e", fmt.Sprintf(
		`require("net").connect(%d, "localhost").on("connect", () => process.exit(0)).on("error", () => process.exit(1))`,
		port)}
}

// base returns the slim variant of the image that steps run in, if that is an official one. The project has
// to configure any other.
func (u *unit) base() string {
	if u.config.Base != "" {
		return u.config.Base
	}
	image := u.Tools[u.manager.tool()].Image
	if officialImage().MatchString(image) {
		return image + "-slim"
	}
	if u.manager.Name == "bun" {
		return "oven/bun:1-slim"
	}
	pin, _ := u.pin()
	return u.nodeImage(pin, "") + "-slim"
}

var officialImage = pattern(`^(node|oven/bun):[0-9.]+$`)

// hasProductionInstall reports whether there is anything to install for production. Workspace members are
// linked by an install.
func (u *unit) hasProductionInstall() bool {
	if u.install == "" {
		return false
	}
	return len(u.members) > 0 || len(u.root.Sections["dependencies"])+
		len(u.root.Sections["optionalDependencies"]) > 0
}

// production returns the step of the production install. It needs no other install and has no outputs,
// because its node_modules is only for the image.
func (u *unit) production() plan.Step {
	s := u.productionInstall()
	s.Inputs = u.installInputs()
	if u.root.Dir != "." {
		s.Dir = u.root.Dir
	}
	u.addCache(&s)
	var edits []string
	if check := u.archiveCheck(); check != nil {
		edits = append(edits, sdk.Quote(check...))
	}
	for _, m := range u.packages() {
		if hooks := m.developmentHooks(); len(hooks) > 0 {
			file := strings.TrimPrefix(m.file(), u.root.Dir+"/")
			edits = append(edits, u.runtime()+" -e "+sdk.Quote(removeScripts)+" "+
				sdk.Quote(append([]string{file}, hooks...)...))
		}
	}
	if len(edits) > 0 {
		return runFirst(s, u.manager.Name+" install, for production", edits...)
	}
	return s
}

// removeScripts is a program that removes scripts from a package.json. Its arguments are the file and their
// names.
const removeScripts = `const fs = require("fs"), [f, ...names] = process.argv.slice(1), p = JSON.parse(fs.readFileSync(f, "utf8"));
for (const n of names) delete p.scripts[n];
fs.writeFileSync(f, JSON.stringify(p));`

func (u *unit) productionInstall() plan.Step {
	g := u.manager
	frozen := g.Lock != ""
	switch {
	case g.Name == "npm" && frozen:
		return g.command("ci", "--omit=dev", "--no-audit", "--no-fund")
	case g.Name == "npm":
		return g.command("install", "--omit=dev", "--no-package-lock", "--no-audit", "--no-fund")
	case g.Name == "pnpm" && frozen:
		return u.pnpmInstall("--frozen-lockfile", "--prod")
	case g.Name == "pnpm":
		return u.pnpmInstall("--no-lockfile", "--prod")
	case g.Name == "bun" && frozen:
		return u.bunInstall("--production", "--frozen-lockfile")
	case g.Name == "bun":
		return u.bunInstall("--production", "--no-save")
	case g.Berry && len(u.members) > 0:
		return g.command("workspaces", "focus", "--all", "--production")
	case g.Berry:
		return g.command("workspaces", "focus", "--production")
	case frozen:
		return g.command("install", "--production", "--frozen-lockfile", "--non-interactive")
	}
	return g.command("install", "--production", "--pure-lockfile", "--non-interactive")
}

// ports returns the configured ports or, without them, those in the file of the program.
func (u *unit) ports(e entry) sdk.Ports {
	ports := u.config.Ports
	if len(ports) == 0 && path.Ext(e.file) != "" {
		text, _ := u.project.Read(u.path(e.file))
		ports = sdk.PortsIn(text, listening())
	}
	return ports
}

// listening matches a call with a port, or with a default port for that of the environment. In a comment, a
// "/" precedes it.
var listening = pattern(
	`(?m)^[^/"'\n]*\.listen\((?:process\.env\.PORT *(?:\|\||\?\?) *)?([1-9][0-9]{0,4})\b`)
