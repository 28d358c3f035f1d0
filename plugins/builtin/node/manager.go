package node

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// A manager is a package manager in the version that a project uses.
type manager struct {
	Name    string // npm, pnpm, yarn, bun
	Version string // as packageManager gives it, "10.33.0", or what the lockfile implies, "10"; may be empty
	Lock    string // path of the lockfile, "" if there is none
	Berry   bool   // yarn 2 and later
	PnP     bool   // yarn without node_modules
	Release string // the yarn in the project, relative to its folder: ".yarn/releases/yarn-4.9.1.cjs"
	Why     string
}

// locks are the lockfiles of each manager, in order of precedence. An old package-lock.json comes last, since
// it is what a change of manager most often leaves behind.
var locks = []struct{ manager, file string }{
	{"pnpm", "pnpm-lock.yaml"}, {"yarn", "yarn.lock"}, {"bun", "bun.lock"}, {"bun", "bun.lockb"},
	{"npm", "npm-shrinkwrap.json"}, {"npm", "package-lock.json"},
}

// managerSettings are the files with settings that only one manager reads. A manager may remove its lockfile with the
// last dependency, as Bun does.
var managerSettings = []struct{ manager, file string }{
	{"pnpm", "pnpm-workspace.yaml"}, {"yarn", ".yarnrc.yml"}, {"bun", "bunfig.toml"},
}

func isManager(name string) bool {
	return slices.Contains([]string{"npm", "pnpm", "yarn", "bun"}, name)
}

// chooseManager returns the package manager: the configured one, else that of packageManager, else that of
// the lockfile, else that of a settings file, else that of the package above, else npm.
func chooseManager(p *sdk.Project, m *manifest, configured string, above *unit) manager {
	var found []string
	var out manager
	for _, l := range locks {
		if p.Exists(join(m.Dir, l.file)) {
			found = append(found, l.file)
			if out.Name == "" {
				out.Name, out.Why = l.manager, "because of "+join(m.Dir, l.file)
			}
		}
	}
	if len(found) > 1 {
		out.Why += fmt.Sprintf(", the first of several lockfiles (%s)", strings.Join(found, ", "))
	}
	if name, version, _ := strings.Cut(m.PackageManager, "@"); isManager(name) {
		version, _, _ = strings.Cut(version, "+") // the hash after it is for corepack
		out.Name, out.Version, out.Why = name, version, fmt.Sprintf("because %s says so", m.file())
	}
	if configured != "" {
		out.Name, out.Why = configured, "because [plugins.node] in project.toml says so"
	}
	for _, f := range managerSettings {
		if out.Name == "" && p.Exists(join(m.Dir, f.file)) {
			out.Name, out.Why = f.manager, "because of "+join(m.Dir, f.file)
		}
	}
	if out.Name == "" && above != nil && above.manager.Name != "npm" && above.manager.Release == "" {
		out = above.manager
		out.Lock, out.Why = "", "as in "+above.root.file()
		return out
	}
	if out.Name == "" {
		out.Name, out.Why = "npm", "as there is neither a packageManager nor a lockfile"
	}
	for _, l := range locks {
		if l.manager == out.Name && out.Lock == "" && slices.Contains(found, l.file) {
			out.Lock = join(m.Dir, l.file)
		}
	}
	out.fillDetails(p, m.Dir)
	return out
}

// fillDetails sets the version of a manager if the project does not name it, and the mode of yarn.
func (g *manager) fillDetails(p *sdk.Project, dir string) {
	switch g.Name {
	case "pnpm":
		if g.Version == "" && g.Lock != "" {
			g.Version = pnpmOf(p.Head(g.Lock, 64))
		}
	case "yarn":
		g.yarn(p, dir)
	}
}

// pnpmOf returns the major version of pnpm that writes a lockfile with that beginning.
func pnpmOf(head string) string {
	_, rest, _ := strings.Cut(head, "lockfileVersion:")
	version, _, _ := strings.Cut(strings.Trim(strings.TrimSpace(rest), `'"`), ".")
	return map[string]string{"5": "7", "6": "8", "9": "10"}[version]
}

func (g *manager) yarn(p *sdk.Project, dir string) {
	rc, berry := p.Read(join(dir, ".yarnrc.yml"))
	g.Berry = berry || strings.Contains(p.Head(join(dir, "yarn.lock"), 512), "__metadata:")
	if n, err := strconv.Atoi(before(g.Version, ".")); err == nil {
		g.Berry = n >= 2
	}
	g.Release = setting(rc, "yarnPath")
	if !g.Berry {
		old, _ := p.Read(join(dir, ".yarnrc"))
		g.Release = setting(old, "yarn-path")
	}
	if g.Release != "" {
		g.Release = path.Clean(g.Release)
	}
	if g.Release != "" && !p.Exists(join(dir, g.Release)) {
		g.Release = ""
	}
	g.PnP = g.Berry && setting(rc, "nodeLinker") != "node-modules" && setting(rc, "nodeLinker") != "pnpm"
	if g.Version == "" {
		g.Version = "1"
		if g.Berry {
			g.Version = "4"
		}
	}
}

// setting returns the value of a key at the beginning of a line: "key: value" or, in yarn 1, "key value".
func setting(text, key string) string {
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, key); ok && strings.HasPrefix(rest, ":") ||
			ok && strings.HasPrefix(rest, " ") {
			rest, _, _ = strings.Cut(strings.TrimPrefix(rest, ":"), " #")
			return strings.Trim(strings.TrimSpace(rest), `'"`)
		}
	}
	return ""
}

func before(s, sep string) string {
	head, _, _ := strings.Cut(s, sep)
	return head
}

// String returns the name and the version.
func (g manager) String() string {
	if g.Version == "" {
		return g.Name
	}
	return g.Name + " " + g.Version
}

// explain returns which manager runs, and why. The version that package.json asks for is not always the one: npm is that
// beside Node, Bun the installed one, and an installed pnpm or yarn is called as it is.
func (g manager) explain(asked string) string {
	_, version, _ := strings.Cut(before(asked, "+"), "@")
	switch {
	case version == "" || version != g.Version:
		return fmt.Sprintf("%s, %s", g, g.Why)
	case g.Name == "npm" || g.Name == "bun":
		return fmt.Sprintf("the %s that is installed, %s; it asks for %s", g.Name, g.Why, g.Version)
	case g.Release == "":
		return fmt.Sprintf("%s, %s; one that is installed is called as it is", g, g.Why)
	}
	return fmt.Sprintf("%s, %s", g, g.Why)
}
