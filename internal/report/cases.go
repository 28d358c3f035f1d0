package report

import (
	"bytes"
	"encoding/xml"
	"slices"
)

// CountCases counts the cases of a report in JUnit XML; known is false if it is none.
func CountCases(junit []byte) (n Counts, known bool) {
	d := xml.NewDecoder(bytes.NewReader(junit))
	d.CharsetReader = latin1
	for {
		t, err := d.Token()
		if err != nil {
			return n, known
		}
		e, ok := t.(xml.StartElement)
		switch {
		case !ok:
		case e.Name.Local == "testsuites" || e.Name.Local == "testsuite":
			known = true
		case e.Name.Local == "testcase" && !standsForNone(e):
			n = n.Plus(countCase(d, e))
		}
	}
}

// countCase counts one case, of which the start has been read. A case with a fault and its repetition is one.
func countCase(d *xml.Decoder, start xml.StartElement) Counts {
	how := passed
	if has(start, "status", "notrun", "disabled") { // as GoogleTest and CTest say it
		how = skipped
	}
	for depth := 1; depth > 0; {
		t, err := d.Token()
		if err != nil {
			return Counts{Failed: 1} // it was cut off
		}
		switch e := t.(type) {
		case xml.StartElement:
			depth++
			if o := caseOutcome(e); o == failed || how == passed {
				how = o
			}
		case xml.EndElement:
			depth--
		}
	}
	return countOf(how)
}

// standsForNone reports whether a case is no test: PHPUnit before 10 has one for a class without tests.
func standsForNone(start xml.StartElement) bool {
	return has(start, "name", "Warning") && !slices.ContainsFunc(start.Attr, func(a xml.Attr) bool { return a.Name.Local == "classname" })
}

func has(e xml.StartElement, attribute string, values ...string) bool {
	return slices.ContainsFunc(e.Attr, func(a xml.Attr) bool { return a.Name.Local == attribute && slices.Contains(values, a.Value) })
}

// caseOutcome returns what an element of a case says of it. A test that PHPUnit calls risky, as it asserts nothing, has not
// passed, and is no failure.
func caseOutcome(e xml.StartElement) outcome {
	risky := has(e, "type", `PHPUnit\Framework\RiskyTestError`)
	switch {
	case e.Name.Local == "skipped", e.Name.Local == "error" && risky:
		return skipped
	case e.Name.Local == "failure", e.Name.Local == "error":
		return failed
	}
	return passed
}

// countOf returns the counts of one test.
func countOf(how outcome) Counts {
	switch how {
	case passed:
		return Counts{Passed: 1}
	case skipped:
		return Counts{Skipped: 1}
	}
	return Counts{Failed: 1}
}
