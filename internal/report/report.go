// Package report converts the output of test runners to JUnit XML, the one format that every CI system reads.
// It is the counterpart of go-junit-report and its like, for the runners that davit knows.
//
// Parsers take the output of a runner at its word: a test that failed is a failing case with everything
// printed about it; what could not be built or loaded is an error case, and so is a test that started and did
// not end. Output that was cut off, because the step was killed, still counts up to the cut. So parsers never
// refuse an unknown line; they only refuse a report without any test (ErrEmpty).
//
// The package knows no steps, files or clock: it converts bytes to bytes.
package report

import (
	"errors"
	"fmt"

	"github.com/davit-dev/davit/plugins/plan"
)

// ErrEmpty is the error of Convert for output without any test: nothing was run, or it has another format.
var ErrEmpty = errors.New("there are no tests in it")

// parsers convert the formats that are not JUnit XML.
var parsers = map[string]func(data []byte, name string) []suite{
	plan.FormatGoTestJSON: goTests,
	plan.FormatTAP:        tapTests,
	plan.FormatLibtest:    libTests,
	plan.FormatUnittest:   unitTests,
}

// Convert converts a report of one of the formats of plans to JUnit XML. The name becomes that of the whole
// report, and of tests that have no other. A report that is JUnit XML, SARIF or Checkstyle already is checked
// and returned as it is. The errors are ErrEmpty, an unknown format, and a broken report of those three
// formats.
func Convert(format string, data []byte, name string) ([]byte, error) {
	if check, ok := validators[format]; ok {
		if err := check(data); err != nil {
			return nil, fmt.Errorf("%s report: %w", format, err)
		}
		return data, nil
	}
	parse, ok := parsers[format]
	if !ok {
		return nil, fmt.Errorf("unknown report format %q", format)
	}
	suites := parse(data, name)
	if len(suites) == 0 {
		return nil, fmt.Errorf("%s report: %w", format, ErrEmpty)
	}
	return render(name, suites)
}

// Extension returns the extension of a file with the result of Convert.
func Extension(format string) string {
	switch format {
	case plan.FormatSARIF:
		return ".sarif"
	case plan.FormatCheckstyle:
		return ".checkstyle.xml"
	}
	return ".xml"
}
