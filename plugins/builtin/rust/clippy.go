package main

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk/devtools"
)

// clippy returns the command that runs clippy as the pipelines of the project do, else over all targets.
func (b *builder) clippy(u *unit) plan.Step {
	targets, rest := []string{"--all-targets"}, []string(nil)
	if c, ok := u.clippyCall(); ok {
		targets, rest = c.targets, c.lints()
		if rest != nil {
			b.repo.decisions.Add("clippy gets %s, because of %s", strings.Join(rest, " "), c.File)
		}
	}
	s := b.check(u, u.clippy, append([]string{"clippy"}, targets...)...)
	if rest != nil {
		s.Argv = append(append(s.Argv, "--"), rest...)
	}
	return s
}

// clippyCall returns the command of a pipeline whose features the unit has, the one with most targets.
func (u *unit) clippyCall() (found cargoCall, ok bool) {
	for _, c := range u.runs.clippy {
		same := slices.Equal(c.selects.featureFlags(), u.clippy.featureFlags())
		if better := !ok || slices.Contains(c.targets, "--all-targets"); same && !c.narrow && better {
			found, ok = c, true
		}
	}
	return found, ok
}

// lints returns the arguments of clippy's compiler: those of the command, and what RUSTFLAGS forbid.
func (c cargoCall) lints() []string {
	rest := slices.Clone(c.rest)
	for _, v := range c.Env {
		flags, is := strings.CutPrefix(v, "RUSTFLAGS=")
		flags = strings.ReplaceAll(flags, "-D ", "-D")
		if is && slices.Contains(strings.Fields(flags), "-Dwarnings") && !slices.Contains(rest, "warnings") && !slices.Contains(rest, "-Dwarnings") {
			rest = append(rest, "-D", "warnings")
		}
	}
	if strings.Contains(strings.Join(rest, " "), "$") {
		return nil
	}
	return rest
}

// runsClippy reports whether clippy is part of style: where the configuration says so, where the pipelines call it, and
// where there is none that checks the project.
func (b *builder) runsClippy() bool {
	r := b.repo
	switch {
	case r.config.Clippy != nil:
		return *r.config.Clippy
	case !r.checksRust() || r.pipeline.Runs(isClippy):
		return true
	}
	r.decisions.Add("clippy is not part of style, because %s checks the project without it; clippy = true in the configuration adds it",
		r.calls[0].File)
	return false
}

// checksFormat reports whether the format is part of style: unless the pipeline runs clippy without it.
func (b *builder) checksFormat() bool {
	p := b.repo.pipeline
	at := slices.IndexFunc(p.Calls, isClippy)
	if at < 0 || p.Hidden || p.Runs(isFormatter) {
		return true
	}
	b.repo.decisions.Add("rustfmt is not part of style, because %s checks the style without it", p.Calls[at].File)
	return false
}

// isFormatter reports whether a command of a pipeline looks at the format, also in the argument of another command.
func isFormatter(c devtools.Call) bool {
	line := strings.Join(c.Words, " ")
	return c.Program() == "cargo" && slices.Contains(c.Words, "fmt") || strings.Contains(line, "cargo fmt") || strings.Contains(line, "rustfmt") || strings.HasPrefix(line, "fmt")
}

func isClippy(c devtools.Call) bool {
	return c.Program() == "cargo" && slices.Contains(c.Words, "clippy") || c.Program() == "clippy" || c.Program() == "cargo-clippy"
}
