package recipes

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
)

// A nodeManifest is the part of a package.json, and of the lock file beside it, that says which programs an
// install brings.
type nodeManifest struct {
	dir      string
	installs bool
	scripts  map[string]string
	programs map[string]bool // as far as the names of dependencies tell; for the lock file see has
	lock     string          // the text of the lock file of npm
	locked   map[string]bool // the programs that it names, once it was parsed
}

// nodeManagers are the managers that install packages of Node and run scripts of package.json.
var nodeManagers = []string{"npm", "pnpm", "yarn", "bun"}

// nodeCommand records whether a command uses, or fills, packages of Node.
func (r *Reader) nodeCommand(c command) {
	program := c.words[0]
	if bin, name, ok := strings.Cut(program, "node_modules/.bin/"); ok {
		c.dir, program = within(c.dir, path.Clean("./"+bin)), name
	}
	switch m := r.nodeManifest(c.dir); {
	case m == nil || !m.installs:
	case slices.Contains(nodeManagers, program):
		r.nodeManager(c)
	case program == "npx" || program == "bunx":
		if name, _ := c.argument(1); m.programs[name] {
			r.use(Node, m.dir, name+" is a program of the dependencies in "+m.file())
		}
	case program == "node" && c.runsFile("-e", "-p", "--eval", "--print"):
		r.use(Node, m.dir, "node runs code of the project, with the dependencies in "+m.file())
	case m.has(program):
		r.use(Node, m.dir, program+" is a program of the dependencies in "+m.file())
	}
}

// runsFile reports whether an interpreter is called for code of the project, and not for a text in an option.
func (c command) runsFile(texts ...string) bool {
	name, i := c.argument(1)
	return name != "" && !slices.ContainsFunc(c.words[1:i], func(w string) bool { return slices.Contains(texts, w) })
}

// nodeManager records what a call of a package manager uses or fills.
func (r *Reader) nodeManager(c command) {
	if slices.Contains(c.words, "-g") || slices.Contains(c.words, "--global") {
		return
	}
	c = c.inFolder("--prefix", "-C", "--dir", "--cwd")
	m := r.nodeManifest(c.dir)
	if m == nil || !m.installs {
		return
	}
	program := c.words[0]
	switch verb, _ := c.argument(1); {
	case slices.Contains(installing, verb), program == "yarn" && verb == "":
		r.fill(Node, m.dir)
	case slices.Contains(running, verb), program != "npm" && (m.scripts[verb] != "" || m.has(verb)):
		r.use(Node, m.dir, program+" "+verb+" needs the dependencies in "+m.file())
	}
}

// The commands of package managers that install dependencies, and those that run something with them.
var (
	installing = []string{"ci", "install", "i", "clean-install"}
	running    = []string{"run", "run-script", "test", "t", "start", "exec", "x"}
)

// inFolder returns the command without an option that names the folder to run in, and with that folder.
func (c command) inFolder(options ...string) command {
	for i, w := range c.words {
		if i+1 < len(c.words) && slices.Contains(options, w) {
			return command{words: slices.Delete(slices.Clone(c.words), i, i+2), dir: within(c.dir, c.words[i+1])}
		}
	}
	return c
}

func (m *nodeManifest) file() string { return path.Join(m.dir, "package.json") }

// nodeManifest returns the package.json of a folder, or of the nearest one above it; nil if there is none.
func (r *Reader) nodeManifest(dir string) (found *nodeManifest) {
	if dir == ".." {
		return nil
	}
	upwards(dir, func(dir string) bool {
		known, seen := r.node[dir]
		if !seen {
			known = readNode(r.files, dir)
			r.node[dir] = known
		}
		found = known
		return found != nil
	})
	return found
}

// readNode reads the package.json of a folder, and the package-lock.json beside it.
func readNode(files Files, dir string) *nodeManifest {
	text, ok := files.Read(path.Join(dir, "package.json"))
	if !ok {
		return nil
	}
	var p struct {
		Scripts                                             map[string]string
		Dependencies, DevDependencies, OptionalDependencies map[string]string
	}
	_ = json.Unmarshal([]byte(text), &p) // the manager reports what is wrong with it
	m := &nodeManifest{dir: dir, scripts: p.Scripts, programs: map[string]bool{}}
	m.lock, _ = files.Read(path.Join(dir, "package-lock.json"))
	for _, deps := range []map[string]string{p.Dependencies, p.DevDependencies, p.OptionalDependencies} {
		for name := range deps {
			m.installs = true
			addPrograms(m.programs, nodePrograms[name], path.Base(name))
		}
	}
	return m
}

// has reports whether an install brings a program. The lock file of npm names all of them, also those of
// dependencies of dependencies. It is large, and only parsed if it has the name.
func (m *nodeManifest) has(program string) bool {
	if m.lock == "" {
		return m.programs[program]
	}
	if !strings.Contains(m.lock, `"`+program+`"`) {
		return false
	}
	if m.locked == nil {
		m.parseLock()
	}
	return m.locked[program]
}

// parseLock finds the programs of the packages that are not below another one.
func (m *nodeManifest) parseLock() {
	var lock struct {
		Packages map[string]struct{ Bin json.RawMessage }
	}
	_ = json.Unmarshal([]byte(m.lock), &lock)
	m.locked = map[string]bool{}
	if len(lock.Packages) == 0 { // of npm 6, which does not name them
		m.locked = m.programs
	}
	for name, p := range lock.Packages {
		var bins map[string]string
		name, top := strings.CutPrefix(name, "node_modules/")
		if top && !strings.Contains(name, "/node_modules/") && json.Unmarshal(p.Bin, &bins) == nil {
			for bin := range bins {
				m.locked[bin] = true
			}
		}
	}
}

// nodePrograms are the programs of packages that have others than their names say. A lock file of npm has those
// of all packages.
var nodePrograms = map[string]string{
	"@angular/cli": "ng", "@babel/cli": "babel", "@changesets/cli": "changeset", "@commitlint/cli": "commitlint",
	"@graphql-codegen/cli": "graphql-codegen", "@mermaid-js/mermaid-cli": "mmdc", "@nestjs/cli": "nest",
	"@playwright/test": "playwright", "@redocly/cli": "redocly", "@stoplight/spectral-cli": "spectral",
	"@sveltejs/kit": "svelte-kit", "@swc/cli": "swc", "@tailwindcss/cli": "tailwindcss",
	"@vue/cli-service": "vue-cli-service", "less": "lessc",
	"markdownlint-cli": "markdownlint", "npm-run-all": "npm-run-all run-s run-p",
	"npm-run-all2": "npm-run-all run-s run-p",
	"postcss-cli":  "postcss", "typescript": "tsc tsserver", "webpack-cli": "webpack webpack-cli",
}
