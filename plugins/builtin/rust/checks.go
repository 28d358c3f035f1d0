package rust

import (
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// checks offers complexity, dependency scans and watching if the project has configured a tool for it.
func (b *builder) checks(u *unit) {
	b.complexity(u)
	b.scan(u)
	if b.has(u, "bacon.toml") {
		const install = "cargo install --locked bacon"
		s := plan.Step{Tool: "bacon", Interactive: true}
		s.Script = "# bacon\nPATH=$PATH:${CARGO_HOME:-$HOME/.cargo}/bin\ncommand -v bacon >/dev/null || " +
			install + "\nbacon \"$@\""
		b.Tools["bacon"] = plan.Tool{Check: []string{"bacon", "--version"}, Image: b.repo.cargo().Image,
			Install: install}
		b.add(u, "watch", "bacon", s)
	}
}

func (b *builder) has(u *unit, name string) bool {
	return b.repo.project.Exists(path.Join(u.dir, name))
}

// complexity runs one lint of clippy, if the project has set its threshold.
func (b *builder) complexity(u *unit) {
	for _, name := range []string{"clippy.toml", ".clippy.toml"} {
		text, _ := b.repo.project.Read(path.Join(u.dir, name))
		if !strings.Contains(text, "cognitive-complexity-threshold") {
			continue
		}
		s := b.check(u, u.clippy, "clippy")
		s.Argv = append(s.Argv, "--", "-D", "clippy::cognitive_complexity")
		b.add(u, "complexity", "complexity", b.subcommand("clippy", s))
		b.Explain("complexity", "clippy's cognitive_complexity, with the threshold of "+path.Join(u.dir,
			name))
		return
	}
}

// scan queries a database of known vulnerabilities, so its result is never cached.
func (b *builder) scan(u *unit) {
	var why []string
	if b.has(u, "deny.toml") {
		s := b.subcommand("deny", command(append(append([]string{"cargo", "deny"}, b.pinned(u)...), "check")...))
		s.NoCache = true
		b.add(u, "security-dependency-scan", "deny", s)
		why = append(why, "cargo-deny, because of "+path.Join(u.dir, "deny.toml"))
	}
	for _, name := range []string{".cargo/audit.toml", "audit.toml"} {
		if b.has(u, name) {
			s := b.subcommand("audit", command("cargo", "audit"))
			s.NoCache = true
			b.add(u, "security-dependency-scan", "audit", s)
			why = append(why, "cargo-audit, because of "+path.Join(u.dir, name))
			break
		}
	}
	if why != nil {
		b.Explain("security-dependency-scan", strings.Join(why, "; "))
	}
}
