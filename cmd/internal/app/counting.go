package app

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/report"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// wrap returns a Runner that also counts the tests of steps, and collects their reports. It belongs inside of a
// runner.Cached, so that what it adds to a command is in no key, and that the counts are stored.
func (r *reports) wrap(next runner.Runner) runner.Runner { return &counting{Runner: next, reports: r} }

// counting is a Runner that counts the tests of each step while it runs, and collects its report afterwards.
type counting struct {
	runner.Runner
	reports *reports
}

func (c *counting) Run(ctx context.Context, s runner.Step, emit func(ui.Event)) runner.Result {
	asked := len(s.Args) > 0
	before := c.reports.written(s)
	o := c.reports.observe(&s, emit)
	result := c.Runner.Run(ctx, s, o.event)
	o.close()
	result.Uncounted = result.Status == ui.StatusCached && o.counter != nil
	if result.Status != ui.StatusOK && result.Status != ui.StatusFailed {
		return result
	}
	n, known := o.counts()
	var reports map[string][]byte
	if o.report != nil {
		cases, all := report.Counts{}, false
		if reports, cases, all = c.collect(s, o, before, &result, emit); !known {
			n, known = cases, all
		}
	}
	if !known && s.Plan.WritesReports() && s.Effect == runner.Reads {
		n = c.reports.countWritten(s, before, emit)
		known = n.Total() > 0 || result.Status == ui.StatusOK
	}
	if known {
		result = withTests(s, result, ui.Tests(n), asked)
	}
	if result.Status == ui.StatusOK && !asked && !s.Plan.Selects {
		result.Untested = c.reports.untested(s, before)
	}
	result.Reports = reports
	return result
}

// collect returns the reports of a step that has ended, and their cases. A result without all of its reports is not kept.
func (c *counting) collect(
	s runner.Step, o *observed, before map[string]written, r *runner.Result, emit func(ui.Event),
) (reports map[string][]byte, n report.Counts, known bool) {
	reports, n, known, err := c.reports.keep(s, *o.report, o.buffer.Bytes(), c.reports.rewritten(s, before), emit)
	if err != nil {
		r.Doubt = "it left no report: " + err.Error()
		emit(ui.Event{Type: ui.EventWarning, Step: s.ID, Text: r.Doubt})
	}
	return reports, n, known
}

// withTests returns the result of a step that ran tests. One that succeeded without any is no success, and one whose tests
// were all skipped tested nothing. The user may have asked for some by arguments, which may select none.
func withTests(s runner.Step, r runner.Result, n ui.Tests, asked bool) runner.Result {
	ranNone := r.Status == ui.StatusOK || s.Plan.TestRunner == plan.RunnerPytest && r.Exit == pytestRanNone
	switch none := n.Total() == 0; {
	case none && s.Plan.Selects && ranNone:
		return runner.Result{Status: ui.StatusSkipped, Reason: "there is no such test"}
	case none && ranNone && (asked || r.Status == ui.StatusOK):
		r.Status, r.Reason, r.Exit = ui.StatusSkipped, runner.ReasonNoTest, 0
	case none && saysNone(s.Plan) && strings.HasPrefix(r.Reason, "exit status "):
		r.Reason = runner.ReasonNoTest // its exit code is shown, too
	}
	if r.Status == ui.StatusOK && n.Total() > 0 && n.Passed+n.Failed == 0 {
		r.Status, r.Reason = ui.StatusSkipped, "all of its tests were skipped"
	}
	if r.Tests = &n; r.Status == ui.StatusOK && n.Failed > 0 {
		r.Status, r.Reason = ui.StatusFailed, "it exits with 0, and its output counts tests that failed"
	}
	return r
}

// saysNone reports whether the runner of a step prints totals of none only if it found no test. Those of Go and Rust
// also do if a test cannot be compiled.
func saysNone(p plan.Step) bool {
	return p.TestRunner != "" || len(p.Reports) > 0 && p.Reports[0].Format == plan.FormatUnittest
}

// pytestRanNone is the exit code of pytest if it ran no test, also because a marker deselects all:
// https://docs.pytest.org/en/stable/reference/exit-codes.html.
const pytestRanNone = 5

// An observed is the output of a step: its tests are counted, what is a report is kept, and all is passed on in the
// form for people.
type observed struct {
	emit    func(ui.Event)
	step    string
	command string          // what is shown of the command; empty is all of it
	counter *report.Counter // nil if nothing is counted
	report  *plan.Report    // nil if none is collected
	wanted  bool            // the report is on standard output
	both    bool            // and on standard error
	text    io.WriteCloser  // turns standard output into text for people; nil passes it on as it is

	mu      sync.Mutex
	buffer  bytes.Buffer // of the report
	clipped bool
}

// observe returns what to do with the output of a step, and changes the step so that its tests can be counted.
func (r *reports) observe(s *runner.Step, emit func(ui.Event)) *observed {
	o := &observed{emit: emit, step: s.ID}
	format := ""
	if plain, collected := r.plain[s.ID]; collected {
		format = o.collect(s, plain)
	} else {
		format = o.count(s, r.env)
	}
	o.counter = report.NewCounter(format)
	if format == plan.FormatGoTestJSON {
		o.text = report.GoTestText(eventWriter{emit, s.ID, "stdout"}, eventWriter{emit, s.ID, "stderr"})
	}
	return o
}

// collect prepares for the report of a step, and returns by what format its tests are counted.
func (o *observed) collect(s *runner.Step, plain runner.Step) (format string) {
	o.report = &s.Plan.Reports[0]
	o.wanted, o.both = runner.ReportStreams(*s)
	if format, _ = plain.Counting(); format == "" && o.wanted {
		return o.report.Format
	}
	return format
}

// count adds to a step what its tests are counted by, and returns the format. A user who asked go test for more than
// its usual text by a variable gets that.
func (o *observed) count(s *runner.Step, env []string) (format string) {
	format, args := s.Counting()
	if format == plan.FormatGoTestJSON && goFlags(environ.Get(env, "GOFLAGS"), s.Plan.Env["GOFLAGS"]) {
		return ""
	}
	o.command = s.Command()
	if format == plan.FormatGoTestJSON && s.Where == runner.InContainer {
		s.Plan = digested(s.Plan, args)
		return format
	}
	s.Args = slices.Concat(args, s.Args)
	return format
}

// digested returns a step of go test for a container, where an engine drops output that is long or fast: of the events of a
// package that passes only the numbers leave it. An image without awk counts nothing.
func digested(p plan.Step, args []string) plan.Step {
	run := runner.Quote(p.Argv)
	p.Script = "command -v awk >/dev/null || exec " + run + ` "$@"` + "\nstatus=$(mktemp)\n{ " + run + " " + runner.Quote(args) +
		` "$@" && echo 0 > "$status" || echo $? > "$status"; } | awk '` + report.GoDigest + `'` + "\nexit \"$(cat \"$status\")\""
	p.Op, p.Argv = plan.OpShell, nil
	return p
}

// goFlags reports whether a value of GOFLAGS makes go test print more than its usual text.
func goFlags(values ...string) bool {
	return slices.ContainsFunc(strings.Fields(strings.Join(values, " ")), func(flag string) bool {
		name, _, _ := strings.Cut(strings.TrimLeft(flag, "-"), "=")
		return name == "v" || name == "json" || name == "bench" || strings.HasPrefix(name, "test.")
	})
}

func (o *observed) event(e ui.Event) {
	if e.Type == ui.EventStep && e.Status == ui.StatusRunning && o.command != "" {
		e.Command = o.command
	}
	if e.Type != ui.EventOutput || o.counter == nil && !o.wanted {
		o.emit(e)
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.keep(e)
	if o.text == nil || e.Stream != "stdout" {
		o.emit(e)
		return
	}
	_, _ = io.WriteString(o.text, e.Text) // writing to events cannot fail
}

// keep keeps what is needed of a piece of output.
func (o *observed) keep(e ui.Event) {
	o.clipped = o.clipped || strings.Contains(e.Text, runner.ClippedMark)
	if o.counter != nil {
		o.counter.Add(e.Stream, e.Text)
	}
	if o.wanted && (e.Stream == "stdout" || o.both) {
		o.buffer.WriteString(e.Text)
	}
}

func (o *observed) close() {
	if o.text != nil {
		_ = o.text.Close()
	}
}

// counts returns the tests that the output counts. Output of which an engine has dropped a part counts none.
func (o *observed) counts() (n report.Counts, known bool) {
	if o.counter == nil || o.clipped {
		return n, false
	}
	return o.counter.Counts()
}

// An eventWriter emits what is written to it as the output of a step.
type eventWriter struct {
	emit         func(ui.Event)
	step, stream string
}

func (w eventWriter) Write(b []byte) (int, error) {
	w.emit(ui.Event{Type: ui.EventOutput, Step: w.step, Stream: w.stream, Text: string(b)})
	return len(b), nil
}
