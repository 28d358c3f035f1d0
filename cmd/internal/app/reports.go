package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/regular"
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
	// places are the files of the project that they name.
	places *places
	// plain are the steps as they are without reports, by id.
	plain map[string]runner.Step
	// env is the caller's environment.
	env []string

	mu     sync.Mutex
	linted map[string][]json.RawMessage // runs of SARIF, by step
}

// newReports changes the steps of a job so that they write reports. Without a folder it changes nothing, and the tests of
// the steps are only counted.
func newReports(root, dir string, env []string, job *Job) (*reports, error) {
	r := &reports{root: root, dir: dir, env: env, plain: map[string]runner.Step{}}
	if dir == "" {
		return r, nil
	}
	if err := r.makeDir(); err != nil {
		return nil, usage("", "the folder of --reports cannot be made: %v", err)
	}
	_ = os.Remove(filepath.Join(dir, sarifFile)) // of an earlier run, of other steps perhaps
	steps := job.Graph.Steps()
	for i := range steps {
		if len(steps[i].Plan.Reports) > 0 {
			r.plain[steps[i].ID] = steps[i]
			steps[i] = r.withReport(steps[i])
		} else if steps[i].Tests() {
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

// withReport returns the step with the arguments and variables that make it write its first report. Arguments
// reach a script as "$@".
func (r *reports) withReport(s runner.Step) runner.Step {
	first := s.Plan.Reports[0]
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

// keep converts the reports of a step, which it printed or wrote to files, and counts their cases; known is false if there
// are none. The error says what of them is missing.
func (r *reports) keep(
	s runner.Step, from plan.Report, text []byte, files []string, emit func(ui.Event),
) (kept map[string][]byte, sum report.Counts, known bool, err error) {
	kept = map[string][]byte{}
	all := [][]byte{text}
	if _, whole := os.Stat(r.rawFile(s)); !from.Stdout || whole == nil {
		// also for a step in a container, of whose output not all may have come
		all, err = r.readFiles(s, from, files)
	}
	for i, data := range all {
		name := r.file(s, report.Extension(from.Format))
		if i > 0 {
			name = r.file(s, fmt.Sprintf("-%d%s", i+1, report.Extension(from.Format)))
		}
		data, failed := report.Convert(from.Format, []byte(r.mask.Text(string(data))), s.ID)
		if failed == nil {
			data = r.withFiles(s, from.Format, data)
			kept[filepath.Base(name)] = data
			n, cases := report.CountCases(data)
			sum, known = sum.Plus(n), known || cases
			r.findings(s, from.Format, data, emit)
		}
		err = errors.Join(err, failed)
	}
	return kept, sum, known, err
}

// withFiles returns a report whose test cases have their files, if it is JUnit XML.
func (r *reports) withFiles(s runner.Step, format string, data []byte) []byte {
	if r.places == nil || report.Extension(format) != report.Extension(plan.FormatJUnit) {
		return data
	}
	return report.AddFiles(data, func(c report.Case) string { return r.places.testFile(s, c) })
}

// findings emits what a report says about files.
func (r *reports) findings(s runner.Step, format string, data []byte, emit func(ui.Event)) {
	if r.places == nil {
		return
	}
	for _, e := range r.places.events(s, report.Found(format, data, r.places.known(s))) {
		emit(e)
	}
}

// readFiles returns the reports that a step wrote to files: where davit told it to, or where its plan says.
func (r *reports) readFiles(s runner.Step, from plan.Report, names []string) (all [][]byte, err error) {
	if from.Path == "" {
		names = []string{r.rawFile(s)}
		defer os.Remove(names[0])
	} else if len(names) == 0 {
		err = fmt.Errorf("it wrote no %s", from.Path)
	}
	for _, name := range names {
		data, failed := regular.Read(name, regular.Lock)
		if err = errors.Join(err, failed); failed == nil {
			all = append(all, data)
		}
	}
	return all, err
}
