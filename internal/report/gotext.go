package report

import (
	"bytes"
	"io"
	"strings"
)

// GoTestText returns a writer that takes the stream of `go test -json` and writes to w what plain `go test`
// would have printed: one line for a package that passes, for others the tests that failed with their output. A package
// whose TestMain ends with success although a test failed is shown as one that fails.
// Lines that are not events are copied. What the compiler said goes to builds, as plain "go test" prints it on
// standard error. Close prints what is left of a stream that was cut off; it does not close w.
func GoTestText(w, builds io.Writer) io.WriteCloser {
	return &goText{w: w, builds: builds, packages: map[string]*goTextPackage{}}
}

type goText struct {
	w        io.Writer
	builds   io.Writer
	err      error
	partial  []byte
	packages map[string]*goTextPackage
	order    []string // of packages that have not been printed
	failed   bool
}

// A goTextPackage is the output of a package. It is kept until the package ends, since the result decides
// what is printed.
type goTextPackage struct {
	text  strings.Builder
	tests map[string]*goTextTest
	order []string
	ended bool
	final string // what is printed of a package that has ended

	nested goNested
	failed bool // a test of the package has failed
}

// A goTextTest is one test. Its log is printed below its result, which comes later; its own output is printed
// at once.
type goTextTest struct {
	result   string
	logs     strings.Builder
	children []*goTextTest
	depth    int
	shown    bool
	logging  bool // the last line was one of its log
}

func (g *goText) Write(p []byte) (int, error) {
	g.partial = append(g.partial, p...)
	for {
		end := bytes.IndexByte(g.partial, '\n') + 1
		if end == 0 {
			return len(p), g.err
		}
		g.line(g.partial[:end])
		g.partial = g.partial[end:]
	}
}

func (g *goText) Close() error {
	if len(g.partial) > 0 {
		g.line(append(g.partial, '\n'))
	}
	for _, name := range g.order {
		g.print(g.packages[name].remainder())
	}
	if g.failed {
		g.print("FAIL\n")
	}
	g.partial, g.order, g.failed = nil, nil, false
	return g.err
}

func (g *goText) print(text string) { g.printTo(g.w, text) }

func (g *goText) printTo(w io.Writer, text string) {
	if text != "" && g.err == nil {
		_, g.err = io.WriteString(w, text)
	}
}

func (g *goText) line(line []byte) {
	e, ok := parseGoEvent(line)
	switch {
	case !ok:
		g.print(string(line))
	case e.ImportPath != "":
		g.printTo(g.builds, e.Output)
	case e.Test != "":
		g.pkg(e.Package).add(e)
	default:
		g.event(e)
	}
}

// event handles an event of a whole package.
func (g *goText) event(e goEvent) {
	p := g.pkg(e.Package)
	switch e.Action {
	case "output":
		p.text.WriteString(e.Output)
	case "pass", "skip":
		if p.failed {
			p.end(p.text.String())
			break
		}
		p.end(summaryLines(p.text.String()))
	case "fail":
		g.failed = true
		p.end(p.text.String()) // without the logs of tests that did not end, which plain "go test" loses
	}
	g.printEnded()
}

// printEnded prints the packages that have ended, up to the first that has not. They start in the order in which plain
// "go test" prints them.
func (g *goText) printEnded() {
	for len(g.order) > 0 && g.packages[g.order[0]].ended {
		g.print(g.packages[g.order[0]].final)
		delete(g.packages, g.order[0])
		g.order = g.order[1:]
	}
}

func (p *goTextPackage) end(text string) { p.final, p.ended = text, true }

func (g *goText) pkg(name string) *goTextPackage {
	p := g.packages[name]
	if p == nil {
		p = &goTextPackage{tests: map[string]*goTextTest{}}
		g.packages[name] = p
		g.order = append(g.order, name)
	}
	return p
}

// summaryLines returns the lines that the go command prints for a package that passes, and those of
// benchmarks.
func summaryLines(text string) string {
	if strings.Contains(text, "goos: ") {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "ok  \t") || strings.HasPrefix(line, "?   \t") ||
			strings.HasPrefix(line, "\t") {
			b.WriteString(line)
		}
	}
	return b.String()
}

func (p *goTextPackage) add(e goEvent) {
	t := p.test(e)
	p.failed = p.nested.has(e) && e.Action == "fail" || p.failed
	switch {
	case e.Action != "output" || e.isProgress():
	case e.isResult():
		t.result = strings.TrimLeft(e.Output, " ")
		if t.depth == 0 {
			p.text.WriteString(t.report())
		}
	case t.shown:
		p.text.WriteString(e.Output)
	default:
		p.text.WriteString(t.log(e.Output))
	}
}

// log keeps what a line of output has of the log of the test, and returns what the test printed itself.
func (t *goTextTest) log(line string) (printed string) {
	printed, log := cutGoLog(line)
	if t.logging && strings.HasPrefix(line, "        ") {
		printed, log = "", line // the next line of a message
	}
	if t.logging = log != ""; t.logging {
		t.logs.WriteString(strings.Repeat("    ", t.depth) + log)
	}
	return printed
}

var goLog = lazy(`    [^ /]+\.go:\d+: `)

// cutGoLog cuts a line of output behind what the test printed without a line break, and before what it logged.
func cutGoLog(line string) (printed, log string) {
	if i := goLog().FindStringIndex(line); i != nil {
		return line[:i[0]], line[i[0]:]
	}
	return line, ""
}

// test returns the test of an event. One that starts again, because of -count, is another one.
func (p *goTextPackage) test(e goEvent) *goTextTest {
	name := e.Test
	t := p.tests[name]
	if t == nil || e.Action == "run" && t.result != "" {
		if t == nil {
			p.order = append(p.order, name)
		}
		t = &goTextTest{}
		p.tests[name] = t
		if parent := p.parent(name); parent != nil {
			t.depth = parent.depth + 1
			parent.children = append(parent.children, t)
		}
	}
	return t
}

// parent returns the parent of a subtest. The names of subtests may contain slashes.
func (p *goTextPackage) parent(name string) *goTextTest {
	for i := strings.LastIndexByte(name, '/'); i > 0; i = strings.LastIndexByte(name[:i], '/') {
		if t := p.tests[name[:i]]; t != nil {
			return t
		}
	}
	return nil
}

// report returns what is printed for a test that has ended: nothing, unless it failed.
func (t *goTextTest) report() string {
	t.shown = true
	if !strings.HasPrefix(t.result, "--- FAIL: ") {
		return ""
	}
	text := strings.Repeat("    ", t.depth) + t.result + t.logs.String()
	for _, child := range t.children {
		text += child.report()
	}
	return text
}

// remainder returns what is left to print of a package when the stream ends. Of one that was cut off, that has the
// logs of tests that never ended.
func (p *goTextPackage) remainder() string {
	if p.ended {
		return p.final
	}
	text := p.text.String()
	for _, name := range p.order {
		if t := p.tests[name]; t.result == "" {
			text += t.logs.String()
		}
	}
	return text
}
