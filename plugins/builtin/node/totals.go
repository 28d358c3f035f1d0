package node

import (
	"slices"

	"github.com/davit-dev/davit/plugins/plan"
)

// testRunner returns the test runner of all commands that run tests, if davit can read its totals; "" if there is
// none, or if they have several.
func testRunner(commands []command) (found string) {
	for _, c := range commands {
		switch runner, tests := c.testRunner(); {
		case !tests:
		case runner == "" || found != "" && found != runner:
			return ""
		default:
			found = runner
		}
	}
	return found
}

// testRunner returns the runner of a command as plans name it, or "" for another one; tests is false if the command
// runs no tests.
func (c command) testRunner() (runner string, tests bool) {
	switch {
	case (c[0] == "node" || c[0] == "tsx") && c.flag("--test"):
		return plan.RunnerNode, true
	case c[0] == "react-scripts" && slices.Contains(c, "test"):
		return plan.RunnerJest, true
	case c[0] == "bun":
		return plan.RunnerBun, len(c) > 1 && c[1] == "test"
	case slices.Contains(plan.TestRunners, c[0]):
		return c[0], true
	}
	return "", slices.Contains(runners, c[0])
}
