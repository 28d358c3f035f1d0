package rust

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// clippies returns the commands that run clippy as the pipelines of the project do, each with other targets or lints, else
// one over all targets.
func (b *builder) clippies(u *unit) (steps []plan.Step) {
	calls := u.clippyCalls()
	if len(calls) == 0 {
		return []plan.Step{b.clippy(u, []string{"--all-targets"}, nil)}
	}
	for _, c := range calls {
		rest := c.lints()
		if rest != nil {
			b.repo.decisions.Add("clippy gets %s, because of %s", strings.Join(rest, " "), c.File)
		}
		steps = append(steps, b.clippy(u, c.targets, rest))
	}
	return steps
}

// clippy returns a command that runs clippy over some targets.
func (b *builder) clippy(u *unit, targets, rest []string) plan.Step {
	s := b.check(u, u.clippy, append([]string{"clippy"}, targets...)...)
	if rest != nil {
		s.Argv = append(append(s.Argv, "--"), rest...)
	}
	return s
}

// clippyCalls returns the commands of the pipelines whose features the unit has or, as Cargo does without flags, leaves
// alone, without those that look at no more than another one does.
func (u *unit) clippyCalls() (found []cargoCall) {
	own := func(c cargoCall) bool { return slices.Equal(c.selects.featureFlags(), u.clippy.featureFlags()) }
	calls := slices.Clone(u.runs.clippy)
	slices.SortStableFunc(calls, func(a, b cargoCall) int { return order(own(a)) - order(own(b)) })
	for _, c := range calls {
		fits := own(c) || len(c.selects.featureFlags()) == 0 && len(found) > 0
		if !fits || c.narrow || slices.ContainsFunc(found, func(other cargoCall) bool { return other.coversLints(c) }) {
			continue
		}
		found = append(slices.DeleteFunc(found, c.coversLints), c)
	}
	return found
}

// order puts what is meant first.
func order(first bool) int {
	if first {
		return 0
	}
	return 1
}

// coversLints reports whether a command looks at all that another one looks at, with the same lints or more.
func (c cargoCall) coversLints(other cargoCall) bool {
	return (slices.Contains(c.targets, "--all-targets") || slices.Equal(c.targets, other.targets)) &&
		(slices.Equal(c.rest, other.rest) || len(other.rest) == 0)
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
	if at < 0 || p.Hidden() || p.Runs(isFormatter) {
		return true
	}
	b.repo.decisions.Add("rustfmt is not part of style, because %s checks the style without it", p.Calls[at].File)
	return false
}

// isFormatter reports whether a command of a pipeline looks at the format, also in the argument of another command.
func isFormatter(c pipelines.Call) bool {
	line := strings.Join(c.Words, " ")
	return c.Program() == "cargo" && slices.Contains(c.Words, "fmt") || strings.Contains(line, "cargo fmt") || strings.Contains(line, "rustfmt") || strings.HasPrefix(line, "fmt")
}

func isClippy(c pipelines.Call) bool {
	return c.Program() == "cargo" && slices.Contains(c.Words, "clippy") || c.Program() == "clippy" || c.Program() == "cargo-clippy"
}
