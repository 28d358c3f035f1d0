package report

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"sync"

	"github.com/davit-dev/davit/plugins/plan"
)

// A totalsFormat is how a test runner prints its totals for people.
type totalsFormat struct {
	// line matches a line with totals, and pairs the number and the word of each in it.
	line, pairs func() *regexp.Regexp
	// words are what a word counts as; words that are not here do not count.
	words map[string]outcome
	// none matches a line that says that there are no tests.
	none func() *regexp.Regexp
	// absent matches a line about what the totals count as a test that passed, and is none: it is named as skipped beside
	// other tests.
	absent func() *regexp.Regexp
	// last means that the last totals count, and not the sum of all.
	last bool
	// first and end are the words of the first and of the last line of totals, where only a whole block counts.
	first, end string
}

var numberWord = lazy(`(?P<number>\d+) (?P<word>[a-z]+)`)

// totalLines are the totals of test runners, by the format of a report or the test runner of a plan. Each was taken
// from the output of the runner itself.
var totalLines = sync.OnceValue(func() map[string]*totalsFormat {
	return map[string]*totalsFormat{
		plan.FormatLibtest: {
			line: lazy(`^test result: .*\. \d+ passed; `), pairs: numberWord,
			words: map[string]outcome{"passed": passed, "failed": failed, "ignored": skipped},
		},
		plan.RunnerNextest: {
			line: lazy(`^ +Summary \[[^\]]*\] +(\d+/)?\d+ tests? run: `), pairs: numberWord,
			words: map[string]outcome{"passed": passed, "failed": failed, "exec": failed, "skipped": skipped},
		},
		plan.RunnerPytest: {
			line:  lazy(`^=* ?(\d+ [a-z]+( [a-z]+)?, )*\d+ [a-z]+( [a-z]+)? in [0-9.]+s( \([0-9:, a-z]+\))?( =+)?$`),
			pairs: numberWord,
			words: map[string]outcome{"passed": passed, "xfailed": passed, "xpassed": passed, "failed": failed,
				"error": failed, "errors": failed, "skipped": skipped},
			none: lazy(`^=* ?no tests (ran|collected)`), last: true,
		},
		plan.RunnerNode: {
			line:  lazy(`^[#ℹ] (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [0-9.]+$`),
			pairs: lazy(`(?P<word>[a-z_]+) (?P<number>\d+)`),
			words: map[string]outcome{"pass": passed, "fail": failed, "cancelled": failed, "skipped": skipped,
				"todo": skipped},
			first: "tests", end: "duration_ms",
		},
		plan.RunnerJest: {
			line: lazy(`^Tests: +.*\d+ total$`), pairs: numberWord, none: lazy(`^No tests found, exiting with code \d`),
			words: map[string]outcome{"passed": passed, "failed": failed, "skipped": skipped, "todo": skipped},
		},
		plan.RunnerVitest: {
			line: lazy(`^ *Tests  .*\(\d+\)$`), pairs: numberWord,
			words: map[string]outcome{"passed": passed, "failed": failed, "skipped": skipped, "todo": skipped},
			none:  lazy(`^ *Tests  no tests|^ *No test (files )?found|^No test suite found`),
		},
		plan.RunnerMocha: {
			line: lazy(`^ *\d+ (passing \(\S+\)|pending|failing)$`), pairs: numberWord,
			words: map[string]outcome{"passing": passed, "failing": failed, "pending": skipped},
		},
		plan.RunnerAva: {
			line:  lazy(`^ *\d+ tests? (passed|failed|skipped|todo)$`),
			pairs: lazy(`(?P<number>\d+) tests? (?P<word>[a-z]+)`),
			words: map[string]outcome{"passed": passed, "failed": failed, "skipped": skipped, "todo": skipped},
		},
		plan.RunnerAutomake: {
			line: lazy(`^# (PASS|SKIP|XFAIL|FAIL|XPASS|ERROR): +\d+$`), pairs: lazy(`(?P<word>[A-Z]+): +(?P<number>\d+)`),
			words: map[string]outcome{"PASS": passed, "XFAIL": passed, "FAIL": failed, "XPASS": failed, "ERROR": failed, "SKIP": skipped},
		},
		plan.RunnerBun: {
			line: lazy(`^ *\d+ (pass|fail|skip|todo)$`), pairs: numberWord,
			words: map[string]outcome{"pass": passed, "fail": failed, "skip": skipped, "todo": skipped},
			none:  lazy(`^error: 0 test files matching|^No tests found!`),
		},
		plan.RunnerPHPUnit: {
			line: lazy(`^OK \(\d+ tests?,|^Tests: \d+, Assertions: `), pairs: lazy(`(?P<word>\(|[A-Z][a-z]+: )(?P<number>\d+)`),
			words: map[string]outcome{"(": all, "Tests: ": all, "Failures: ": failed, "Errors: ": failed, "Skipped: ": skipped,
				"Incomplete: ": skipped, "Risky: ": skipped},
			none: lazy(`^No tests executed!`), absent: lazy(`^\d+\) Warning$`), // before PHPUnit 10, for a class without tests
		},
		plan.RunnerPest: {
			line: lazy(`^ *Tests: +\d+ [a-z]+`), pairs: numberWord, none: lazy(`^ *(INFO +)?No tests (found|executed)`),
			words: map[string]outcome{"passed": passed, "failed": failed, "skipped": skipped, "todo": skipped, "todos": skipped,
				"incomplete": skipped, "risky": skipped, "deprecated": passed, "warnings": passed, "warning": passed, "notices": passed},
		},
		plan.RunnerNette: {
			line: lazy(`^(OK|FAILURES!) \(\d+ tests?,`), pairs: numberWord, none: lazy(`^No tests found`),
			words: map[string]outcome{"test": all, "tests": all, "failure": failed, "failures": failed, "skipped": skipped},
		},
		plan.RunnerRuby: {
			line: lazy(`^\d+ (runs|tests|examples?), .*\d+ (failures?|errors)\b`), pairs: numberWord,
			words: map[string]outcome{"runs": all, "tests": all, "example": all, "examples": all, "failure": failed, "failures": failed,
				"errors": failed, "skips": skipped, "pending": skipped, "pendings": skipped, "omissions": skipped},
		},
		plan.RunnerDeno: {
			line: lazy(`^(ok|FAILED) \| \d+ passed`), pairs: numberWord, none: lazy(`^error: No test modules found`),
			words: map[string]outcome{"passed": passed, "failed": failed, "ignored": skipped},
		},
		plan.RunnerExUnit: {
			line: lazy(`^(\d+ [a-z]+, )*\d+ (tests?|doctests?|properties|property), (\d+ [a-z]+, )*\d+ failures?`), pairs: numberWord,
			words: map[string]outcome{"test": all, "tests": all, "doctest": all, "doctests": all, "property": all, "properties": all,
				"failure": failed, "failures": failed, "invalid": failed, "skipped": skipped, "excluded": skipped},
			none: lazy(`^There are no tests to run`),
		},
		plan.RunnerProve: {
			line:  lazy(`^Files=\d+, Tests=\d+,|^\S.*\(Wstat: .*Tests: \d+ Failed: \d+\)$`),
			pairs: lazy(`(?P<word>, Tests=|Failed: )(?P<number>\d+)`),
			words: map[string]outcome{", Tests=": all, "Failed: ": failed},
		},
		plan.RunnerBusted: {
			line:  lazy(`^\d+ success(es)? / \d+ failures? / \d+ errors? / \d+ pending`),
			pairs: numberWord,
			words: map[string]outcome{"success": passed, "successes": passed, "failure": failed, "failures": failed, "error": failed,
				"errors": failed, "pending": skipped},
		},
		plan.RunnerDart: {
			line:  lazy(`^\d+:\d\d \+\d+( ~\d+)?( -\d+)?: (All (other )?tests passed!|All tests skipped\.|Some tests failed\.)$`),
			pairs: lazy(`(?P<word>[+~-])(?P<number>\d+)`), none: lazy(`^No tests (ran|were found)\.$`),
			words: map[string]outcome{"+": passed, "-": failed, "~": skipped},
		},
		plan.RunnerZig: {
			line: lazy(`^Build Summary: .*/\d+ tests passed`), none: lazy(`^Build Summary: \d+/\d+ steps succeeded(; \d+ skipped)?$`),
			pairs: lazy(`(?:^Build Summary: \d+/\d+ steps succeeded(?:; \d+ skipped)?(?:; \d+ failed)?; )?` +
				`(?P<number>\d+)(?:/\d+ tests)? (?P<word>[a-z]+)`),
			words: map[string]outcome{"passed": passed, "failed": failed, "crashed": failed, "timed": failed, "skipped": skipped},
		},
	}
})

// totals reads the lines of one format.
type totals struct {
	totalsFormat
	sum, block Counts
	known      bool
	inBlock    bool
	// placeholders are the lines about what is no test.
	placeholders int
}

func (t *totals) line(text string) {
	switch {
	case t.none != nil && t.none().MatchString(text):
		t.known = true
	case t.absent != nil && t.absent().MatchString(text):
		t.placeholders++
	case t.totalsFormat.line().MatchString(text):
		t.add(text)
	case t.first != "":
		t.inBlock = false
	}
}

// add adds the totals of a line. In a block they wait for its end.
func (t *totals) add(text string) {
	n, word := t.read(text)
	switch {
	case t.first == "" && t.last:
		t.sum, t.known = n, true
	case t.first == "":
		t.sum, t.known = t.sum.Plus(n), true
	case word == t.first:
		t.block, t.inBlock = Counts{}, true
	case t.inBlock:
		t.block = t.block.Plus(n)
		if word == t.end {
			t.sum, t.known, t.inBlock = t.sum.Plus(t.block), true, false
		}
	}
}

// read returns the totals of a line, and the last word with a number.
func (t *totals) read(text string) (n Counts, word string) {
	pairs := t.pairs()
	for _, m := range pairs.FindAllStringSubmatch(text, -1) {
		number, _ := strconv.Atoi(m[pairs.SubexpIndex("number")])
		word = m[pairs.SubexpIndex("word")]
		how, counts := t.words[word]
		switch {
		case !counts:
		case how == passed, how == all:
			n.Passed += number
		case how == failed:
			n.Failed += number
		default:
			n.Skipped += number
		}
		if counts && how != all && t.ofAll() {
			n.Passed -= number // it is among all
		}
	}
	return n, word
}

// all is what a word counts as that has the number of all tests, of which the others are a part.
const all outcome = -1

func (t *totals) ofAll() bool {
	return slices.Contains(slices.Collect(maps.Values(t.words)), all)
}

func (t *totals) counts() (Counts, bool) {
	n := t.sum
	n.Passed = max(0, n.Passed-t.placeholders) // an error outside of all tests is none of them
	if n.Total() > 0 {
		n.Skipped += t.placeholders
	}
	return n, t.known
}
