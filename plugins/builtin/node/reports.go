package node

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// runners are the test runners that have reports or that coverage tools run.
var runners = []string{"mocha", "jest", "vitest", "ava", "tap", "tape", "uvu", "jasmine", "playwright", "bun",
	"lab", "borp"}

// reports returns the reports that a script can write. Node's test runner takes its reporters from the
// environment, so it may be anywhere in the script. Others take them as arguments, which reach only the last
// command.
func (s script) reports(m *manifest) []plan.Report {
	var native []command
	for _, c := range s.commands {
		if c[0] == "node" && c.flag("--test") || c[0] == "tsx" && c.flag("--test") {
			native = append(native, c)
		}
	}
	if len(native) == 1 {
		return nodeReport(native[0])
	}
	last := lastCommand(s.text)
	several := 0
	for _, c := range s.commands {
		if slices.Contains(runners, c[0]) {
			several++
		}
	}
	if len(native) > 0 || len(last) == 0 || several > 1 {
		return nil // the report would not cover all tests
	}
	return last.report(m)
}

// lastCommand returns the command that receives the arguments of a script, or nil if something follows it.
func lastCommand(text string) command {
	all := split(text)
	if len(all) == 0 || strings.HasSuffix(strings.TrimSpace(text), ")") ||
		strings.Contains(strings.ReplaceAll(text, "||", ""), "|") {
		return nil
	}
	c := all[len(all)-1].unwrapped()
	if len(c) > 1 && slices.Contains([]string{"pnpm", "yarn", "bun"}, c[0]) &&
		slices.Contains(runners, c[1]) {
		c = c[1:]
	}
	return c
}

// nodeReport returns a JUnit report of Node's test runner, beside the output on the screen. Each reporter
// needs a destination, and those in the environment precede those of the script.
func nodeReport(c command) []plan.Report {
	options := `--test-reporter=junit --test-reporter-destination="{report}"`
	switch {
	case !c.flag("--test-reporter"):
		options = "--test-reporter=spec --test-reporter-destination=stdout " + options
	case !c.flag("--test-reporter-destination"):
		options += " --test-reporter-destination=stdout"
	}
	return []plan.Report{{Format: "junit", Env: map[string]string{"NODE_OPTIONS": options}}}
}

// report returns the report of a test runner, or nil if it is not known.
func (c command) report(m *manifest) []plan.Report {
	junit := func(env map[string]string, args ...string) []plan.Report {
		return []plan.Report{{Format: "junit", Args: args, Env: env}}
	}
	tap := func(args ...string) []plan.Report {
		return []plan.Report{{Format: "tap", Stdout: true, Args: args}}
	}
	switch c[0] {
	case "vitest":
		return junit(nil, "--reporter=default", "--reporter=junit", "--outputFile.junit={report}")
	case "jest":
		if m.has("jest-junit") {
			return junit(map[string]string{"JEST_JUNIT_OUTPUT_FILE": "{report}"}, "--reporters=default",
				"--reporters=jest-junit")
		}
	case "playwright":
		return junit(map[string]string{"PLAYWRIGHT_JUNIT_OUTPUT_FILE": "{report}"}, "--reporter=list,junit")
	case "bun":
		return junit(nil, "--reporter=junit", "--reporter-outfile={report}")
	case "mocha":
		// Mocha has one reporter at a time. Of its own ones, this is the one that both people and programs
		// can read.
		return tap("--reporter", "tap")
	case "ava":
		return tap("--tap")
	case "tap":
		return tap("--reporter=tap")
	case "tape":
		return tap()
	}
	return nil
}
