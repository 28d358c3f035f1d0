package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/report"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// reports collects what steps leave for machines to read, in one folder: ID.xml for each, with what no file name has as "-", and
// ID-2.xml and so on where a step leaves several files.
type reports struct {
	root string
	dir  string
	// silent are warnings of tests that were asked for and that leave nothing.
	silent []ui.Event
	// mask hides secrets in them.
	mask *runner.Mask
}

// newReports changes the steps of a job so that they leave reports, and run even if their result is known: a report is of a run.
func newReports(root, dir string, job *Job) (*reports, error) {
	r := &reports{root: root, dir: dir}
	if dir == "" {
		return r, nil
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, usage("", "the folder of --reports cannot be made: %v", err)
	}
	steps := job.Graph.Steps()
	for i := range steps {
		if len(steps[i].Plan.Reports) > 0 {
			steps[i] = r.asked(steps[i])
		} else if slices.ContainsFunc(steps[i].Targets, isTest) {
			r.silent = append(r.silent, ui.Event{
				Type: ui.EventWarning, Step: steps[i].ID, Text: "leaves no report: davit does not know how to ask its runner for one",
			})
		}
	}
	var err error
	job.Graph, err = runner.NewGraph(steps)
	return r, err
}

// isTest tells whether a target runs tests, of which a report is expected.
func isTest(target string) bool { return target == "test" || strings.HasPrefix(target, "test-") }

// asked is the step with the arguments and variables that make it leave its first report. Arguments reach a script as "$@".
func (r *reports) asked(s runner.Step) runner.Step {
	first := s.Plan.Reports[0]
	s.Plan.NoCache = true
	s.Report = r.raw(s)
	_ = os.Remove(s.Report) // of a run that was killed
	s.Args = slices.Concat(first.Args, s.Args)
	s.Plan.Env = maps.Clone(s.Plan.Env)
	for name, value := range first.Env {
		if s.Plan.Env == nil {
			s.Plan.Env = map[string]string{}
		}
		s.Plan.Env[name] = value
	}
	return s
}

// raw is the file in which a step leaves its report as its tool writes it.
func (r *reports) raw(s runner.Step) string { return r.file(s, ".raw") }

func (r *reports) file(s runner.Step, extension string) string {
	name := strings.Map(func(c rune) rune {
		if strings.ContainsRune(`/\:*?"<>| `, c) {
			return '-'
		}
		return c
	}, s.ID)
	return filepath.Join(r.dir, name+extension)
}

// wrap returns a Runner that also collects.
func (r *reports) wrap(next runner.Runner) runner.Runner {
	if r.dir == "" {
		return next
	}
	return &collecting{Runner: next, reports: r}
}

// collecting is a Runner that collects the report of each step behind it.
type collecting struct {
	runner.Runner
	reports *reports
}

func (c *collecting) Run(ctx context.Context, s runner.Step, emit func(ui.Event)) runner.Result {
	if len(s.Plan.Reports) == 0 {
		return c.Runner.Run(ctx, s, emit)
	}
	first := s.Plan.Reports[0]
	printed := &printed{emit: emit, step: s.ID}
	printed.wanted, printed.both = runner.ReportStreams(s)
	if first.Format == plan.FormatGoTestJSON && first.Stdout {
		printed.text = report.GoTestText(eventWriter{emit, s.ID})
	}
	result := c.Runner.Run(ctx, s, printed.event)
	printed.close()
	if result.Status == ui.StatusOK || result.Status == ui.StatusFailed {
		c.reports.keep(s, first, printed.buffer.Bytes(), emit)
	}
	return result
}

// keep converts the report of a step, or several, and writes them.
func (r *reports) keep(s runner.Step, from plan.Report, text []byte, emit func(ui.Event)) {
	all, err := [][]byte{text}, error(nil)
	if _, whole := os.Stat(r.raw(s)); !from.Stdout || whole == nil {
		all, err = r.left(s, from) // also where it was printed in a container, of which not all may have come
	}
	for i, data := range all {
		name := r.file(s, report.Extension(from.Format))
		if i > 0 {
			name = r.file(s, fmt.Sprintf("-%d%s", i+1, report.Extension(from.Format)))
		}
		if data, err = report.Convert(from.Format, []byte(r.mask.Text(string(data))), s.ID); err == nil {
			err = os.WriteFile(name, data, 0o666)
		}
	}
	if err != nil {
		emit(ui.Event{Type: ui.EventWarning, Step: s.ID, Text: "it left no report: " + err.Error()})
	}
}

// left are the reports that a step left in files.
func (r *reports) left(s runner.Step, from plan.Report) (all [][]byte, err error) {
	names := []string{r.raw(s)}
	if from.Path == "" {
		defer os.Remove(names[0])
	} else if names, err = filepath.Glob(filepath.Join(r.root, filepath.FromSlash(from.Path))); err == nil && names == nil {
		err = fmt.Errorf("there is no %s", from.Path)
	}
	for _, name := range names {
		data, failed := os.ReadFile(name)
		all, err = append(all, data), errors.Join(err, failed)
	}
	return all, err
}

// printed keeps what a step prints, and passes it on as a person would want it.
type printed struct {
	emit   func(ui.Event)
	step   string
	wanted bool
	both   bool           // the report is on standard error too
	text   io.WriteCloser // what turns standard output into text for a person; nil for as it is
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (p *printed) event(e ui.Event) {
	if e.Type != ui.EventOutput || !p.wanted {
		p.emit(e)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if e.Stream == "stdout" || p.both {
		p.buffer.WriteString(e.Text)
	}
	if p.text == nil || e.Stream != "stdout" {
		p.emit(e)
		return
	}
	_, _ = io.WriteString(p.text, e.Text) // it writes to events, which take everything
}

func (p *printed) close() {
	if p.text != nil {
		_ = p.text.Close()
	}
}

// eventWriter emits what is written to it as the output of a step.
type eventWriter struct {
	emit func(ui.Event)
	step string
}

func (w eventWriter) Write(b []byte) (int, error) {
	w.emit(ui.Event{Type: ui.EventOutput, Step: w.step, Stream: "stdout", Text: string(b)})
	return len(b), nil
}
