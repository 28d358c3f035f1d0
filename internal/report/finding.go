package report

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A Finding is what a compiler, linter, formatter or test says about a line of a file; Line is 0 for the whole file.
type Finding struct {
	// File is as the tool names it.
	File         string
	Line, Column int
	Message      string
	Warning      bool
	// Package is the one that a test of Go or a frame of Java is in, of whose file it gives the name alone: its folders.
	Package string
}

// maxFindings is how many findings of one output are kept: nobody reads more, and CI systems show fewer.
const maxFindings = 50

// A Scanner finds findings in the output of compilers, linters and tests, in the forms that most of them have in common.
type Scanner struct {
	known   func(file string) bool
	rest    string // a line that has not ended
	all     []Finding
	unowned int    // the findings from here on have no package yet
	message string // what a place follows
	place   Finding
	next    bool   // the next line is the message of the place
	heading string // a line that was nothing but a path, as ESLint prints before its findings
	last    string // the line before
}

// NewScanner returns a Scanner. What is said about a file that is not known is no finding: "12:30: done" has the form of
// one, too.
func NewScanner(known func(file string) bool) *Scanner { return &Scanner{known: known} }

// Add reads a piece of output.
func (s *Scanner) Add(output string) {
	s.rest += output
	for {
		line, after, ended := strings.Cut(s.rest, "\n")
		if !ended && len(line) < longestLine {
			return
		}
		s.rest = after
		s.line(plainLine(line))
	}
}

// longestLine is where a line is cut that does not end.
const longestLine = 1 << 16

// plainLine returns a line without colours, and without spaces at its end.
func plainLine(line string) string {
	if strings.Contains(line, "\x1b") {
		line = escapes().ReplaceAllString(line, "")
	}
	return strings.TrimRight(line, "\r ")
}

// Findings returns what was found.
func (s *Scanner) Findings() []Finding {
	if s.rest != "" {
		s.line(plainLine(s.rest))
		s.rest = ""
	}
	return s.all
}

// whole are the forms that have a place and a message, with groups for both: "bad_test.go:5: want 3, got 4",
// "vet: ./a.go:3:5: undefined: x", "src/a.ts:3:5 - error TS2322: x", "src/a.ts(3,5): error TS2322: x", and those of Maven,
// "[ERROR] /src/A.java:[3,5] cannot find symbol".
var whole = []func() *regexp.Regexp{
	lazy(`^\s*(?:vet: )?((?:[A-Za-z]:)?[^\s:"'()\[\]]+):(\d+)(?::(\d+))?(?::| -)\s+(.+)$`),
	lazy(`^\s*([^\s:"'()\[\]]+)\((\d+),(\d+)\): (.+)$`),
	lazy(`^\[(?:ERROR|WARNING)\] ([^\s:]+):\[(\d+),(\d+)\] (.+)$`),
}

// behind are the forms of a place whose message came before: "  --> src/main.rs:4:5", a frame of JavaScript,
// "    at Context.<anonymous> (file:///x/bad.test.js:2:29)", of Java, "	at x.ATest.bad(ATest.java:12)", and of Go, "	/x/a.go:3 +0x1d".
var behind = []func() *regexp.Regexp{
	lazy(`^\s*--> ([^\s:]+):(\d+):(\d+)$`),
	lazy(`^\s*at (?:.*\()?(?:file://)?([^\s()]+):(\d+):(\d+)\)?$`),
	lazy(`^\s*at [\w.$/@]+\(([\w$]+\.(?:java|kt|scala|groovy)):(\d+)()\)$`),
	lazy(`^\s+([^\s:]+\.go):(\d+)() \+0x[0-9a-f]+$`),
}

// ahead are the forms of a place whose message follows: a frame of Python, `  File "/x/test_bad.py", line 6, in test_bad`,
// "thread 'x' panicked at tests/bad.rs:3:5:", and that of testify, "    bad_test.go:5:".
var ahead = []func() *regexp.Regexp{
	lazy(`^\s*File "([^"]+)", line (\d+)()`),
	lazy(`panicked at ([^\s:]+):(\d+):(\d+):$`),
	lazy(`^\s*([^\s:"'()]+):(\d+)():$`),
}

// unformatted are the forms in which formatters name a file, and some of them a line: those of gofmt as davit calls it, rustfmt,
// "Diff in /src/main.rs:3:" or "… at line 3:", Black and Ruff, "would reformat a.py", and Prettier, "[warn] src/a.js".
var unformatted = []func() *regexp.Regexp{
	lazy(`^(\S+) is not formatted\b`),
	lazy(`^Diff in (.+?)(?::| at line )(\d+):$`),
	lazy(`^[Ww]ould reformat:? (\S+)$`),
	lazy(`^\[warn\] (\S+)$`),
}

var (
	// "AssertionError: is bad", "error[E0308]: mismatched types", "warning: unused variable", "E   assert 1 == 2"
	says = lazy(`^\s*(?:((?:error|warning)(?:\[\w+\])?: .+)|(\[?[\w.]*(?:Error|Exception)\b.*)|(panic: .+)|E   +(\S.*)|● (.+))$`)
	// "  3:5  error  'x' is not defined  no-undef"
	below = lazy(`^\s+(\d+):(\d+)\s+(error|warning)\s+(.+)$`)
	// "FAIL	example.com/shop/web	0.004s"
	ofPackage = lazy(`^(?:FAIL|ok)\s+([^\s:]+)(?:\s|$)`)
)

// line reads one line.
func (s *Scanner) line(line string) {
	if s.next {
		s.next = false
		s.found(s.place, strings.TrimSpace(line))
		return
	}
	if !s.placed(line) {
		s.said(line)
	}
	s.last = line
}

// placed reads a line that has a place.
func (s *Scanner) placed(line string) bool {
	if m, ok := match(whole, line); ok {
		message := m[4]
		if says().MatchString(message) && s.message != "" && !strings.Contains(message, " ") {
			message = s.message // of pytest: "tests/test_a.py:5: AssertionError", behind "E   assert 1 == 2"
		}
		return s.found(placeOf(m), message)
	}
	if m, ok := match(behind, line); ok {
		place, message := placeOf(m), s.message
		place.Package = packageOf(line)
		if message == "" && strings.Contains(line, "--> ") {
			message = s.last
		}
		return message != "" && s.found(place, message)
	}
	if m, ok := match(ahead, line); ok && s.known(m[1]) {
		s.place, s.message = placeOf(m), ""
		s.next = strings.Contains(line, "panicked at ")
		return true
	}
	if m, ok := match(unformatted, line); ok {
		return s.found(placeOf(m), "is not formatted")
	}
	if m := below().FindStringSubmatch(line); m != nil && s.heading != "" {
		return s.found(placeOf([]string{"", s.heading, m[1], m[2]}), m[3]+": "+strings.Join(strings.Fields(m[4]), " "))
	}
	return false
}

// inJava matches a frame of Java: "	at java.base/x.y.ATest$Inner.bad(ATest.java:12)" has the package x.y.
var inJava = lazy(`^\s*at (?:[\w.@$-]*/)*((?:[\w$]+\.)*)[\w$]+\.[\w$<>]+\([\w$]+\.(?:java|kt|scala|groovy):\d+\)$`)

// packageOf returns the folders of the package of a frame of Java: "x/y".
func packageOf(frame string) string {
	m := inJava().FindStringSubmatch(frame)
	if m == nil {
		return ""
	}
	return strings.ReplaceAll(strings.TrimSuffix(m[1], "."), ".", "/")
}

// said reads a line without a place.
func (s *Scanner) said(line string) {
	switch m := says().FindStringSubmatch(line); {
	case ofPackage().MatchString(line):
		for i := s.unowned; i < len(s.all); i++ {
			s.all[i].Package = ofPackage().FindStringSubmatch(line)[1]
		}
		s.unowned = len(s.all)
	case m == nil && line != "" && !strings.ContainsAny(line[:1], " \t") && s.known(line):
		s.heading = line
	case m == nil || strings.Contains(line, "Error Trace:"):
	case s.place.File != "":
		s.found(s.place, strings.Join(m[1:], ""))
	case m[4] == "" || s.message == "" || !strings.HasPrefix(s.last, "E "): // of several lines of pytest, the first says it
		s.message = strings.Join(m[1:], "")
	}
}

// found keeps a finding, and reports whether its file is known.
func (s *Scanner) found(f Finding, message string) bool {
	if !s.known(f.File) {
		return false
	}
	f.Message = strings.TrimSpace(message)
	f.Warning = strings.HasPrefix(strings.ToLower(f.Message), "warning")
	same := func(o Finding) bool {
		return o.File == f.File && o.Line == f.Line && o.Message == f.Message && o.Package == f.Package
	}
	if len(s.all) < maxFindings && !slices.ContainsFunc(s.all[s.unowned:], same) {
		s.all = append(s.all, f)
	}
	s.message, s.place = "", Finding{}
	return true
}

// match returns the groups of the first of some patterns that matches.
func match(patterns []func() *regexp.Regexp, line string) ([]string, bool) {
	for _, p := range patterns {
		if m := p().FindStringSubmatch(line); m != nil {
			return m, true
		}
	}
	return nil, false
}

// placeOf returns the place in the first groups of a match; one that is not there is 0.
func placeOf(m []string) Finding {
	at := func(i int) (n int) {
		if i < len(m) {
			n, _ = strconv.Atoi(m[i])
		}
		return n
	}
	return Finding{File: m[1], Line: at(2), Column: at(3)}
}
