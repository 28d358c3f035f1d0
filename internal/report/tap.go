package report

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/internal/text"
)

// tap parses the Test Anything Protocol, versions 12 to 14
// (https://testanything.org/tap-version-14-specification.html). Subtests are indented by four and precede the
// point that sums them up, or follow it in braces.
type tap struct {
	levels []tapLevel
	last   *tapPoint
	yaml   int // the indentation of the YAML block that is open, or -1
	bail   string
	output strings.Builder
}

// A tapLevel is one depth of subtests whose parent has not come yet.
type tapLevel struct {
	points  []*tapPoint
	plan    int // the number of points in the plan; -1 without one
	skip    string
	subtest string // the name in the last "# Subtest: name"
}

type tapPoint struct {
	name, directive, reason string
	ok                      bool
	indent                  int
	yaml, notes             strings.Builder
	seconds                 float64
	children                []*tapPoint
}

var (
	tapTotal   = lazy(`^(?:tests|suites|pass|fail|ok|skip|skipped|todo|cancelled|duration_ms)\s+[\d.]+$`)
	tapTest    = lazy(`^( *)(not )?ok(?:\s+(\d+))?(?:\s+(?:- ?)?(.*))?$`)
	tapPlan    = lazy(`^( *)1\.\.(\d+)\s*(?:#\s*(.*))?$`)
	tapComment = lazy(`^( *)#\s?(.*)$`)
	tapTime    = lazy(`^(.*?)\s+# time=([0-9.]+)(ms|s)$`)
	tapClue    = lazy(`(?i)^(.*?)(?:^|\s+)#\s*(skip|todo)\S*\s*(.*)$`)
)

func tapTests(data []byte, name string) (all []suite) {
	t := newTap()
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\r\n")
		if strings.HasPrefix(line, "TAP version ") && t.yaml < 0 {
			all = append(all, t.suites(name)...)
			t = newTap()
			continue
		}
		t.line(line)
	}
	return append(all, t.suites(name)...)
}

func newTap() *tap { return &tap{yaml: -1} }

func (t *tap) line(line string) {
	text := strings.TrimLeft(line, " ")
	indent := len(line) - len(text)
	switch {
	case t.yaml >= 0:
		t.yamlLine(line, text, indent)
	case text == "---" && t.last != nil && indent > t.last.indent && indent < t.last.indent+4:
		t.yaml = indent
	default:
		t.other(line, text, indent)
	}
}

func (t *tap) yamlLine(line, text string, indent int) {
	switch {
	case text == "..." && indent == t.yaml:
		t.yaml = -1
	case text != "" && indent < t.yaml && tapTest().MatchString(line): // the end of the block is missing
		t.yaml = -1
		t.line(line)
	default:
		t.last.yaml.WriteString(line[min(indent, t.yaml):] + "\n")
	}
}

func (t *tap) other(line, text string, indent int) {
	if m := tapTest().FindStringSubmatch(line); m != nil {
		t.point(m)
	} else if m := tapPlan().FindStringSubmatch(line); m != nil {
		level := t.level(indent / 4)
		level.plan, _ = strconv.Atoi(m[2])
		level.skip = m[3]
	} else if m := tapComment().FindStringSubmatch(line); m != nil {
		t.comment(indent, m[2])
	} else if reason, ok := strings.CutPrefix(text, "Bail out!"); ok {
		t.bail = strings.TrimSpace("bail out: " + strings.TrimSpace(reason))
	} else if text == "}" {
		t.close(indent / 4)
	} else if t.last != nil && !t.last.ok && t.last.yaml.Len() == 0 && text != "" && indent > t.last.indent {
		t.last.notes.WriteString(text + "\n") // mocha prints the reason of a failure this way
	} else if !strings.HasPrefix(text, "pragma ") {
		t.output.WriteString(line + "\n")
	}
}

// level returns the level of a depth. A depth that is skipped exists too, without points.
func (t *tap) level(depth int) *tapLevel {
	for len(t.levels) <= depth {
		t.levels = append(t.levels, tapLevel{plan: -1})
	}
	return &t.levels[depth]
}

func (t *tap) point(m []string) {
	depth := len(m[1]) / 4
	name, braced := strings.CutSuffix(m[4], "{")
	p := &tapPoint{ok: m[2] == "", indent: len(m[1]), name: strings.TrimSpace(name)}
	if m := tapTime().FindStringSubmatch(p.name); m != nil {
		p.name, p.seconds = m[1], duration(m[2], m[3])
	}
	if clue := tapClue().FindStringSubmatch(p.name); clue != nil && !strings.HasSuffix(clue[1], `\`) {
		p.name, p.directive, p.reason = clue[1], strings.ToLower(clue[2]), clue[3]
	}
	p.name = strings.NewReplacer(`\#`, "#", `\\`, `\`).Replace(p.name)
	if p.name == "" {
		p.name = strings.TrimSpace("test " + m[3])
	}
	t.level(depth).points = append(t.level(depth).points, p)
	if !braced {
		t.close(depth)
	}
	t.last = p
}

// close adds the points below a depth to the last point at it.
func (t *tap) close(depth int) {
	if depth >= len(t.levels) {
		return
	}
	points := t.levels[depth].points
	for _, below := range t.levels[depth+1:] {
		if len(points) > 0 {
			points[len(points)-1].children = append(points[len(points)-1].children, below.points...)
		}
	}
	t.levels = t.levels[:depth+1]
}

func (t *tap) comment(indent int, text string) {
	if name, ok := strings.CutPrefix(text, "Subtest: "); ok {
		t.level(indent / 4).subtest = name
		return
	}
	failed := t.last != nil && !t.last.ok && t.last.yaml.Len() == 0
	if failed && indent == t.last.indent && !tapTotal().MatchString(text) {
		t.last.notes.WriteString(text + "\n")
		return
	}
	t.output.WriteString(text + "\n")
}

func (t *tap) suites(name string) []suite {
	if len(t.levels) == 0 && t.bail == "" {
		return nil
	}
	s := suite{name: name, output: t.output.String()}
	var path []string
	for _, level := range t.levels { // below the first, only what was cut off before its parent came
		for _, p := range level.points {
			s.cases = append(s.cases, p.results(append([]string{name}, path...))...)
		}
		path = append(path, level.subtest)
	}
	s.cases = append(s.cases, t.faults(name)...)
	return []suite{s}
}

// faults returns the faults of the run as a whole.
func (t *tap) faults(name string) []testCase {
	fault := func(what string) []testCase {
		return []testCase{{class: name, name: "plan", outcome: errored, message: what}}
	}
	top := t.level(0)
	switch ran := len(top.points); {
	case t.bail != "":
		return fault(t.bail)
	case top.plan == 0 && ran == 0:
		return []testCase{{class: name, name: "all", outcome: skipped, message: top.skip}}
	case top.plan < 0:
		return fault("the output ends before the plan")
	case top.plan != ran:
		return fault(strconv.Itoa(top.plan) + " tests were planned, and " + strconv.Itoa(ran) + " ran")
	}
	return nil
}

// results returns the cases of a point: those of its subtests, and its own unless they say it all.
func (p *tapPoint) results(path []string) (all []testCase) {
	for _, child := range p.children {
		all = append(all, child.results(append(slices.Clip(path), p.name))...)
	}
	said := slices.ContainsFunc(all, func(c testCase) bool { return c.outcome == failed })
	if len(p.children) > 0 && (p.ok || said) {
		return all
	}
	return append(all, p.result(strings.Join(path, " > ")))
}

func (p *tapPoint) result(class string) testCase {
	fields := yamlFields(p.yaml.String())
	c := testCase{class: class, name: p.name, text: p.notes.String() + p.yaml.String()}
	if c.seconds = p.seconds; c.seconds == 0 {
		c.seconds = duration(fields["duration_ms"], "ms")
	}
	switch {
	case p.directive == "skip":
		c.outcome, c.message = skipped, p.reason
	case p.directive == "todo" && !p.ok:
		c.outcome, c.message = skipped, strings.TrimSpace("todo "+p.reason)
	case !p.ok:
		c.outcome = failed
		c.message = text.FirstLine(fields["error"] + "\n" + fields["message"] + "\n" + p.notes.String() +
			"\nfailed")
	default:
		c.text = ""
	}
	return c
}

// duration returns seconds; 0 for an invalid number.
func duration(number, unit string) float64 {
	n, err := strconv.ParseFloat(number, 64)
	switch {
	case err != nil || math.IsNaN(n) || math.IsInf(n, 0) || n < 0:
		return 0
	case unit == "ms":
		return n / 1000
	}
	return n
}

var yamlField = lazy(`^(\w+):\s*(.*)$`)

// yamlFields returns the top-level scalars of a YAML block: plain, quoted or on the following lines.
func yamlFields(text string) map[string]string {
	fields := map[string]string{}
	block := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		m := yamlField().FindStringSubmatch(line)
		switch {
		case m == nil && block != "" && strings.HasPrefix(line, " "):
			fields[block] += strings.TrimSpace(line) + "\n"
		case m != nil && strings.HasPrefix(m[2], "|") || m != nil && strings.HasPrefix(m[2], ">"):
			block = m[1]
		case m != nil:
			block, fields[m[1]] = "", strings.Trim(m[2], `'"`)
		}
	}
	return fields
}
