package runner

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// ReportStreams returns the streams on which a step prints its first report: neither if it writes the report
// to a file.
func ReportStreams(s Step) (stdout, stderr bool) {
	if len(s.Plan.Reports) == 0 || !s.Plan.Reports[0].Stdout {
		return false, false
	}
	format := s.Plan.Reports[0].Format
	return true, format == plan.FormatUnittest || format == plan.FormatLibtest
}

// ClippedMark is the text that an engine prints in the place of output that it drops.
const ClippedMark = "[output clipped, log limit "

// Tests reports whether a step belongs to a target that runs tests.
func (s Step) Tests() bool {
	return slices.ContainsFunc(s.Targets,
		func(target string) bool { return target == "test" || strings.HasPrefix(target, "test-") })
}

// Counting returns how the tests of a step are counted: a format of reports or a test runner, and the arguments that
// are added to its command for that. The format is empty if they are not counted: if the step has a terminal of its
// own, or if asking for a report would change what the command prints, might be refused, or would replace a report of
// the user's. go test alone prints no totals, so it is asked for -json, which davit turns into the usual text.
func (s Step) Counting() (format string, args []string) {
	p := s.Plan
	switch {
	case p.Interactive || s.Effect != Reads:
		return "", nil
	case p.TestRunner != "":
		return p.TestRunner, nil
	case len(p.Reports) == 0 || !p.Reports[0].Stdout:
		return "", nil
	}
	switch r := p.Reports[0]; {
	case r.Format == plan.FormatLibtest || r.Format == plan.FormatUnittest || r.Format == plan.FormatTAP && len(r.Args) == 0:
		return r.Format, nil
	case r.Format == plan.FormatGoTestJSON && onlySelects(s.Args):
		return r.Format, r.Args
	}
	return "", nil
}

// selecting are the flags of go test that change neither what it prints about a test nor what it runs besides tests.
var selecting = []string{"run", "skip", "count", "short", "race", "timeout", "failfast", "parallel", "p", "tags", "cpu", "mod"}

// onlySelects reports whether all flags among the arguments of go test are of that kind. Others, such as -v, -bench,
// -json and -args, print something of their own.
func onlySelects(args []string) bool {
	return !slices.ContainsFunc(args, func(arg string) bool {
		name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		return strings.HasPrefix(arg, "-") && !slices.Contains(selecting, name)
	})
}
