// Package report turns what test runners leave into JUnit XML, the one form that every CI system reads.
//
// A runner's output is read for what it says and no more: a test that failed is a failing case with all that was printed
// about it, what could not even be built or loaded is an error case, and so is whatever had begun and did not end. Output
// that was cut off, because the step was killed, still gives all that stands before the cut. So parsers never refuse a line
// that they do not know; they refuse only a report that says nothing at all (ErrEmpty).
//
// It knows no step, no file and no clock: bytes go in, bytes come out.
package report

import (
	"errors"
	"fmt"

	"github.com/davit-dev/davit/plugins/plan"
)

// ErrEmpty is the error of Convert for output in which there is no test: nothing was run, or it is of another format.
var ErrEmpty = errors.New("there are no tests in it")

// parsers are the formats that are converted.
var parsers = map[string]func(data []byte, name string) []suite{
	plan.FormatGoTestJSON: goTests,
	plan.FormatTAP:        tapTests,
	plan.FormatLibtest:    libTests,
	plan.FormatUnittest:   unitTests,
}

// Convert converts a report of one of the formats of plans to JUnit XML. The name becomes that of the whole report, and of tests that have
// no other. A report that is JUnit XML, SARIF or Checkstyle already is checked and returned as it is. The errors are ErrEmpty, an unknown
// format, and a broken report of those three formats.
func Convert(format string, data []byte, name string) ([]byte, error) {
	if check, ok := checks[format]; ok {
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

// Extension is how the name of the file ends that Convert's answer belongs in.
func Extension(format string) string {
	switch format {
	case plan.FormatSARIF:
		return ".sarif"
	case plan.FormatCheckstyle:
		return ".checkstyle.xml"
	}
	return ".xml"
}
