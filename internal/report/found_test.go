package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins/plan"
)

func TestFound(t *testing.T) {
	for name, c := range map[string]struct{ format, data, want string }{
		"sarif": {plan.FormatSARIF, `{"version": "2.1.0", "runs": [{"results": [
			{"ruleId": "G1", "level": "error", "message": {"text": "is bad"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a%20b.go"}, "region": {"startLine": 3, "startColumn": 5}}}]},
			{"message": {"text": "nowhere"}},
			{"level": "note", "message": {"text": "hm"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "file:///x/c.go"}, "region": {"startLine": 1}}}]}]}]}`,
			"a b.go:3:5 is bad (G1)|/x/c.go:1:0 hm!"},
		"checkstyle": {plan.FormatCheckstyle, `<checkstyle><file name="a.js"><error line="3" column="5" severity="error" message="is bad"/><error line="4" severity="warning" message="hm"/></file></checkstyle>`,
			"a.js:3:5 is bad|a.js:4:0 hm!"},
		"junit with a place": {plan.FormatJUnit, `<testsuites><testsuite><testcase name="ok" file="a.js" line="1"/><testcase name="bad" file="a.js" line="7"><failure message="want 3"/></testcase></testsuite></testsuites>`,
			"a.js:7:0 bad: want 3"},
		"junit of Maven": {plan.FormatJUnit, "<testsuite><testcase name=\"bad\"><failure message=\"want 3\">java.lang.AssertionError: want 3\n\tat org.junit.Assert.fail(Assert.java:89)\n\tat x.BadTest.bad(BadTest.java:12)\n</failure></testcase></testsuite>",
			"BadTest.java:12:0 java.lang.AssertionError: want 3"},
		"junit without a place": {plan.FormatJUnit, `<testsuite><testcase name="bad"><error>is bad</error></testcase>`, ""},
		"garbage":               {plan.FormatSARIF, "{", ""},
		"garbage of XML":        {plan.FormatCheckstyle, "<", ""},
	} {
		var got []string
		for _, f := range Found(c.format, []byte(c.data), func(file string) bool { return file != "Assert.java" }) {
			text := fmt.Sprintf("%s:%d:%d %s", f.File, f.Line, f.Column, f.Message)
			if f.Warning {
				text += "!"
			}
			got = append(got, text)
		}
		if all := strings.Join(got, "|"); all != c.want {
			t.Errorf("%s:\ngot  %q\nwant %q", name, all, c.want)
		}
	}
}
