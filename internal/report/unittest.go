package report

import (
	"slices"
	"strconv"
	"strings"
)

// unittest parses the output of `python -m unittest -v`: a line for each test as it runs, then a block for
// each that failed. The blocks count, since the output of a test may have torn its line.
type unittest struct {
	suite   suite
	cases   []*unitCase
	byName  map[[2]string]*unitCase
	pending *unitCase
	blocks  bool      // the blocks have begun
	block   *unitCase // the current one
	head    bool      // of the block, the head is being read
	counted bool      // "Ran 5 tests" has come
}

type unitCase struct {
	testCase
	known  bool // its result has come
	params bool // it is a subtest
	traced bool // inside of a traceback
}

const (
	unitBar  = "======================================================================"
	unitRule = "----------------------------------------------------------------------"
)

var (
	unitStart  = lazy(`^\s*([\w.]+) \(([\w.<>]+)\)((?: (?:\[.*?\]|\(.*?\)))*)(?: \.\.\. (.*))?$`)
	unitStatus = lazy(`(ok|FAIL|ERROR|expected failure|unexpected success|skipped ['"].*['"])$`)
	unitBlock  = lazy(`^(FAIL|ERROR|UNEXPECTED SUCCESS): (.*)$`)
	unitEnd    = lazy(`^(OK|FAILED|NO TESTS RAN)( \(.*\))?$`)
	unitRan    = lazy(`^Ran (\d+) tests? in ([0-9.]+)s$`)
)

func unitTests(data []byte, name string) []suite {
	u := &unittest{suite: suite{name: name}, byName: map[[2]string]*unitCase{}}
	for line := range strings.Lines(string(data)) {
		u.line(strings.TrimRight(line, "\r\n"))
	}
	u.finishPending()
	if len(u.suite.cases) == 0 {
		return nil
	}
	return []suite{u.suite}
}

func (u *unittest) line(line string) {
	switch {
	case unitRan().MatchString(line):
		u.endRun(unitRan().FindStringSubmatch(line))
	case line == unitBar:
		u.blocks, u.block = true, nil
	case u.blocks:
		u.blockLine(line)
	default:
		u.progress(line)
	}
}

// endRun ends one run; another may follow.
func (u *unittest) endRun(m []string) {
	s, _ := strconv.ParseFloat(m[2], 64)
	u.suite.seconds += s
	u.counted = true
	u.finishPending()
	u.blocks, u.block, u.pending, u.counted = false, nil, nil, false
}

func (u *unittest) progress(line string) {
	if m := unitStart().FindStringSubmatch(line); m != nil {
		u.pending = u.begin(m)
		// before 3.11, a test with failing subtests ends without a word
		if line = m[4]; unitStart().MatchString(line) {
			u.progress(line)
			return
		}
	} else if _, after, ok := strings.Cut(line, " ... "); ok && u.pending != nil && !u.pending.known {
		line = after // the first line of a docstring stands in between
	}
	m := unitStatus().FindStringSubmatch(line)
	if m == nil || u.pending == nil || u.pending.known {
		u.say(line)
		return
	}
	u.pending.conclude(m[1])
}

func (u *unittest) say(line string) {
	if line != "" && !unitEnd().MatchString(line) {
		u.suite.output += line + "\n"
	}
}

// begin starts a case. Since Python 3.11 the parentheses contain the method too.
func (u *unittest) begin(m []string) *unitCase {
	c := &unitCase{testCase: testCase{name: m[1] + m[3], class: strings.TrimSuffix(m[2], "."+m[1])},
		params: m[3] != ""}
	key := [2]string{c.class, c.name}
	if u.byName[key] == nil {
		u.byName[key] = c
		u.cases = append(u.cases, c)
	}
	return u.byName[key]
}

func (c *unitCase) conclude(status string) {
	c.known = true
	switch status {
	case "ok", "expected failure":
	case "FAIL", "unexpected success", "UNEXPECTED SUCCESS":
		c.outcome, c.message = failed, strings.ToLower(status)
	case "ERROR":
		c.outcome, c.message = errored, "error"
	default:
		c.outcome, c.message = skipped, strings.Trim(strings.TrimPrefix(status, "skipped "), `'"`)
	}
}

func (u *unittest) blockLine(line string) {
	if m := unitBlock().FindStringSubmatch(line); m != nil && u.block == nil {
		u.block, u.head = u.subject(m[2]), true
		u.block.conclude(m[1])
		return
	}
	switch {
	case u.block == nil:
	case line == unitRule && u.head:
		u.head = false
	case line == unitRule:
		u.block = nil // "Ran 5 tests" follows
	case u.head: // the docstring
	default:
		u.block.text += line + "\n"
		u.block.setMessage(line)
	}
}

// subject returns the case of a block: a test, or something else that failed, such as "setUpClass
// (test_shop.Cart)" or a module.
func (u *unittest) subject(title string) *unitCase {
	if m := unitStart().FindStringSubmatch(title); m != nil && m[4] == "" {
		return u.begin(m)
	}
	return u.begin([]string{"", title, u.suite.name, "", ""})
}

// setMessage takes the message from the end of a traceback: "AssertionError: 1 != 2". The last of several
// counts.
func (c *unitCase) setMessage(line string) {
	switch {
	case strings.HasPrefix(line, "Traceback "):
		c.traced = true
	case c.traced && line != "" && line[0] != ' ':
		c.message, c.traced = line, false
	}
}

// finishPending sets the outcome of tests whose line had no result. If the run came to its end, there would
// be a block if they had failed.
func (u *unittest) finishPending() {
	for _, c := range u.cases {
		if !c.known && u.hasSubtests(c) {
			continue
		}
		if !c.known && !u.counted {
			c.outcome, c.message = errored, "did not end"
		}
		u.suite.cases = append(u.suite.cases, c.testCase)
	}
	u.cases = nil
	clear(u.byName)
}

func (u *unittest) hasSubtests(c *unitCase) bool {
	return slices.ContainsFunc(u.cases, func(o *unitCase) bool {
		return o.params && o.class == c.class && strings.HasPrefix(o.name, c.name+" ")
	})
}
