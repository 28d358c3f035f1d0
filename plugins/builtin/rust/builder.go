package main

import (
	"path"
	"slices"

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
	if u.dir != "." {
		s.Dir = u.dir
		id = b.UniqueID(id + "@" + u.dir)
	}
	if s.Tool == "" {
		s.Tool = "cargo"
	}
	if s.Inputs == nil {
		s.Inputs = b.repo.inputs(u)
	}
	s.Op = plan.OpExec
	if s.Script != "" {
		s.Op = plan.OpShell
	}
	s.PassEnv = passedVariables
	s.Caches = []plan.Cache{sdk.CargoCache}
	b.Add(target, id, s)
}

// cargo returns a cargo command for the packages and features of the configuration.
func (b *builder) cargo(words ...string) plan.Step {
	return plan.Step{Argv: append(append([]string{"cargo"}, words...), b.repo.config.flags()...)}
}

// command returns a command without these flags.
func command(words ...string) plan.Step { return plan.Step{Argv: words} }

// inputs returns the inputs of a unit: all files, since a package may include any and its tests may read any,
// except what Cargo builds. A unit below the root depends only on its own folder and on the configuration
// files above it, unless it uses packages from elsewhere in the repository, which may be in other workspaces
// and use others in turn.
func (r *repo) inputs(u *unit) (globs []string) {
	if sdk.HasGlobMeta(u.dir) {
		return nil
	}
	if u.dir != "." && !u.dependsOutside() {
		globs = append(globs, u.dir+"/")
		for dir := u.dir; dir != "."; {
			dir = path.Dir(dir)
			for _, name := range parentFiles {
				globs = append(globs, path.Join(dir, name))
			}
		}
	}
	if u.target != "" && !sdk.HasGlobMeta(u.target) {
		globs = append(globs, "!"+u.target+"/")
	}
	return globs
}

// parentFiles are the configuration files that apply to all folders below theirs.
var parentFiles = []string{
	".cargo", "rust-toolchain", "rust-toolchain.toml", "rustfmt.toml", ".rustfmt.toml", "clippy.toml",
	".clippy.toml",
}

// dependsOutside reports whether members of the unit use packages outside of it.
func (u *unit) dependsOutside() bool {
	return slices.ContainsFunc(u.members, func(c *crate) bool {
		return slices.ContainsFunc(c.paths, func(dir string) bool { return !sdk.Inside(dir, u.dir) })
	})
}
