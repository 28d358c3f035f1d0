package report

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/internal/text"
)

// libtest parses the output of `cargo test`: the runs of test binaries, one after the other, each a suite.
// The name of the binary is printed on standard error ("Running unittests src/lib.rs"), and taken from there
// if that was captured too.
type libtest struct {
	name    string
	all     []suite
	suite   *suite
	title   string // of the binary that is about to run
	planned int
	pending string // a test whose result has not come yet
	about   int    // the case whose failure text is being read, or -1
	listing bool   // within the list of failed tests
	closed  bool   // "test result:" has come
	errors  strings.Builder
	broken  bool // it does not compile
}

var (
	libBinary = lazy(
		`^ +(?:Running )?((?:unittests|Doc-tests|tests|examples|benches)[/\\ ].+?)(?: \([^()]*\))?$`)
	libRunning = lazy(`^running (\d+) tests?$`)
	libTest    = lazy(`^test (.+?) \.\.\. (.*)$`)
	libVerdict = lazy(`(?:^|.*)(ok|FAILED|ignored|bench: .*ns/iter.*)((?:, .*)|(?: <[0-9.]+s>))?$`)
	libTime    = lazy(`<([0-9.]+)s>`)
	libAbout   = lazy(`^---- (.+) std(?:out|err) ----$`)
	libResult  = lazy(`^test result: .*?(?:finished in ([0-9.]+)s)?$`)
	libError   = lazy(`^error(?:\[E\d+\])?: `)
)

func libTests(data []byte, name string) []suite {
	l := &libtest{name: name, about: -1}
	for line := range strings.Lines(string(data)) {
		l.line(strings.TrimRight(line, "\r\n"))
	}
	l.end()
	return l.all
}

func (l *libtest) line(line string) {
	switch {
	case l.heading(line):
	case l.suite == nil || l.closed:
		l.outside(line)
	case l.about >= 0:
		l.detail(line)
	default:
		l.progress(line)
	}
}

// heading handles a line that starts or ends the run of a binary, and reports whether it is one.
func (l *libtest) heading(line string) bool {
	if m := libRunning().FindStringSubmatch(line); m != nil {
		l.begin()
		l.planned, _ = strconv.Atoi(m[1])
		return true
	}
	if m := libResult().FindStringSubmatch(line); m != nil && l.suite != nil {
		l.suite.seconds, _ = strconv.ParseFloat(m[1], 64)
		l.closed, l.about = true, -1
		return true
	}
	m := libBinary().FindStringSubmatch(line)
	if m != nil && (l.suite == nil || l.closed) {
		l.title = strings.TrimPrefix(m[1], "unittests ")
	}
	return m != nil
}

func (l *libtest) begin() {
	l.end()
	title := l.name
	if l.title != "" {
		title += " " + l.title
	} else if n := len(l.all); n > 0 {
		title = fmt.Sprintf("%s %d", l.name, n+1)
	}
	l.suite, l.title, l.pending, l.about, l.listing, l.closed = &suite{name: title}, "", "", -1, false, false
}

// end ends the suite of a binary, which may have been stopped in the middle, or the output of a compiler that
// failed.
func (l *libtest) end() {
	if l.suite != nil {
		l.unfinished()
		if len(l.suite.cases) > 0 {
			l.all = append(l.all, *l.suite)
		}
	}
	if l.broken {
		printed := l.errors.String()
		l.all = append(l.all, suite{name: l.name, cases: []testCase{
			{class: l.name, name: "build", outcome: errored, message: text.FirstLine(printed),
				text: printed}}})
	}
	l.suite, l.broken = nil, false
	l.errors.Reset()
}

func (l *libtest) unfinished() {
	missing := l.planned - len(l.suite.cases)
	switch {
	case l.pending != "":
		l.add(testCase{name: l.pending, outcome: errored, message: "did not end", text: l.suite.output})
		l.suite.output = ""
	case !l.closed && missing > 0:
		l.add(testCase{name: "all", outcome: errored,
			message: fmt.Sprintf("%d of %d tests have no result", missing, l.planned)})
	}
}

// outside handles a line outside of all binaries, printed by the compiler or cargo.
func (l *libtest) outside(line string) {
	l.broken = l.broken || strings.HasPrefix(line, "error[E") ||
		strings.HasPrefix(line, "error: could not compile")
	if libError().MatchString(line) || l.errors.Len() > 0 {
		l.errors.WriteString(line + "\n")
	}
}

func (l *libtest) progress(line string) {
	if m := libAbout().FindStringSubmatch(line); m != nil {
		l.about = l.find(m[1])
		return
	}
	if line == "failures:" || l.listing && (line == "" || strings.HasPrefix(line, "    ")) {
		l.listing = true
		return
	}
	if m := libTest().FindStringSubmatch(line); m != nil {
		l.pending, line = m[1], m[2]
	}
	if m := libVerdict().FindStringSubmatch(line); m != nil && l.pending != "" {
		l.verdict(m[1], m[2])
		return
	}
	l.suite.output += line + "\n"
}

func (l *libtest) verdict(word, more string) {
	c := testCase{name: l.pending}
	switch word {
	case "FAILED":
		c.outcome, c.message = failed, "failed"
	case "ignored":
		c.outcome, c.message = skipped, strings.TrimPrefix(more, ", ")
	}
	if m := libTime().FindStringSubmatch(more); m != nil {
		c.seconds, _ = strconv.ParseFloat(m[1], 64)
	}
	c.name = strings.TrimSuffix(c.name, " - should panic")
	l.pending = ""
	l.add(c)
}

func (l *libtest) add(c testCase) {
	c.class = l.suite.name
	l.suite.cases = append(l.suite.cases, c)
}

func (l *libtest) find(name string) int {
	for i, c := range l.suite.cases {
		if c.name == name {
			return i
		}
	}
	return -1
}

// detail handles a line about a test that failed. The list of names that follows all details is also headed
// "failures:".
func (l *libtest) detail(line string) {
	if m := libAbout().FindStringSubmatch(line); m != nil {
		l.about = l.find(m[1])
		return
	}
	if line == "failures:" {
		l.about, l.listing = -1, true
		return
	}
	c := &l.suite.cases[l.about]
	c.text += line + "\n"
	trimmed := strings.TrimSpace(line)
	panicked := strings.Contains(c.message, "panicked at ") // its message is on the next line
	if c.message == "failed" && (strings.Contains(trimmed, "panicked at ") ||
		strings.HasPrefix(trimmed, "Error: ")) || panicked && trimmed != "" {
		c.message = trimmed
	}
}
