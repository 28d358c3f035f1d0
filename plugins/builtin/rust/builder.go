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

// passedVariables of the caller that change what Cargo does.
var passedVariables = []string{"CARGO_BUILD_TARGET", "CARGO_NET_OFFLINE", "RUSTDOCFLAGS", "RUSTFLAGS", "RUSTUP_TOOLCHAIN"}

// add puts a command of a unit into the plan and behind those of a target.
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

// cargo is a command over what the configuration covers.
func (b *builder) cargo(words ...string) plan.Step {
	return plan.Step{Argv: append(append([]string{"cargo"}, words...), b.repo.config.flags()...)}
}

// command is a command that takes no flags of that kind.
func command(words ...string) plan.Step { return plan.Step{Argv: words} }

// inputs are all files, since any may be included or read by a test, but what Cargo builds. For packages below the root they
// are their own folders and what rules from above; where they take packages from elsewhere in the repository, which may be of
// other workspaces and take others in turn, they are all files again.
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

// parentFiles are the files by which a folder rules those below it.
var parentFiles = []string{
	".cargo", "rust-toolchain", "rust-toolchain.toml", "rustfmt.toml", ".rustfmt.toml", "clippy.toml", ".clippy.toml",
}

// dependsOutside tells whether members of the unit are built from packages outside of it.
func (u *unit) dependsOutside() bool {
	return slices.ContainsFunc(u.members, func(c *crate) bool {
		return slices.ContainsFunc(c.paths, func(dir string) bool { return !sdk.Inside(dir, u.dir) })
	})
}
