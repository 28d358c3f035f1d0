package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/report"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// An earlier run leaves reports of tests that this run does not have, and classes inside of others have numbers of their
// own in no attribute: cases of what was written count.
func TestTestsAreCountedByTheReportsThatAStepWrote(t *testing.T) {
	r := &reports{root: t.TempDir(), mask: runner.NewMask(nil)}
	s := runner.Step{ID: "maven:test-unit", Plan: plan.Step{Reports: []plan.Report{
		{Format: plan.FormatJUnit, Path: "**/target/surefire-reports/TEST-*.xml"}}}}
	put := func(name, text string) {
		t.Helper()
		file := filepath.Join(r.root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("api/target/surefire-reports/TEST-Old.xml", `<testsuite tests="1"><testcase><failure/></testcase></testsuite>`)
	put("api/target/surefire-reports/TEST-Again.xml", `<testsuite tests="1"><testcase/></testsuite>`)
	before := r.written(s)
	if got := r.countWritten(s, before, func(ui.Event) {}); got != (report.Counts{}) {
		t.Errorf("a run that wrote nothing has %+v", got)
	}
	put("api/target/surefire-reports/TEST-Again.xml", `<testsuite tests="0"><testcase/><testcase><skipped/></testcase></testsuite>`)
	put("target/surefire-reports/TEST-New.xml", `<testsuite tests="0"><testcase/></testsuite>`)
	put("target/surefire-reports/summary.xml", `<testsuite><testcase/></testsuite>`)
	if got, want := r.countWritten(s, before, func(ui.Event) {}), (report.Counts{Passed: 2, Skipped: 1}); got != want {
		t.Errorf("got %+v, wanted %+v", got, want)
	}
	put("empty/target/surefire-reports/TEST-None.xml", `<testsuite tests="0"/>`)
	s.Plan.TestModules = []string{".", "api", "empty", "lib"}
	if got := strings.Join(r.untested(s, before), " "); got != "empty lib" {
		t.Errorf("no test ran of %s, wanted of empty and lib", got)
	}
}
