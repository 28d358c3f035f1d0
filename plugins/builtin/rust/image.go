package rust

import (
	"fmt"
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// image offers the image of the project's program, if the project has one.
func (b *builder) image() {
	s, ok := b.repo.chosenProgram()
	if !ok {
		b.Explain("package", b.repo.whyNoneChosen())
		return
	}
	b.add(s.unit, "package", "package-build", b.buildStatic(s))
	build := b.Targets["package"][0]
	file, c := path.Join(s.unit.dir, ".davit/package", s.bin.name), b.repo.config
	i := sdk.StaticImage(c.Base, build, file, b.repo.ports(s), c.Healthcheck)
	b.Steps["package"] = plan.Step{Op: plan.OpImage, Needs: []string{build}, Image: i}
	b.Targets["package"] = []string{"package"}
	b.Explain("package", fmt.Sprintf("%s, linked statically, alone on %s; needs a container engine",
		s.bin.name, i.Base))
}

// buildStatic returns the step that builds the program without libraries. It names the target although it is
// that of the machine: without a target, Cargo would also link procedural macros statically, and the compiler
// could not load them. Its folders are not outputs, because they are only for the image.
func (b *builder) buildStatic(s program) plan.Step {
	argv := append([]string{"cargo", "build", "--release"}, b.pinned(s.unit)...)
	argv = append(append(argv, "--package", s.bin.crate.name, "--bin", s.bin.name),
		s.unit.build.featureFlags()...)
	return plan.Step{Script: strings.Join([]string{
		"# " + sdk.Quote(argv...) + ", linked statically",
		`host=$(rustc -vV | sed -n 's/^host: //p')`,
		`export RUSTFLAGS="${RUSTFLAGS-} -C target-feature=+crt-static"`,
		sdk.Quote(argv...) + ` --target "$host" --target-dir .davit/target`,
		"mkdir -p .davit/package",
		`cp .davit/target/"$host"/release/` + sdk.Quote(s.bin.name) + " .davit/package/",
	}, "\n")}
}

// ports returns the configured ports or, without them, those in the main file of the program.
func (r *repo) ports(s program) sdk.Ports {
	ports := r.config.Ports
	if main := path.Join(s.bin.crate.dir, "src/main.rs"); len(ports) == 0 && s.bin.name == s.bin.crate.name {
		text, _ := r.project.Read(main)
		ports = sdk.PortsIn(text, listening())
	}
	return ports
}

// listening matches a call with an address on all interfaces. In a comment, a "/" precedes it.
var listening = sdk.LazyRegexp(`(?m)^[^/"\n]*\bbind\("(?:0\.0\.0\.0|\[::\]):([1-9][0-9]{0,4})"`)
