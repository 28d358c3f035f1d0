package rust

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// fetch downloads the dependencies. They are stored outside of the project, where davit cannot see whether
// all are there, so the step always runs Cargo.
func (b *builder) fetch(u *unit) {
	if !slices.ContainsFunc(u.members, func(c *crate) bool { return c.fetches }) {
		return
	}
	s := command(append([]string{"cargo", "fetch"}, b.pinned(u)...)...)
	s.NoCache = true
	b.add(u, "init", "fetch", s)
}

// build runs "cargo build". A step with programs also copies each to the folder that the plan names, if Cargo
// builds elsewhere.
func (b *builder) build(u *unit) {
	s := b.cargo(u.build, "build")
	if u.debug == "" {
		s.NoCache, s.NoCacheWhy = true, "Cargo's configuration compiles for several targets"
	}
	if programs := b.repo.outputs(u); len(programs) > 0 {
		s = plan.Step{Script: b.repo.buildScript(u, s.Argv, programs), Outputs: programs}
	}
	if b.repo.ignores(u) {
		s.Outputs = append(s.Outputs, path.Join(u.target, ".gitignore"))
	}
	s.Hint = b.compileHint(u, u.build)
	b.add(u, "build", "build", s)
}

// test runs all tests. Cargo's integration tests (tests/) are part of them, because most need no services.
func (b *builder) test(u *unit) {
	if b.repo.config.Nextest {
		s := b.subcommand("nextest", b.check(u, u.test, "nextest", "run"))
		s.Hint, s.TestRunner = b.compileHint(u, u.test), plan.RunnerNextest
		doc := b.check(u, u.test, "test", "--doc")
		doc.Reports = []plan.Report{{Format: "libtest", Stdout: true}}
		b.add(u, "test-unit", "doctest", doc)
		b.add(u, "test-unit", "test-unit", s)
		return
	}
	if b.repo.project.Exists(path.Join(u.dir, ".config/nextest.toml")) {
		b.repo.decisions.Add(
			"cargo test runs the tests, examples in comments too; nextest = true in the configuration takes cargo-nextest")
	}
	s := b.check(u, u.test, "test")
	s.Reports = []plan.Report{{Format: "libtest", Stdout: true}}
	s.Hint = b.compileHint(u, u.test)
	b.add(u, "test-unit", "test-unit", s)
}

// style checks the format and runs clippy, in parallel, unless the pipeline does without them. rustfmt
// asks the terminal of the variable TERM whether it has colours, even if it does not print to one.
func (b *builder) style(u *unit) {
	check := b.subcommand("fmt", command(append([]string{"cargo", "fmt"}, append(u.formatted(), "--check")...)...))
	check.ReadOnly = true
	check.Env = map[string]string{"TERM": "dumb"}
	if b.checksFormat() {
		b.add(u, "style", "format-check", check)
	}
	if b.runsClippy() {
		for i, clippy := range b.clippies(u) {
			s := b.subcommand("clippy", clippy)
			s.Hint = b.compileHint(u, u.clippy)
			b.add(u, "style", "clippy"+strings.Repeat("+", i), s)
		}
	}
	b.add(u, "format", "format", b.subcommand("fmt", command(append([]string{"cargo", "fmt"}, u.formatted()...)...)))
}

// formatted returns the flag of rustfmt for all members, where it would format the root package alone.
func (u *unit) formatted() []string {
	if u.clippy.workspace && len(u.defaults) < len(u.members) {
		return []string{"--all"}
	}
	return nil
}

func (b *builder) maintain(u *unit) {
	b.clean(u)
	s := command("cargo", "update")
	s.Outdated = &plan.Outdated{Argv: []string{"cargo", "update", "--dry-run"}, Line: "Updating {name} v{current} -> v{newest}"}
	b.add(u, "upgrade", "upgrade", s)
}
