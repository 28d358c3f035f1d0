package report

import "strings"

// A goNested tells the tests of a package from those that one of its tests runs, as the tests of a library for tests do:
// these begin while another test runs, and the failure of one is no failure of the package.
type goNested struct {
	running map[string]bool // tests that have begun, and neither ended nor wait for others
	own     map[string]bool // whether a test that has begun is one of the package
}

// has takes the next event of a test, and reports whether the test is one of the package. A subtest is if its test is one.
func (n *goNested) has(e goEvent) bool {
	if n.own == nil {
		n.running, n.own = map[string]bool{}, map[string]bool{}
	}
	test, _, inner := strings.Cut(e.Test, "/")
	if !inner && e.Action == "run" {
		n.own[test] = len(n.running) == 0
	}
	own := n.own[test]
	if !inner && own {
		n.follow(test, e.Action)
	}
	return own
}

func (n *goNested) follow(test, action string) {
	switch action {
	case "run", "cont":
		n.running[test] = true
	case "pause", "pass", "fail", "skip":
		delete(n.running, test)
	}
}
