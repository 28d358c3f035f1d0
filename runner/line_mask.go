package runner

import "strings"

// A LineMask hides the values of secrets in lines that come one after the other, also where a line ends within one,
// as in base64. A line that may end with the beginning of a value is passed on with the next one.
type LineMask struct {
	stream streamMask
	line   string // the masked beginning of one that has not ended
	passed []func(line string)
}

// minHeld is the length from which the end of a line is taken for the beginning of a value: shorter ones are at the
// end of any line, and would keep it from being shown.
const minHeld = 5

// Lines returns a mask for the lines of one stream.
func (m *Mask) Lines() *LineMask { return &LineMask{stream: streamMask{mask: m}} }

// Pass masks a line and calls pass with it, at once or with one of the next lines. Two lines that have a value between
// them become one.
func (l *LineMask) Pass(line string, pass func(line string)) {
	l.passed = append(l.passed, pass)
	text := l.stream.pass(line + "\n")
	if len(l.stream.held) < minHeld {
		text += l.stream.rest()
	}
	l.give(text)
}

// Rest passes on what was held back.
func (l *LineMask) Rest() {
	if l.give(l.stream.rest()); len(l.passed) > 0 {
		l.give("\n")
	}
}

// give passes on the lines that have ended.
func (l *LineMask) give(text string) {
	lines := strings.Split(l.line+text, "\n")
	last := len(lines) - 1
	for _, line := range lines[:last] {
		l.passed[0](line)
		l.passed = l.passed[1:]
	}
	if l.line = lines[last]; l.line == "" && len(l.stream.held) == 0 {
		l.passed = nil
	}
}
