package report

import "strconv"

// unittestTotals reads "Ran 5 tests in 0.1s", and what follows: "FAILED (failures=1, errors=1, skipped=2)". That has a
// failure for each subtest, so the tests that failed are counted by the titles of the blocks about them.
type unittestTotals struct {
	sum    Counts
	ran    int
	open   bool            // the verdict has not come yet
	bar    bool            // the line before was the bar above a block
	failed map[string]bool // the tests with a block
	known  bool
}

var unitDetail = lazy(`(expected failures|unexpected successes|failures|errors|skipped)=(\d+)`)

func (u *unittestTotals) line(text string) {
	after := u.bar
	u.bar = text == unitBar
	switch ran := unitRan().FindStringSubmatch(text); {
	case ran != nil:
		u.ran, _ = strconv.Atoi(ran[1])
		u.open = true
	case after:
		u.title(text)
	case u.open && unitEnd().MatchString(text):
		u.end(text)
	}
}

// title notes the test of a block.
func (u *unittestTotals) title(text string) {
	m := unitBlock().FindStringSubmatch(text)
	if m == nil || m[1] == "UNEXPECTED SUCCESS" {
		return
	}
	name := m[2]
	if test := unitStart().FindStringSubmatch(name); test != nil {
		name = test[1] + " " + test[2]
	}
	if u.failed == nil {
		u.failed = map[string]bool{}
	}
	u.failed[name] = true
}

// end adds the totals of a run; another may follow.
func (u *unittestTotals) end(verdict string) {
	said := map[string]int{}
	for _, m := range unitDetail().FindAllStringSubmatch(verdict, -1) {
		said[m[1]], _ = strconv.Atoi(m[2])
	}
	n := Counts{Failed: said["failures"] + said["errors"], Skipped: said["skipped"]}
	if len(u.failed) > 0 {
		n.Failed = min(n.Failed, len(u.failed))
	}
	n.Failed += said["unexpected successes"]
	n.Passed = max(u.ran-n.Failed-n.Skipped, 0)
	*u = unittestTotals{sum: u.sum.Plus(n), known: true}
}

func (u *unittestTotals) counts() (Counts, bool) { return u.sum, u.known }
