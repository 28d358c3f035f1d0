package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/jstemmer/go-junit-report/v2/junit"
)

// A suite has the tests of one package, binary or file.
type suite struct {
	name    string
	time    string // when it began, RFC 3339; empty if unknown
	seconds float64
	cases   []testCase
	output  string // output that belongs to no test
}

// A testCase is one test and how it ended.
type testCase struct {
	class, name string
	outcome     outcome
	message     string // one line, for all but passed
	text        string // all that was printed about it
	seconds     float64
}

type outcome int

const (
	passed  outcome = iota
	failed          // it ran, and found a fault
	errored         // it could not run, or did not end
	skipped
)

// render writes suites as JUnit XML.
func render(name string, suites []suite) ([]byte, error) {
	all := junit.Testsuites{Name: xmlText(name)}
	for i, s := range suites {
		js := s.junit()
		js.ID = i
		all.AddSuite(js)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	err := all.WriteXML(&b)
	return b.Bytes(), err
}

func (s suite) junit() junit.Testsuite {
	js := junit.Testsuite{Name: xmlText(s.name), Timestamp: s.time}
	sum := 0.0
	for _, c := range s.cases {
		js.AddTestcase(c.junit())
		sum += c.seconds
	}
	if s.seconds == 0 {
		s.seconds = sum
	}
	js.Time = fmt.Sprintf("%.3f", s.seconds)
	if s.output != "" {
		js.SystemOut = &junit.Output{Data: xmlText(s.output)}
	}
	return js
}

func (c testCase) junit() junit.Testcase {
	jc := junit.Testcase{Classname: xmlText(c.class), Name: xmlText(c.name),
		Time: fmt.Sprintf("%.3f", c.seconds)}
	result := &junit.Result{Message: xmlText(c.message), Data: xmlText(c.text)}
	switch c.outcome {
	case failed:
		jc.Failure = result
	case errored:
		jc.Error = result
	case skipped:
		jc.Skipped = result
	default:
		if c.text != "" {
			jc.SystemOut = &junit.Output{Data: xmlText(c.text)}
		}
	}
	return jc
}

var escapes = lazy(`\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-Z\\^_])`)

// xmlText removes colours, and replaces what XML cannot hold.
func xmlText(text string) string {
	if strings.Contains(text, "\x1b") {
		text = escapes().ReplaceAllString(text, "")
	}
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r != 0xfffe && r != 0xffff {
			return r
		}
		return utf8.RuneError
	}, text)
}
