package rust

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// pipelineRuns are the cargo commands of the pipelines that say what the project itself would run in a unit.
type pipelineRuns struct {
	build, test, clippy []cargoCall
	members             []string // folders of members that pipelines name or enter
}

// A cargoCall is a cargo command of a pipeline.
type cargoCall struct {
	pipelines.Call
	command  string // "test", also for nextest
	selects  selection
	packages []string // of --package
	dir      string   // of the manifest
	narrow   bool     // it covers only some targets of the packages, or another platform
	targets  []string // of clippy: "--all-targets"
	rest     []string // behind "--"
}

// cargoCommands are the commands that compile a project, by the names that people give them.
var cargoCommands = map[string]string{"b": "build", "build": "build", "c": "check", "check": "check", "t": "test", "test": "test",
	"nextest": "test", "llvm-cov": "test", "tarpaulin": "test", "clippy": "clippy", "fmt": "fmt", "doc": "doc"}

// parseCall returns a cargo command of a pipeline. One with a nightly toolchain is none.
func parseCall(c pipelines.Call) (call cargoCall, ok bool) {
	words := slices.Clone(c.Words[1:])
	if len(words) > 0 && strings.HasPrefix(words[0], "+") {
		if strings.Contains(words[0], "nightly") {
			return call, false
		}
		words = words[1:]
	}
	call = cargoCall{Call: c, dir: c.Dir}
	if i := slices.Index(words, "--"); i >= 0 {
		words, call.rest = words[:i], words[i+1:]
	}
	for _, w := range words {
		if cargoCommands[w] != "" {
			call.command = cargoCommands[w]
			break
		}
		if !strings.HasPrefix(w, "-") && w != "hack" {
			return call, false
		}
	}
	call.options(words)
	return call, call.command != "" && c.Program() == "cargo" && c.Dir != ".." && !strings.Contains(strings.Join(words, " "), "$")
}

// withValues are the options of Cargo that have a value, by their other names.
var withValues = map[string]string{"-F": "--features", "--features": "--features", "-p": "--package", "--package": "--package",
	"--exclude": "--exclude", "--manifest-path": "--manifest-path", "--target": "--target", "--test": "--test", "--bin": "--bin",
	"--example": "--example", "--bench": "--bench"}

// options reads the options of a command.
func (c *cargoCall) options(words []string) {
	for i := 0; i < len(words); i++ {
		name, value, joined := strings.Cut(words[i], "=")
		if long := withValues[name]; long != "" {
			if !joined && i+1 < len(words) {
				i++
				value = words[i]
			}
			c.option(long, value)
			continue
		}
		c.flag(words[i])
	}
}

func (c *cargoCall) option(name, value string) {
	switch name {
	case "--features":
		c.narrow = c.narrow || strings.Contains(value, "nightly")
		c.selects.features = append(c.selects.features, strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })...)
	case "--package":
		c.packages = append(c.packages, value)
	case "--exclude":
		c.selects.exclude = append(c.selects.exclude, value)
	case "--manifest-path":
		c.dir = path.Join(c.dir, path.Dir(value))
	default:
		c.narrow = true
	}
}

func (c *cargoCall) flag(word string) {
	switch word {
	case "--all-features":
		c.selects.allFeatures = true
	case "--no-default-features":
		c.selects.noDefaultFeatures = true
	case "--workspace", "--all":
		c.selects.workspace = true
	case "--all-targets", "--tests", "--examples", "--benches", "--lib", "--bins":
		c.targets = append(c.targets, word)
		c.narrow = c.narrow || word != "--all-targets" && c.command != "clippy"
	case "--each-feature", "--feature-powerset":
		c.narrow = true
	case "--doc", "--no-run", "hack":
		c.narrow = true
	}
}

// readPipeline reads the pipelines of the project, once. Commands with a nightly toolchain count where no other one does the
// same, unless they have features, which may need that toolchain.
func (r *repo) readPipeline() {
	r.pipeline = pipelines.Read(r.project)
	var nightly []cargoCall
	for _, c := range r.pipeline.Calls {
		call, ok := parseCall(c)
		switch {
		case c.Program() != "cargo" || !ok:
		case inNightly(c):
			nightly = append(nightly, call)
		default:
			r.calls = append(r.calls, call)
		}
	}
	others := r.calls
	for _, call := range nightly {
		does := func(other cargoCall) bool { return other.command == call.command }
		if len(call.selects.featureFlags()) == 0 && !slices.ContainsFunc(others, does) {
			r.calls = append(r.calls, call)
		}
	}
}

// inNightly reports whether the job of a command has a nightly toolchain alone. A command of it with "+nightly" says
// nothing of the others.
func inNightly(c pipelines.Call) bool {
	nightly := slices.ContainsFunc(c.Job, func(v string) bool {
		return strings.Contains(strings.ReplaceAll(v, "+nightly", ""), "nightly")
	})
	return nightly && !c.Mentions("stable")
}

// checksRust reports whether the pipelines of the project check Rust, and everything that they run was read.
func (r *repo) checksRust() bool { return len(r.calls) > 0 && !r.pipeline.Hidden() }

// enters reports whether a pipeline compiles the package of a folder.
func (r *repo) enters(dir string) bool {
	return slices.ContainsFunc(r.calls, func(c cargoCall) bool { return c.dir == dir && c.command != "fmt" })
}

// runsOf returns the commands of the pipelines for a unit.
func (r *repo) runsOf(u *unit) (runs pipelineRuns) {
	for _, c := range r.calls {
		member := u.memberOf(c)
		if member != "" {
			runs.members = append(runs.members, member)
		}
		switch {
		case member != "" && len(u.members) > 1 || c.dir != u.dir && member == "":
		case c.command == "build", c.command == "check":
			runs.build = append(runs.build, c)
		case c.command == "test":
			runs.test = append(runs.test, c)
		case c.command == "clippy":
			runs.clippy = append(runs.clippy, c)
		}
	}
	return runs
}

// memberOf returns the folder of the member that a command names or runs in, or "".
func (u *unit) memberOf(call cargoCall) string {
	for _, c := range u.members {
		named := call.dir == u.dir && slices.Contains(call.packages, c.name)
		if named || c.dir != u.dir && sdk.Inside(call.dir, c.dir) {
			return c.dir
		}
	}
	return ""
}

// choose sets what the commands of a unit cover: what the configuration says, else what the pipelines run, else all
// packages with Cargo's own features.
func (r *repo) choose(u *unit) {
	u.runs = r.runsOf(u)
	all := r.packages(u, u.runs.test)
	features, c := selection{}, r.config
	if c.choosesFeatures() {
		features = selection{allFeatures: c.AllFeatures, noDefaultFeatures: c.NoDefaultFeatures, features: r.configured(u)}
		u.build, u.test, u.clippy = all.withFeatures(features), all.withFeatures(features), all.withFeatures(features)
		return
	}
	u.test = all.withFeatures(r.widest(u, u.runs.test, features))
	u.clippy = all
	if len(u.runs.clippy) > 0 {
		u.clippy = r.packages(u, u.runs.clippy)
	}
	u.clippy = u.clippy.withFeatures(r.widest(u, u.runs.clippy, u.test))
	u.build = all.withFeatures(r.plainest(u.runs.build, u.test))
	r.sayFeatures(u)
}

// configured returns those of the configured features that a package of a unit may have: Cargo refuses others. In a
// project of one unit it reports them itself.
func (r *repo) configured(u *unit) []string {
	if len(r.config.Crates) == 1 || u.dir == "." && len(r.config.Crates) == 0 {
		return r.config.Features
	}
	return slices.DeleteFunc(slices.Clone(r.config.Features), func(name string) bool { return !u.hasFeature(name) })
}

// packages returns the selection of the packages of a unit, by the commands of the pipelines for it.
func (r *repo) packages(u *unit, calls []cargoCall) (s selection) {
	hidden := len(u.defaults) < len(u.members)
	switch {
	case r.config.Workspace != nil:
		s.workspace = *r.config.Workspace
	case !hidden:
		s.exclude = excludedBy(u, calls)
		s.workspace = len(s.exclude) > 0
	case slices.ContainsFunc(calls, func(c cargoCall) bool { return c.selects.workspace }):
		s.workspace, s.exclude = true, excludedBy(u, calls)
	case u.hasDefaultMembers(), len(calls) > 0 && r.checksRust():
		if s.workspace = len(u.runs.members) > 0; s.workspace {
			s.exclude = u.unnamed()
		}
	default:
		s.workspace = true
	}
	return s
}

// excludedBy returns the packages that each of some commands of the pipelines excludes.
func excludedBy(u *unit, calls []cargoCall) (names []string) {
	for i, c := range calls {
		if i == 0 {
			names = slices.Clone(c.selects.exclude)
		}
		names = slices.DeleteFunc(names, func(name string) bool { return !slices.Contains(c.selects.exclude, name) })
	}
	return slices.DeleteFunc(names, func(name string) bool { return !u.hasMember(name) })
}

func (u *unit) hasMember(name string) bool {
	return slices.ContainsFunc(u.members, func(c *crate) bool { return c.name == name })
}

// unnamed returns the members that are no default ones and that no pipeline names.
func (u *unit) unnamed() (names []string) {
	for _, c := range u.members {
		if !slices.Contains(u.defaults, c) && !slices.Contains(u.runs.members, c.dir) {
			names = append(names, c.name)
		}
	}
	return names
}

// widest returns the features of the command that enables the most, or others if there is none.
func (r *repo) widest(u *unit, calls []cargoCall, otherwise selection) selection {
	found := -1
	for _, c := range calls {
		if weight := c.weight(); !c.narrow && len(c.packages) == 0 && weight > found && c.known(u) {
			found, otherwise = weight, c.selects
		}
	}
	return otherwise
}

// plainest returns the features of the build that changes them least, or others if there is none.
func (r *repo) plainest(calls []cargoCall, otherwise selection) selection {
	found := -1
	for _, c := range calls {
		if weight := 1000 - c.weight(); !c.narrow && len(c.packages) == 0 && weight > found {
			found, otherwise = weight, c.selects
		}
	}
	if found >= 0 && otherwise.noDefaultFeatures && len(otherwise.features) == 0 {
		return selection{}
	}
	return otherwise
}

// weight orders commands by how many features they enable.
func (c cargoCall) weight() int {
	switch s := c.selects; {
	case s.allFeatures:
		return 900
	case s.noDefaultFeatures:
		return min(len(s.features), 90)
	case len(s.features) > 0:
		return 200 + min(len(s.features), 90)
	}
	return 100
}

// known reports whether some package has each feature of a command: one that a pipeline computes may be none.
func (c cargoCall) known(u *unit) bool {
	return !slices.ContainsFunc(c.selects.features, func(name string) bool { return !u.hasFeature(name) })
}

// hasFeature reports whether a package of a unit has a feature. That of a dependency, "serde/derive", counts too.
func (u *unit) hasFeature(name string) bool {
	of, plain, named := strings.Cut(name, "/")
	return slices.ContainsFunc(u.members, func(m *crate) bool {
		_, has := m.features[name]
		_, inner := m.features[plain]
		return has || named && (m.name != of || inner)
	})
}

// sayFeatures adds a decision for the features that come from a pipeline.
func (r *repo) sayFeatures(u *unit) {
	for _, s := range []struct {
		command string
		selects selection
		calls   []cargoCall
	}{{"cargo test", u.test, u.runs.test}, {"clippy", u.clippy, u.runs.clippy}, {"cargo build", u.build, u.runs.build}} {
		flags := strings.Join(s.selects.featureFlags(), " ")
		for _, c := range s.calls {
			if flags != "" && strings.Join(c.selects.featureFlags(), " ") == flags {
				r.decisions.Add("%s has %s, because of %s; \"features\" in the configuration chooses others", s.command, flags, c.File)
				break
			}
		}
	}
}
