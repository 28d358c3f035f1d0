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

// reports collects the machine-readable reports of steps in one folder: ID.xml for each, with "-" for
// characters that file names cannot have, and ID-2.xml and so on if a step writes several files.
type reports struct {
	root string
	dir  string
	// silent are warnings about tests that write no report.
	silent []ui.Event
	// mask removes secrets from them.
	mask *runner.Mask
}

// newReports changes the steps of a job so that they write reports, and run even if their result is cached.
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
			steps[i] = r.withReport(steps[i])
		} else if slices.ContainsFunc(steps[i].Targets, isTest) {
			r.silent = append(r.silent, ui.Event{
				Type: ui.EventWarning, Step: steps[i].ID,
				Text: "leaves no report: davit does not know how to ask its runner for one",
			})
		}
	}
	var err error
	job.Graph, err = runner.NewGraph(steps)
	return r, err
}

// isTest reports whether a target runs tests, of which a report is expected.
func isTest(target string) bool { return target == "test" || strings.HasPrefix(target, "test-") }

// withReport returns the step with the arguments and variables that make it write its first report. Arguments
// reach a script as "$@".
func (r *reports) withReport(s runner.Step) runner.Step {
	first := s.Plan.Reports[0]
	s.Plan.NoCache = true
	s.Report = r.rawFile(s)
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

// rawFile returns the file for the report of a step as its tool writes it.
func (r *reports) rawFile(s runner.Step) string { return r.file(s, ".raw") }

func (r *reports) file(s runner.Step, extension string) string {
	name := strings.Map(func(c rune) rune {
		if strings.ContainsRune(`/\:*?"<>| `, c) {
			return '-'
		}
		return c
	}, s.ID)
	return filepath.Join(r.dir, name+extension)
}

// wrap returns a Runner that also collects reports.
func (r *reports) wrap(next runner.Runner) runner.Runner {
	if r.dir == "" {
		return next
	}
	return &collecting{Runner: next, reports: r}
}

// collecting is a Runner that collects the report of each step after it has run.
type collecting struct {
	runner.Runner
	reports *reports
}

func (c *collecting) Run(ctx context.Context, s runner.Step, emit func(ui.Event)) runner.Result {
	if len(s.Plan.Reports) == 0 {
		return c.Runner.Run(ctx, s, emit)
	}
	first := s.Plan.Reports[0]
	printed := &outputCollector{emit: emit, step: s.ID}
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

// keep converts the reports of a step and writes them.
func (r *reports) keep(s runner.Step, from plan.Report, text []byte, emit func(ui.Event)) {
	all, err := [][]byte{text}, error(nil)
	if _, whole := os.Stat(r.rawFile(s)); !from.Stdout || whole == nil {
		// also for a step in a container, of whose output not all may have come
		all, err = r.readFiles(s, from)
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

// readFiles returns the reports that a step wrote to files.
func (r *reports) readFiles(s runner.Step, from plan.Report) (all [][]byte, err error) {
	names := []string{r.rawFile(s)}
	if from.Path == "" {
		defer os.Remove(names[0])
	} else if names, err = filepath.Glob(filepath.Join(r.root, filepath.FromSlash(from.Path))); err == nil &&
		names == nil {
		err = fmt.Errorf("there is no %s", from.Path)
	}
	for _, name := range names {
		data, failed := os.ReadFile(name)
		all, err = append(all, data), errors.Join(err, failed)
	}
	return all, err
}

// An outputCollector keeps the output of a step, and passes it on in a form for people.
type outputCollector struct {
	emit   func(ui.Event)
	step   string
	wanted bool
	both   bool           // the report is on standard error too
	text   io.WriteCloser // turns standard output into text for people; nil passes it on as it is
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (p *outputCollector) event(e ui.Event) {
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
	_, _ = io.WriteString(p.text, e.Text) // writing to events cannot fail
}

func (p *outputCollector) close() {
	if p.text != nil {
		_ = p.text.Close()
	}
}

// An eventWriter emits what is written to it as the output of a step.
type eventWriter struct {
	emit func(ui.Event)
	step string
}

func (w eventWriter) Write(b []byte) (int, error) {
	w.emit(ui.Event{Type: ui.EventOutput, Step: w.step, Stream: "stdout", Text: string(b)})
	return len(b), nil
}
