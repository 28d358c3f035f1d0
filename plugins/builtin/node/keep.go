package node

import (
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// planKeep plans clean, complexity, security and upgrade.
func (u *unit) planKeep() {
	for _, target := range []string{"clean", "complexity", "security-sast", "security-dependency-scan",
		"upgrade"} {
		for _, s := range u.chosen(target) {
			step := u.scriptStep(s)
			step.NoCache = target == "clean" || target == "upgrade"
			u.add(target, s.name, step)
			u.explain(target, s, "")
		}
	}
	if !u.Offers("security-dependency-scan") {
		u.audit()
	}
	if !u.Offers("upgrade") && u.install != "" {
		u.upgrade()
	}
	u.absent("clean", "no script cleans, and what the build writes is not known")
	u.absent("complexity", u.root.file()+` has no script "complexity"`)
	u.absent("security-sast", u.root.file()+` has no script "security-sast"`)
	u.absent("upgrade", "there are no dependencies to upgrade")
}

// audit queries the registry for vulnerabilities of the locked versions. It needs no install.
func (u *unit) audit() {
	if u.manager.Lock == "" {
		u.absent("security-dependency-scan", "there is no lockfile whose versions could be looked up")
		return
	}
	words := map[string][]string{
		"npm":  {"audit", "--audit-level=high"},
		"pnpm": {"audit", "--audit-level", "high"},
		"yarn": {"audit", "--level", "high"},
		"bun":  {"audit", "--audit-level=high"},
	}[u.manager.Name]
	if u.manager.Berry {
		words = []string{"npm", "audit", "--all", "--recursive", "--severity", "high"}
	}
	u.addPlain("security-dependency-scan", "audit", words)
}

// upgrade upgrades dependencies within the ranges of package.json.
func (u *unit) upgrade() {
	words := []string{"update"}
	switch {
	case u.manager.Name == "npm" && u.manager.Lock == "":
		words = []string{"update", "--no-package-lock", "--no-audit", "--no-fund"}
	case u.manager.Name == "npm":
		words = []string{"update", "--no-audit", "--no-fund"}
	case u.manager.Name == "pnpm" && len(u.members) > 0:
		words = []string{"--recursive", "update"}
	case u.manager.Berry:
		words = []string{"up", "--recursive", "*"}
	case u.manager.Name == "yarn":
		words = []string{"upgrade"}
	}
	u.addPlain("upgrade", "upgrade", words)
}

// npmOutdated asks npm what it would move. A line has the path, the version that package.json allows, and the installed one.
var npmOutdated = plan.Outdated{Argv: []string{"npm", "outdated", "--parseable"}, Line: "{}:{name}@{newest}:{}@{current}:"}

// addPlain adds a call of the manager that needs no install.
func (u *unit) addPlain(target, name string, words []string) {
	s := u.inUnit(u.manager.command(words...))
	s.Needs, s.Path, s.NoCache = nil, nil, true
	if target == "upgrade" && u.manager.Name == "npm" {
		s.Outdated = &npmOutdated
	}
	u.add(target, name, s)
	u.Explain(target, u.manager.Name+" "+strings.Join(words, " "))
}
