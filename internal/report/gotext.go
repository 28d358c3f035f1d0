package report

import (
	"bytes"
	"io"
	"strings"
)

// GoTestText returns a writer that takes the stream of `go test -json` and writes to w what plain `go test`
// would have printed: one line for a package that passes, for others the tests that failed with their output.
// Lines that are not events are copied. Close prints what is left of a stream that was cut off; it does not
// close w.
func GoTestText(w io.Writer) io.WriteCloser {
	return &goText{w: w, packages: map[string]*goTextPackage{}}
}

type goText struct {
	w        io.Writer
	err      error
	partial  []byte
	packages map[string]*goTextPackage
	order    []string // of packages that have not ended
	failed   bool
}

// A goTextPackage is the output of a package. It is kept until the package ends, since the result decides
// what is printed.
type goTextPackage struct {
	text  strings.Builder
	tests map[string]*goTextTest
	order []string
}

// A goTextTest is one test. Its log is printed below its result, which comes later; its own output is printed
// at once.
type goTextTest struct {
	result   string
	logs     strings.Builder
	children []*goTextTest
	depth    int
	shown    bool
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

func (g *goText) print(text string) {
	if text != "" && g.err == nil {
		_, g.err = io.WriteString(g.w, text)
	}
}

func (g *goText) line(line []byte) {
	e, ok := parseGoEvent(line)
	switch {
	case !ok:
		g.print(string(line))
	case e.ImportPath != "":
		g.print(e.Output)
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
		if e.Output != "PASS\n" {
			p.text.WriteString(e.Output)
		}
	case "pass", "skip":
		g.print(summaryLines(p.text.String()))
		g.end(e.Package)
	case "fail":
		g.failed = true
		g.print(p.remainder())
		g.end(e.Package)
	}
}

func (g *goText) pkg(name string) *goTextPackage {
	p := g.packages[name]
	if p == nil {
		p = &goTextPackage{tests: map[string]*goTextTest{}}
		g.packages[name] = p
		g.order = append(g.order, name)
	}
	return p
}

func (g *goText) end(name string) {
	delete(g.packages, name)
	for i, n := range g.order {
		if n == name {
			g.order = append(g.order[:i], g.order[i+1:]...)
			return
		}
	}
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
	t := p.test(e.Test)
	switch {
	case e.Action != "output" || isGoProgress(e.Output):
	case isGoResult(e.Output):
		t.result = strings.TrimLeft(e.Output, " ")
		if t.depth == 0 {
			p.text.WriteString(t.report())
		}
	case !t.shown && strings.HasPrefix(e.Output, "    "):
		t.logs.WriteString(strings.Repeat("    ", t.depth) + e.Output)
	default:
		p.text.WriteString(e.Output)
	}
}

func (p *goTextPackage) test(name string) *goTextTest {
	t := p.tests[name]
	if t == nil {
		t = &goTextTest{}
		p.tests[name] = t
		p.order = append(p.order, name)
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

// remainder returns the rest of the output of a package that failed or was cut off, with the logs of tests
// that never ended.
func (p *goTextPackage) remainder() string {
	text := p.text.String()
	for _, name := range p.order {
		if t := p.tests[name]; t.result == "" {
			text += t.logs.String()
		}
	}
	return text
}
