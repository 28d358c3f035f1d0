package report

import (
	"bytes"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// Counts are the numbers of the tests of a run, by how they ended.
type Counts struct{ Passed, Failed, Skipped int }

// Total returns the number of all tests.
func (c Counts) Total() int { return c.Passed + c.Failed + c.Skipped }

// Plus adds other numbers.
func (c Counts) Plus(o Counts) Counts {
	return Counts{c.Passed + o.Passed, c.Failed + o.Failed, c.Skipped + o.Skipped}
}

// A Counter counts tests in what a test runner prints while it runs. What counts as one test is what the runner
// itself counts in the totals at the end of its output. Go prints none: of the stream of go test -json each test
// and each subtest counts, and each repetition, as in gotestsum.
type Counter struct {
	format  string
	parse   lineCounter
	partial map[string]*bytes.Buffer // by stream, the line that has not ended
	broken  bool
}

// A lineCounter counts tests in lines without their ends.
type lineCounter interface {
	line(text string)
	// counts returns what has been counted; known is false if no totals have come.
	counts() (c Counts, known bool)
}

// maxLine is how many bytes of one line are kept. A longer line of go test -json makes its counts unknown.
const maxLine = 1 << 20

// NewCounter returns a Counter for a format of reports or a test runner of plans; nil for one that cannot be counted.
func NewCounter(format string) *Counter {
	parse := newLineCounter(format)
	if parse == nil {
		return nil
	}
	return &Counter{format: format, parse: parse, partial: map[string]*bytes.Buffer{}}
}

func newLineCounter(format string) lineCounter {
	switch {
	case format == plan.FormatGoTestJSON:
		return &goCounter{packages: map[string]*goCounts{}}
	case format == plan.FormatUnittest:
		return &unittestTotals{}
	case format == plan.FormatTAP:
		return &tapCounter{}
	case totalLines()[format] != nil:
		return &totals{totalsFormat: *totalLines()[format]}
	}
	return nil
}

// Counted reports whether there is a Counter for a format of reports or a test runner of plans.
func Counted(format string) bool { return newLineCounter(format) != nil }

// Add adds what was printed on a stream: pieces of any size.
func (c *Counter) Add(stream, text string) {
	partial := c.partial[stream]
	if partial == nil {
		partial = &bytes.Buffer{}
		c.partial[stream] = partial
	}
	for {
		piece, rest, ended := strings.Cut(text, "\n")
		if partial.WriteString(piece); !ended {
			break
		}
		c.line(partial.String())
		partial.Reset()
		text = rest
	}
	if partial.Len() > maxLine {
		c.broken = true
		partial.Reset()
	}
}

func (c *Counter) line(line string) {
	line = strings.TrimRight(line, "\r")
	if c.format != plan.FormatGoTestJSON && strings.Contains(line, "\x1b") {
		line = escapes().ReplaceAllString(line, "")
	}
	c.parse.line(line)
}

// Counts returns the numbers of tests of output that has ended; known is false if the runner printed no totals.
func (c *Counter) Counts() (n Counts, known bool) {
	for _, stream := range []string{"stderr", "stdout"} {
		if p := c.partial[stream]; p != nil && p.Len() > 0 {
			c.line(p.String())
			p.Reset()
		}
	}
	n, known = c.parse.counts()
	return n, known && !(c.broken && c.format == plan.FormatGoTestJSON)
}
