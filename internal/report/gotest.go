package report

import (
	"bytes"
	"cmp"
	"strings"

	"github.com/davit-dev/davit/internal/text"
)

// A goReport collects the events of a run of `go test -json`.
type goReport struct {
	packages []*goPackage
	byName   map[string]*goPackage
	builds   map[string]*strings.Builder // the output of the compiler, by import path
	broken   []string                    // import paths that no package has blamed yet
}

type goPackage struct {
	suite
	action string // how it ended; empty if it did not
	blames string
	tests  []*goTest
	byName map[string]*goTest
	nested goNested
	output strings.Builder
}

type goTest struct {
	name, action string
	own          bool // it is a test of the package
	seconds      float64
	output       strings.Builder
}

func goTests(data []byte, name string) []suite {
	r := &goReport{byName: map[string]*goPackage{}, builds: map[string]*strings.Builder{}}
	for line := range bytes.Lines(data) {
		if e, ok := parseGoEvent(line); ok {
			r.add(e)
		}
	}
	return r.suites(name)
}

func (r *goReport) add(e goEvent) {
	switch {
	case e.ImportPath != "":
		r.build(e)
	case e.Package != "":
		r.pkg(e).add(e)
		if e.FailedBuild != "" {
			r.blame(e.FailedBuild)
		}
	}
}

func (r *goReport) build(e goEvent) {
	if r.builds[e.ImportPath] == nil {
		r.builds[e.ImportPath] = &strings.Builder{}
	}
	r.builds[e.ImportPath].WriteString(e.Output)
	if e.Action == "build-fail" {
		r.broken = append(r.broken, e.ImportPath)
	}
}

func (r *goReport) blame(path string) {
	for i, b := range r.broken {
		if b == path {
			r.broken = append(r.broken[:i], r.broken[i+1:]...)
			return
		}
	}
}

func (r *goReport) pkg(e goEvent) *goPackage {
	p := r.byName[e.Package]
	if p == nil {
		p = &goPackage{suite: suite{name: e.Package, time: e.Time}, byName: map[string]*goTest{}}
		r.byName[e.Package] = p
		r.packages = append(r.packages, p)
	}
	return p
}

func (p *goPackage) add(e goEvent) {
	if e.Test != "" {
		t := p.test(e)
		t.own = p.nested.has(e)
		t.add(e)
		return
	}
	switch e.Action {
	case "output":
		p.output.WriteString(e.Output)
	case "pass", "fail", "skip":
		p.action, p.seconds, p.blames = e.Action, e.Elapsed, e.FailedBuild
	}
}

// test returns the test of an event. One that starts again, because of -count, is another one: what it was before
// stands.
func (p *goPackage) test(e goEvent) *goTest {
	t := p.byName[e.Test]
	if t == nil || e.Action == "run" && t.action != "" {
		t = &goTest{name: e.Test}
		p.byName[e.Test] = t
		p.tests = append(p.tests, t)
	}
	return t
}

func (t *goTest) add(e goEvent) {
	switch e.Action {
	case "output":
		if !e.isProgress() && !e.isResult() {
			t.output.WriteString(e.Output)
		}
	case "pass", "fail", "skip", "bench":
		t.action, t.seconds = e.Action, e.Elapsed
	}
}

func (r *goReport) suites(name string) (all []suite) {
	for _, p := range r.packages {
		for _, t := range p.tests {
			p.cases = append(p.cases, t.result(p.name, p.action == "pass"))
		}
		p.cases = append(p.cases, p.fault(r.builds)...)
		if p.suite.output = p.output.String(); len(p.cases) > 0 {
			all = append(all, p.suite)
		}
	}
	for _, path := range r.broken {
		all = append(all, suite{name: path, cases: []testCase{buildFailure(path, r.builds[path].String())}})
	}
	return all
}

// result returns the case of a test. In a package that passes, a test that another one runs has not failed. Those of the
// package have, also if its TestMain ends with success.
func (t *goTest) result(class string, passes bool) testCase {
	c := testCase{class: class, name: t.name, seconds: t.seconds, text: t.output.String()}
	switch t.action {
	case "fail":
		if passes && !t.own {
			break
		}
		c.outcome, c.message = failed, cmp.Or(text.FirstLine(strings.TrimSpace(c.text)), "failed")
	case "skip":
		c.outcome, c.message = skipped, strings.TrimSpace(c.text)
	case "":
		c.outcome, c.message = errored, "did not end"
	}
	return c
}

// fault returns the fault of a package that none of its tests shows.
func (p *goPackage) fault(builds map[string]*strings.Builder) []testCase {
	if p.action != "fail" {
		return nil
	}
	if printed := builds[p.blames]; p.blames != "" && printed != nil {
		return []testCase{buildFailure(p.name, printed.String())}
	}
	for _, t := range p.tests {
		if t.action == "fail" || t.action == "" {
			return nil
		}
	}
	printed := p.output.String()
	return []testCase{{class: p.name, name: "package", outcome: errored, message: text.FirstLine(printed),
		text: printed}}
}

func buildFailure(class, printed string) testCase {
	return testCase{class: class, name: "build", outcome: errored, message: "does not compile", text: printed}
}
