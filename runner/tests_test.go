package runner

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
)

func ran(status string, tests *ui.Tests) func(context.Context) Result {
	return func(context.Context) Result { return Result{Status: status, Tests: tests} }
}

// uncountedRun is a step of tests whose result an engine had.
func uncountedRun(context.Context) Result { return Result{Status: ui.StatusCached, Uncounted: true} }

// Each run has a step "unit" and a step "other", which is a test too.
func TestARunWithoutATest(t *testing.T) {
	none, some := &ui.Tests{}, &ui.Tests{Passed: 2, Skipped: 1}
	for name, c := range map[string]struct {
		unit, other func(context.Context) Result
		selected    bool
		want        string
		tests       *ui.Tests
	}{
		"none ran":                      {ran(ui.StatusSkipped, none), ran(ui.StatusSkipped, none), false, "failed, error", none},
		"one ran some":                  {ran(ui.StatusSkipped, none), ran(ui.StatusOK, some), false, "ok", some},
		"one is not counted":            {ran(ui.StatusSkipped, none), ran(ui.StatusCached, nil), false, "ok", none},
		"an engine had one":             {ran(ui.StatusOK, some), uncountedRun, false, "ok, note", some},
		"one left out a module":         {func(context.Context) Result { return Result{Status: ui.StatusOK, Tests: some, Untested: []string{"."}} }, ran(ui.StatusOK, some), false, "ok, note", &ui.Tests{Passed: 2 * some.Passed, Failed: 2 * some.Failed, Skipped: 2 * some.Skipped}},
		"one was not needed":            {ran(ui.StatusSkipped, none), ran(ui.StatusSkipped, nil), false, "failed, error", none},
		"the user selects none":         {ran(ui.StatusSkipped, none), ran(ui.StatusSkipped, none), true, "ok, note", none},
		"nothing is counted":            {ran(ui.StatusOK, nil), ran(ui.StatusOK, nil), false, "ok", nil},
		"all are skipped by themselves": {ran(ui.StatusOK, &ui.Tests{Skipped: 1}), ran(ui.StatusSkipped, none), false, "ok", &ui.Tests{Skipped: 1}},
		"one failed":                    {ran(ui.StatusSkipped, none), ran(ui.StatusFailed, none), false, "failed", none},
	} {
		f := newFake()
		f.do["unit"], f.do["other"] = c.unit, c.other
		all := steps("unit other")
		all[0].Targets, all[1].Targets = []string{"test-unit"}, []string{"test"}
		g, err := NewGraph(all)
		if err != nil {
			t.Fatal(err)
		}
		said := ""
		s := Run(t.Context(), g, f, Options{Targets: []string{"test"}, Selected: c.selected, Events: func(e ui.Event) {
			switch {
			case e.Type == ui.EventError && strings.HasPrefix(e.Text, "no test ran: the runner of ") && e.Hint != "":
				said = ", error"
			case e.Type == ui.EventEnd && len(e.Caveats) > 0:
				said = ", note"
			}
		}})
		if got := s.Status + said; got != c.want {
			t.Errorf("%s: got %s, wanted %s", name, got, c.want)
		}
		if (s.Tests == nil) != (c.tests == nil) || s.Tests != nil && *s.Tests != *c.tests {
			t.Errorf("%s: got %+v, wanted %+v", name, s.Tests, c.tests)
		}
	}
}

func TestCounting(t *testing.T) {
	goTests := []plan.Report{{Format: plan.FormatGoTestJSON, Stdout: true, Args: []string{"-json"}}}
	for name, c := range map[string]struct {
		step Step
		want []string
	}{
		"go":                   {Step{Plan: plan.Step{Reports: goTests}}, []string{plan.FormatGoTestJSON, "-json"}},
		"go, selected":         {Step{Plan: plan.Step{Reports: goTests}, Args: []string{"-run", "A", "-count=2", "./..."}}, []string{plan.FormatGoTestJSON, "-json"}},
		"go, verbose":          {Step{Plan: plan.Step{Reports: goTests}, Args: []string{"-run", "A", "-v"}}, []string{""}},
		"go in a container":    {Step{Plan: plan.Step{Reports: goTests}, Where: InContainer}, []string{plan.FormatGoTestJSON, "-json"}},
		"on a terminal":        {Step{Plan: plan.Step{Reports: goTests, Interactive: true}}, []string{""}},
		"totals":               {Step{Plan: plan.Step{TestRunner: "pytest", Reports: []plan.Report{{Format: "junit", Args: []string{"--junit-xml={report}"}}}}}, []string{"pytest"}},
		"printed":              {Step{Plan: plan.Step{Reports: []plan.Report{{Format: "unittest", Stdout: true, Args: []string{"-v"}}}}}, []string{"unittest"}},
		"printed if asked for": {Step{Plan: plan.Step{Reports: []plan.Report{{Format: "tap", Stdout: true, Args: []string{"--tap"}}}}}, []string{""}},
		"a file":               {Step{Plan: plan.Step{Reports: []plan.Report{{Format: "junit", Args: []string{"{report}"}}}}}, []string{""}},
		"no report":            {Step{}, []string{""}},
	} {
		c.step.Effect = Reads
		format, args := c.step.Counting()
		if got := append([]string{format}, args...); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, wanted %q", name, got, c.want)
		}
	}
}

// A result that was stored before tests were counted is that of another key, and one without counts can be read.
func TestTheWayToCountIsInTheKey(t *testing.T) {
	plain, counted := fingerprint{}, fingerprint{Counting: []string{"pytest"}}
	if plain.key() == counted.key() {
		t.Error("the keys are the same")
	}
	if got := counted.differences(plain); len(got) != 1 || got[0] != "way to count tests is pytest, was nothing" {
		t.Errorf("got %q", got)
	}
}
