package report

import (
	"bytes"
	"encoding/xml"
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
		case e.Name.Local == "testcase":
			n = n.Plus(countCase(d))
		}
	}
}

// countCase counts one case, of which the start has been read. A case with a fault and its repetition is one.
func countCase(d *xml.Decoder) Counts {
	how := passed
	for depth := 1; depth > 0; {
		t, err := d.Token()
		if err != nil {
			return Counts{Failed: 1} // it was cut off
		}
		switch e := t.(type) {
		case xml.StartElement:
			depth++
			if o := caseOutcome(e.Name.Local); o == failed || how == passed {
				how = o
			}
		case xml.EndElement:
			depth--
		}
	}
	return countOf(how)
}

func caseOutcome(element string) outcome {
	switch element {
	case "failure", "error":
		return failed
	case "skipped":
		return skipped
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
