package report

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins/plan"
)

// TestSARIFOfFindingsIsReadAgain: what is written says what was found.
func TestSARIFOfFindingsIsReadAgain(t *testing.T) {
	found := []Finding{
		{File: "a b/ä%.go", Line: 3, Column: 5, Message: "x <is> \"bad\""}, {File: "c.go", Line: 1, Message: "y", Warning: true}, {File: "d.go", Message: "z"},
	}
	data := SARIF([]json.RawMessage{SARIFRun("go:vet", found), SARIFRun("go:lint", nil)})
	if err := checkJSON(data); err != nil {
		t.Fatal(err)
	}
	if got := Found(plan.FormatSARIF, data, nil); !reflect.DeepEqual(got, found) {
		t.Errorf("got %+v, wanted %+v", got, found)
	}
	if runs, ok := SARIFRuns(data, "other"); !ok || len(runs) != 2 || !strings.Contains(string(runs[0]), `"go:vet/"`) {
		t.Errorf("%v: %s", ok, runs)
	}
}

func TestSARIFRunsAreThoseOfTheirTools(t *testing.T) {
	const tool = `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"scan"}},"properties":{"n":12345678901234567890},"results":[]}]}`
	runs, ok := SARIFRuns([]byte(tool), "acme:scan")
	want := `{"automationDetails":{"id":"acme:scan/"},"properties":{"n":12345678901234567890},"results":[],"tool":{"driver":{"name":"scan"}}}`
	if !ok || len(runs) != 1 || string(runs[0]) != want {
		t.Errorf("%v: %s, wanted %s", ok, runs, want)
	}
	for _, bad := range []string{``, `{}`, `{"version":"2.0.0","runs":[]}`, `{"version":"2.1.0","runs":[null]}`, `{"version":"2.1.0","runs":[3]}`} {
		if runs, ok := SARIFRuns([]byte(bad), "x"); ok {
			t.Errorf("%s has the runs %s", bad, runs)
		}
	}
}

func TestAddFiles(t *testing.T) {
	of := func(c Case) string {
		if c.Name == "unknown" {
			return ""
		}
		return c.Class + `/"` + c.Name + strings.TrimSpace(c.Text) + ".x"
	}
	for text, want := range map[string]string{
		`<testsuite><testcase name="a" classname="k"/></testsuite>`:          `<testsuite><testcase file="k/&#34;a.x" name="a" classname="k"/></testsuite>`,
		`<a:testcase name="b"><failure message="m">t</failure></a:testcase>`: `<a:testcase file="/&#34;bm&#xA;t.x" name="b"><failure message="m">t</failure></a:testcase>`,
		// of another encoding than UTF-8 nothing is known
		`<?xml version="1.0" encoding="ISO-8859-1"?><testcase name="` + "\xe4" + `"/>`: `<?xml version="1.0" encoding="ISO-8859-1"?><testcase name="` + "\xe4" + `"/>`,
		`<testcase file="own" name="a"/>`:                                              `<testcase file="own" name="a"/>`,
		`<testcase name="unknown"/><!-- <testcase name="c" -->`:                        `<testcase name="unknown"/><!-- <testcase name="c" -->`,
		``: ``,
	} {
		if got := string(AddFiles([]byte(text), of)); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
