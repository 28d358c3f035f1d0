package report

import "slices"

// A goCounter counts the events of go test -json.
type goCounter struct {
	all      Counts
	packages map[string]*goCounts // that have not ended
	known    bool
}

// goCounts are the tests of a package that has not ended.
type goCounts struct {
	Counts
	open   []string // tests that have not ended
	nested goNested
	inner  int // the failures of tests that another test runs
}

func (g *goCounter) line(text string) {
	e, ok := parseGoEvent([]byte(text))
	if !ok || e.Package == "" {
		return
	}
	g.known = true
	p := g.packages[e.Package]
	if p == nil {
		p = &goCounts{}
		g.packages[e.Package] = p
	}
	switch {
	case e.Test != "":
		p.add(e)
		return
	case e.Action == digestAction:
		p.Passed, p.Skipped = p.Passed+e.Passed, p.Skipped+e.Skipped
		return
	}
	if e.Action == "pass" || e.Action == "fail" || e.Action == "skip" {
		g.all = g.all.Plus(p.end(e.Action == "pass"))
		delete(g.packages, e.Package)
	}
}

func (p *goCounts) add(e goEvent) {
	own := p.nested.has(e)
	switch e.Action {
	case "run":
		p.open = append(p.open, e.Test)
		return
	case "pass":
		p.Passed++
	case "fail":
		if p.Failed++; !own {
			p.inner++
		}
	case "skip":
		p.Skipped++
	default:
		return
	}
	if i := slices.Index(p.open, e.Test); i >= 0 {
		p.open = slices.Delete(p.open, i, i+1)
	}
}

// end returns the counts of a package that has ended. In one that passes, a failure of a test that another one runs is none:
// see result. Elsewhere a test that did not end has failed.
func (p *goCounts) end(passes bool) Counts {
	n := p.Counts
	if passes {
		n.Passed, n.Failed = n.Passed+p.inner, n.Failed-p.inner
		return n
	}
	n.Failed += len(p.open)
	return n
}

func (g *goCounter) counts() (Counts, bool) {
	n := g.all
	for _, p := range g.packages {
		n = n.Plus(p.end(false))
	}
	return n, g.known
}
