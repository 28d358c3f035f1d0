package app

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// TestOneFileHasAllThatLintersSay: the runs of tools that write SARIF, and the findings of the others. Only what is not in
// that file is a report of its own.
func TestOneFileHasAllThatLintersSay(t *testing.T) {
	r := &reports{dir: t.TempDir()}
	lint := func(id, target, status string, reports map[string][]byte, found ...ui.Event) (names []string) {
		t.Helper()
		others, err := r.lint(runner.Step{ID: id, Targets: []string{target}, Effect: runner.Reads}, runner.Result{Status: status, Reports: reports}, found)
		if err != nil {
			t.Fatal(err)
		}
		for name := range others {
			names = append(names, name)
		}
		return names
	}
	lint("b:vet", "style", ui.StatusFailed, nil, ui.Event{File: "a.go", Line: 3, Text: "bad"})
	lint("a:scan", "security-sast", ui.StatusCached, map[string][]byte{"a-scan.sarif": []byte(`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"scan"}}}]}`)})
	if names := lint("c:old", "style", ui.StatusOK, map[string][]byte{"c-old.sarif": []byte(`{"version":"1.0","runs":[]}`)}); !slices.Equal(names, []string{"c-old.sarif"}) {
		t.Errorf("the reports of an old version are %v", names)
	}
	if names := lint("t:test", "test", ui.StatusFailed, map[string][]byte{"t-test.xml": nil}, ui.Event{File: "a.go", Line: 1}); !slices.Equal(names, []string{"t-test.xml"}) {
		t.Errorf("the reports of tests are %v", names)
	}
	lint("d:vet", "style", ui.StatusNotRun, nil)
	data, err := os.ReadFile(filepath.Join(r.dir, sarifFile))
	if err != nil {
		t.Fatal(err)
	}
	var log struct {
		Version string
		Runs    []struct {
			Tool    struct{ Driver struct{ Name string } }
			Results []any
		}
	}
	if err := json.Unmarshal(data, &log); err != nil {
		t.Fatal(err)
	}
	var names []string
	results := 0
	for _, run := range log.Runs {
		names, results = append(names, run.Tool.Driver.Name), results+len(run.Results)
	}
	if log.Version != "2.1.0" || !slices.Equal(names, []string{"scan", "b:vet", "c:old"}) || results != 1 {
		t.Errorf("%s", data)
	}
}
