package app

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/report"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// sarifFile is the name of the file with what all linters and scanners of a run say.
const sarifFile = "davit.sarif"

// isLint reports whether a step is that of a linter or scanner.
func isLint(s runner.Step) bool {
	return s.Effect == runner.Reads && slices.ContainsFunc(s.Targets, func(target string) bool {
		return target == "style" || target == "complexity" || strings.HasPrefix(target, "security")
	})
}

// lint adds what a step says to the file of SARIF: the runs of its own SARIF, or else its findings. It returns the reports that
// are not in that file.
func (r *reports) lint(s runner.Step, result runner.Result, found []ui.Event) (others map[string][]byte, err error) {
	var runs []json.RawMessage
	others = maps.Clone(result.Reports)
	for _, name := range slices.Sorted(maps.Keys(result.Reports)) {
		data := result.Reports[name]
		switch {
		case strings.HasSuffix(name, report.Extension(plan.FormatSARIF)):
			if own, ok := report.SARIFRuns(data, s.ID); ok {
				runs = append(runs, own...)
				delete(others, name)
			}
		case strings.HasSuffix(name, report.Extension(plan.FormatCheckstyle)) && r.places != nil:
			found = r.places.events(s, report.Found(plan.FormatCheckstyle, data, r.places.known(s)))
		}
	}
	judged := result.Status == ui.StatusOK || result.Status == ui.StatusCached || result.Status == ui.StatusFailed
	if len(runs) == 0 && isLint(s) && judged && r.dir != "" {
		runs = []json.RawMessage{report.SARIFRun(s.ID, findingsOf(found))}
	}
	if len(runs) == 0 {
		return others, nil
	}
	return others, r.writeSARIF(s.ID, runs)
}

// writeSARIF writes the file with the runs of the steps that have ended.
func (r *reports) writeSARIF(id string, runs []json.RawMessage) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.linted == nil {
		r.linted = map[string][]json.RawMessage{}
	}
	r.linted[id] = runs
	var all []json.RawMessage
	for _, id := range slices.Sorted(maps.Keys(r.linted)) {
		all = append(all, r.linted[id]...)
	}
	return os.WriteFile(filepath.Join(r.dir, sarifFile), report.SARIF(all), 0o666)
}

// findingsOf returns the findings of events.
func findingsOf(events []ui.Event) (all []report.Finding) {
	for _, e := range events {
		all = append(all, report.Finding{File: e.File, Line: e.Line, Column: e.Column, Message: e.Text, Warning: e.Level == "warning"})
	}
	return all
}
