package rust

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// A builder is the plan of a repository in the making.
type builder struct {
	*sdk.Builder
	repo *repo
}

// passedVariables are the variables of the caller that change what Cargo does.
var passedVariables = []string{"CARGO_BUILD_TARGET", "CARGO_NET_OFFLINE", "RUSTDOCFLAGS", "RUSTFLAGS",
	"RUSTUP_TOOLCHAIN"}

// add adds a command of a unit to the plan and to a target.
func (b *builder) add(u *unit, target, id string, s plan.Step) {
	if s.Tool == "" {
		s.Tool = "cargo"
	}
	if s.Inputs == nil {
		s.Inputs = b.repo.inputs(u)
	}
	if u.shared {
		s.Env = withTarget(s.Env, relative(u.target, u.dir))
	}
	s.Op = plan.OpExec
	if s.Script != "" {
		s.Op = plan.OpShell
	}
	s.PassEnv = passedVariables
	s.NoCache = s.NoCache || !b.locked(u) && s.Tool != "cargo-fmt"
	if !s.NoCache && !s.Interactive && target != "upgrade" { // its result may be kept
		s.Settings = sdk.Settings("cargo", strings.TrimPrefix(s.Tool, "cargo-"))
	}
	s.Caches = []plan.Cache{sdk.CargoCache}
	if s.Tool != "cargo-fmt" && !slices.Contains([]string{"init", "clean", "upgrade", "security-dependency-scan"}, target) {
		s.Consumes = u.embeds
	}
	b.AddIn(u.dir, target, id, s)
}

// withTarget returns the variables of a step with the folder that Cargo builds in.
func withTarget(env map[string]string, dir string) map[string]string {
	out := map[string]string{"CARGO_TARGET_DIR": dir}
	maps.Copy(out, env)
	return out
}

// locked reports whether versions of dependencies are chosen. Without a Cargo.lock, Cargo asks the registry for
// the newest ones, and writes it.
func (b *builder) locked(u *unit) bool {
	if b.repo.project.Exists(path.Join(u.dir, "Cargo.lock")) {
		return true
	}
	b.repo.decisions.Add("results are not kept until there is a %s: Cargo chooses versions and writes it",
		path.Join(u.dir, "Cargo.lock"))
	return false
}

// cargo returns a cargo command for a selection of packages and features.
func (b *builder) cargo(s selection, words ...string) plan.Step {
	return plan.Step{Argv: append(append([]string{"cargo"}, words...), s.flags()...)}
}

// check returns a cargo command that must not change the Cargo.lock of a unit.
func (b *builder) check(u *unit, s selection, words ...string) plan.Step {
	return b.cargo(s, append(words, b.pinned(u)...)...)
}

// command returns a command without these flags.
func command(words ...string) plan.Step { return plan.Step{Argv: words} }

// inputs returns the inputs of the steps of a unit: all files, since build scripts, macros and tests may read
// any, except what Cargo builds.
func (r *repo) inputs(u *unit) (globs []string) {
	units := r.units
	if len(units) > sdk.MaxExcluded {
		units = []*unit{u}
	}
	for _, u := range units {
		if u.target != "" && !sdk.HasGlobMeta(u.target) {
			globs = append(globs, "!"+u.target+"/")
		}
	}
	return globs
}
