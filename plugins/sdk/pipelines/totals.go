package pipelines

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// printers are the test runners whose totals davit reads, by what a command of them does.
var printers = map[string]string{"pytest": plan.RunnerPytest, "node --test": plan.RunnerNode, "jest": plan.RunnerJest,
	"vitest": plan.RunnerVitest, "mocha": plan.RunnerMocha, "ava": plan.RunnerAva, "prove": plan.RunnerProve,
	"busted": plan.RunnerBusted, "phpunit": plan.RunnerPHPUnit, "pest": plan.RunnerPest, "rspec": plan.RunnerRuby,
	"deno test": plan.RunnerDeno, "cargo nextest": plan.RunnerNextest}

// TestRunner returns the test runner whose totals count the tests of some commands, or "".
func TestRunner(commands []recipes.Command) string { return printers[TestedBy(commands)] }

// TestedBy returns what the only one of some commands does that tests; "" if there is none, or another program may change what
// it prints.
func TestedBy(commands []recipes.Command) string {
	var found []string
	for _, c := range commands {
		call := Call{Command: c}
		if len(call.Checks(Test)) > 0 && c.Hidden+c.Ignored == "" && !strings.Contains(strings.Join(c.Words, " "), ">") {
			found = append(found, call.testsBy()...)
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// testsBy returns what a command does. Programs around "cargo test" print totals of their own.
func (c Call) testsBy() []string {
	if words := c.PlainWords(); words[0] == "cargo" && len(words) > 1 && !slices.Contains([]string{"test", "t"}, words[1]) {
		return []string{"cargo " + words[1]}
	}
	return c.Does()
}
