package rust

import (
	"fmt"
	"slices"
	"sync"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// A repo is a repository with the units to run Cargo in, and the decisions that led to them.
type repo struct {
	project   *sdk.Project
	config    *config
	units     []*unit
	decisions sdk.Decisions
	pipeline  *pipelines.Pipeline
	calls     []cargoCall // the cargo commands of the pipelines
	left      []leftPackage
	// read are the roots of packages that were read for conditions, and testsRead is how many files of tests were.
	read       map[*crate][]*source
	testsRead  int
	otherStack func() bool // hasOtherStack, once
	embedBytes int
	embedsRead int        // how many files were read for what they embed
	chosen     *toolchain // that all units pin; nil before it is looked for
}

// findUnits finds the folders to run Cargo in. A fault in the Cargo.toml of the root is an error. One below
// may be a template and is left out.
func (r *repo) findUnits() error {
	r.readPipeline()
	r.otherStack = sync.OnceValue(r.hasOtherStack)
	dirs := r.config.Crates
	if len(dirs) == 0 {
		dirs = r.manifestDirs()
	}
	for _, dir := range dirs {
		if len(r.config.Crates) == 0 && !r.isPart(dir) {
			continue
		}
		u, err := r.open(dir)
		if err != nil && (dir == "." || len(r.config.Crates) > 0) {
			return err
		}
		if err != nil {
			r.leave(dir, "%s (%v)", dir, err)
			continue
		}
		r.units = append(r.units, u)
	}
	r.takeAuxiliary()
	r.units = slices.DeleteFunc(r.units, func(u *unit) bool { return r.isMemberOfOther(u) })
	if r.config.Bin != "" && len(r.programsWith(func(b bin) bool { return b.name == r.config.Bin })) == 0 {
		return fmt.Errorf("[plugins.rust] config: \"bin\" is %q, which no package makes", r.config.Bin)
	}
	return nil
}

func (r *repo) summary() string {
	if len(r.units) > 1 {
		return fmt.Sprintf("%d Rust packages", len(r.units))
	}
	u := r.units[0]
	if n := len(u.members); u.workspace && n != 1 {
		return fmt.Sprintf("Rust workspace of %d packages", n)
	}
	c := u.members[0]
	if c.edition == "" {
		return "Rust package " + c.name
	}
	return fmt.Sprintf("Rust package %s (edition %s)", c.name, c.edition)
}

// cargo returns the tool of most steps. Cargo itself refuses a package that requires a newer Rust. The newest
// Rust builds older packages, so one image serves all but those that pin a toolchain.
func (r *repo) cargo() plan.Tool {
	t := r.pinTool(plan.Tool{Check: []string{"cargo", "--version"}, Image: sdk.RustImage,
		Install: "see https://rustup.rs"})
	oldest := ""
	for _, u := range r.units {
		for _, c := range u.built() {
			if c.rust != "" && (oldest == "" || sdk.CompareVersions(c.rust, oldest) > 0) {
				oldest = c.rust
			}
		}
	}
	if oldest != "" {
		t.Version = ">=" + oldest
	}
	if image := r.toolchainImage(); image != "" {
		t.Image = image
	}
	if r.config.Image != "" {
		t.Image = r.config.Image
	}
	return t
}
