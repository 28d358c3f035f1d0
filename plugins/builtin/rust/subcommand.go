package rust

import (
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/devtools"
)

// components are the commands of Cargo that are components of Rust, by command.
var components = map[string]string{"fmt": "rustfmt", "clippy": "clippy"}

// subcommand converts a step to one that uses a command which Cargo lacks by default, and adds the tool. The
// image of Rust lacks it too, so in a container the step installs it. On the host, davit checks for the tool
// before the step starts.
func (b *builder) subcommand(name string, s plan.Step) plan.Step {
	t := plan.Tool{Check: []string{"cargo", name, "--version"}, Image: b.repo.cargo().Image}
	present := "cargo " + name + " --version >/dev/null 2>&1"
	if component := components[name]; component != "" {
		t.Install = "rustup component add " + component
	} else if pin, ok := b.repo.pin("cargo-" + name); ok {
		t.Version, t.Install = pin.Series(), installPinned("cargo-"+name, pin)
		present = "cargo " + name + " --version 2>/dev/null | grep -qF " + sdk.Quote(" "+pin.Series()[1:]+".")
	} else {
		t.Install = "cargo install --locked cargo-" + name
	}
	s.Tool = "cargo-" + name
	b.Tools[s.Tool] = b.repo.pinTool(t)
	call := sdk.Quote(s.Argv...)
	s.Argv, s.Script = nil, "# "+call+"\n"+present+" || "+t.Install+"\n"+call+` "$@"`
	return s
}

// pin returns the version of a tool that the project pins, and adds a decision that says so, or that nobody pins
// one.
func (r *repo) pin(crate string) (devtools.Pin, bool) {
	pin, ok := devtools.Find(r.project, devtools.Tool{Name: crate})
	if ok {
		r.decisions.Add("%s has version %s, because of %s", crate, pin.Version, pin.File)
	} else {
		r.decisions.Add("no file of the project pins the version of %s", crate)
	}
	return pin, ok
}

// installPinned returns the command that installs a pinned version of a crate.
func installPinned(crate string, pin devtools.Pin) string {
	version := pin.Version
	if strings.Count(version, ".") < 2 {
		version = pin.Series()
	}
	return "cargo install --locked " + crate + " --version " + sdk.Quote(version)
}
