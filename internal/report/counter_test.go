package report

import (
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins/plan"
)

// goStream returns a stream of go test -json of events "ACTION PACKAGE [TEST]".
func goStream(events ...string) string {
	var b strings.Builder
	for _, e := range events {
		words := append(strings.Fields(e), "")
		b.WriteString(`{"Action":"` + words[0] + `","Package":"` + words[1] + `","Test":"` + words[2] + `"}` + "\n")
	}
	return b.String()
}

// The texts are what the runners print, at the ends of their outputs.
func TestCounter(t *testing.T) {
	for _, c := range []struct {
		name, format, text string
		want               Counts
		unknown            bool
	}{
		{"go", plan.FormatGoTestJSON, goStream("start p", "run p A", "run p A/x", "pass p A/x", "pass p A", "run p B",
			"skip p B", "pass p") + "FAIL\n" + goStream("start q", "run q A", "fail q A", "fail q"), Counts{2, 1, 1}, false},
		{"go, repeated", plan.FormatGoTestJSON, goStream("run p A", "fail p A", "run p A", "pass p A", "fail p"),
			Counts{1, 1, 0}, false},
		{"go, a test that did not end", plan.FormatGoTestJSON, goStream("run p A", "run p A/x", "fail p A/x", "fail p"),
			Counts{0, 2, 0}, false},
		{"go, cut off", plan.FormatGoTestJSON, goStream("run p A", "pass p A", "run p B"), Counts{1, 1, 0}, false},
		{"go, a failure inside of a test that passes", plan.FormatGoTestJSON,
			goStream("run p A", "run p In", "fail p In", "pass p A", "pass p"), Counts{2, 0, 0}, false},
		{"go, a failure that TestMain hides", plan.FormatGoTestJSON, goStream("run p A", "fail p A", "run p B", "run p B/x", "fail p B/x",
			"fail p B", "pass p"), Counts{0, 3, 0}, false},
		{"go, a failure of a parallel test that TestMain hides", plan.FormatGoTestJSON, goStream("run p A", "pause p A", "run p B", "pause p B",
			"cont p A", "cont p B", "fail p A", "pass p B", "pass p"), Counts{1, 1, 0}, false},
		{"go, a failure that a test prints", plan.FormatGoTestJSON, goStream("run p A", "fail p In", "pass p A", "pass p"), Counts{2, 0, 0}, false},
		{"go, no tests", plan.FormatGoTestJSON, goStream("start p", "pass p", "start q", "skip q"), Counts{}, false},
		{"go, no stream", plan.FormatGoTestJSON, "ok  \tp\t0.1s\n", Counts{}, true},
		{"go, a line without an end", plan.FormatGoTestJSON, strings.Repeat("x", 2*maxLine) +
			goStream("run p A", "pass p A", "pass p"), Counts{}, true},
		{"libtest", plan.FormatLibtest, "test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.00s\n\n" +
			"test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s", Counts{3, 1, 1}, false},
		{"libtest, none", plan.FormatLibtest, "running 0 tests\n\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n", Counts{}, false},
		{"libtest, no compiler", plan.FormatLibtest, "error: could not compile `a`\n", Counts{}, true},
		{"nextest", plan.RunnerNextest, "     Summary [   0.005s] 4 tests run: 2 passed (1 slow), 1 failed, 1 exec failed, 3 skipped\n", Counts{2, 2, 3}, false},
		{"unittest", plan.FormatUnittest, "Ran 5 tests in 0.001s\n\nFAILED (failures=1, errors=1, skipped=1, expected failures=1)\n", Counts{2, 2, 1}, false},
		{"unittest, a test of which three subtests fail", plan.FormatUnittest, strings.Repeat(unitBar+
			"\nFAIL: test_bad (test_u.A.test_bad) (i=0)\n"+unitRule+"\nAssertionError\n\n", 3) +
			"Ran 4 tests in 0.003s\n\nFAILED (failures=3, skipped=1)\n", Counts{2, 1, 1}, false},
		{"unittest, unexpected", plan.FormatUnittest, unitBar + "\nUNEXPECTED SUCCESS: test_a (t.A.test_a)\n" + unitRule +
			"\nRan 2 tests in 0.003s\n\nFAILED (unexpected successes=1)\n", Counts{1, 1, 0}, false},
		{"unittest, none", plan.FormatUnittest, "Ran 0 tests in 0.000s\n\nNO TESTS RAN\n", Counts{}, false},
		{"unittest, two runs", plan.FormatUnittest, "Ran 1 test in 0.0s\n\nOK\nRan 2 tests in 0.0s\n\nOK (skipped=1)\n", Counts{2, 0, 1}, false},
		{"pytest", plan.RunnerPytest, "===== 1 failed, 1 passed, 1 skipped, 1 xfailed, 2 warnings, 1 error in 0.04s =====\n", Counts{2, 2, 1}, false},
		{"pytest -q", plan.RunnerPytest, "12 passed in 61.00s (0:01:01)\n", Counts{12, 0, 0}, false},
		{"pytest in colour", plan.RunnerPytest, "\x1b[32m==== \x1b[32m\x1b[1m1 passed\x1b[0m, \x1b[33m4 deselected\x1b[0m\x1b[32m in 0.04s\x1b[0m\x1b[32m ====\x1b[0m", Counts{1, 0, 0}, false},
		{"pytest, subtests", plan.RunnerPytest, "==== 3 passed, 2 subtests passed in 0.04s ====", Counts{3, 0, 0}, false},
		{"pytest, the last counts", plan.RunnerPytest, "1 failed in 0.1s\n2 passed in 0.1s\n", Counts{2, 0, 0}, false},
		{"pytest, none", plan.RunnerPytest, "==== no tests ran in 0.01s ====\n", Counts{}, false},
		{"pytest, all deselected", plan.RunnerPytest, "5 deselected in 0.01s\n", Counts{}, false},
		{"pytest -qq", plan.RunnerPytest, "..   [100%]\n", Counts{}, true},
		{"node, TAP", plan.RunnerNode, "# tests 7\nok 1 - a\n1..5\n# tests 5\n# suites 1\n# pass 2\n# fail 1\n# cancelled 0\n# skipped 1\n# todo 1\n# duration_ms 269.8\n", Counts{2, 1, 2}, false},
		{"node, spec", plan.RunnerNode, "\x1b[34mℹ tests 3\x1b[39m\nℹ suites 0\nℹ pass 2\nℹ fail 0\nℹ cancelled 1\nℹ skipped 0\nℹ todo 0\nℹ duration_ms 5\n", Counts{2, 1, 0}, false},
		{"node, cut off", plan.RunnerNode, "# tests 5\n# suites 1\n# pass 2\n", Counts{}, true},
		{"jest", plan.RunnerJest, "Test Suites: 1 failed, 1 passed, 2 total\nTests:       1 failed, 1 skipped, 1 todo, 2 passed, 5 total\n", Counts{2, 1, 2}, false},
		{"jest, none", plan.RunnerJest, "No tests found, exiting with code 0\n", Counts{}, false},
		{"vitest", plan.RunnerVitest, "\x1b[2m Test Files \x1b[22m 1 failed (1)\n\x1b[2m      Tests \x1b[22m \x1b[31m1 failed\x1b[39m | \x1b[32m2 passed\x1b[39m | 1 skipped | 1 todo (5)\n", Counts{2, 1, 2}, false},
		{"vitest, none", plan.RunnerVitest, "No test files found, exiting with code 0\n", Counts{}, false},
		{"mocha", plan.RunnerMocha, "  3 passing (5ms)\n  1 pending\n  2 failing\n\n  1) bad:\n", Counts{3, 2, 1}, false},
		{"mocha, none", plan.RunnerMocha, "\n  0 passing (1ms)\n", Counts{}, false},
		{"ava", plan.RunnerAva, "  1 test failed\n  2 tests passed\n  1 test skipped\n  1 test todo\n", Counts{2, 1, 2}, false},
		{"bun", plan.RunnerBun, " 3 pass\n 1 skip\n 2 fail\n 6 expect() calls\nRan 6 tests across 1 file.\n", Counts{3, 2, 1}, false},
		{"phpunit", plan.RunnerPHPUnit, "OK (12 tests, 30 assertions)\n", Counts{12, 0, 0}, false},
		{"phpunit, failures", plan.RunnerPHPUnit, "FAILURES!\nTests: 7, Assertions: 9, Errors: 1, Failures: 1, Warnings: 1, Skipped: 1, Incomplete: 1, Risky: 1.\n", Counts{2, 2, 3}, false},
		{"phpunit, a class without tests", plan.RunnerPHPUnit, "There was 1 warning:\n\n1) Warning\nNo tests found in class \"FooTest\".\n\nWARNINGS!\nTests: 1, Assertions: 0, Warnings: 1.\n", Counts{}, false},
		{"phpunit, a warning of a test that passed", plan.RunnerPHPUnit, "1) BarTest::testA\nassertFileNotExists() is deprecated\n\n2) Warning\nNo tests found in class \"FooTest\".\n\nWARNINGS!\nTests: 4, Assertions: 1, Warnings: 2, Incomplete: 1, Risky: 1.\n", Counts{1, 0, 3}, false},
		{"phpunit, none", plan.RunnerPHPUnit, "No tests executed!\n", Counts{}, false},
		{"pest", plan.RunnerPest, "\n  \x1b[90mTests:\x1b[39m    \x1b[31;1m1 failed\x1b[39m, 1 todo, 1 skipped, 3 passed (5 assertions)\n", Counts{3, 1, 2}, false},
		{"nette", plan.RunnerNette, "FAILURES! (5 tests, 1 failure, 1 skipped, 0.3 seconds)\n", Counts{3, 1, 1}, false},
		{"rspec", plan.RunnerRuby, "12 examples, 1 failure, 2 pending\n", Counts{9, 1, 2}, false},
		{"rspec, none", plan.RunnerRuby, "0 examples, 0 failures\n", Counts{}, false},
		{"rspec, an error outside of examples", plan.RunnerRuby, "0 examples, 0 failures, 1 error occurred outside of examples\n", Counts{}, false},
		{"minitest, twice", plan.RunnerRuby, "5 runs, 9 assertions, 1 failures, 1 errors, 1 skips\n3 runs, 3 assertions, 0 failures, 0 errors, 0 skips\n", Counts{5, 2, 1}, false},
		{"test-unit", plan.RunnerRuby, "4 tests, 5 assertions, 0 failures, 0 errors, 1 pendings, 1 omissions, 0 notifications\n", Counts{2, 0, 2}, false},
		{"deno", plan.RunnerDeno, "\x1b[0m\x1b[32mok\x1b[0m | 12 passed (3 steps) | 0 failed | 1 ignored | 4 filtered out \x1b[0m\x1b[90m(2ms)\x1b[0m\n", Counts{12, 0, 1}, false},
		{"exunit", plan.RunnerExUnit, "1 doctest, 2 properties, 5 tests, 1 failure, 1 excluded, 1 invalid, 1 skipped\n", Counts{4, 2, 2}, false},
		{"exunit, none", plan.RunnerExUnit, "There are no tests to run\n", Counts{}, false},
		{"prove", plan.RunnerProve, "t/a.t (Wstat: 256 (exited 1) Tests: 5 Failed: 2)\n  Failed tests:  2-3\nFiles=3, Tests=12,  1 wallclock secs\nResult: FAIL\n", Counts{10, 2, 0}, false},
		{"prove, none", plan.RunnerProve, "Files=0, Tests=0,  0 wallclock secs ( 0.00 usr +  0.00 sys =  0.00 CPU)\nResult: NOTESTS\n", Counts{}, false},
		{"busted", plan.RunnerBusted, "12 successes / 1 failure / 1 error / 2 pending : 0.1 seconds\n", Counts{12, 2, 2}, false},
		{"dart", plan.RunnerDart, "00:00 +0: test/a_test.dart: +3: a\n00:01 +2 ~1 -1: Some tests failed.\n", Counts{2, 1, 1}, false},
		{"dart, all", plan.RunnerDart, "00:12 +92 ~1: All other tests passed!\n", Counts{92, 0, 1}, false},
		{"dart, none", plan.RunnerDart, "No tests ran.\n", Counts{}, false},
		{"dart, no compiler", plan.RunnerDart, "Could not find package `test`\n", Counts{}, true},
		{"zig", plan.RunnerZig, "Build Summary: 3/5 steps succeeded; 1 failed; 1/3 tests passed; 1 skipped; 1 failed\ntest transitive failure\n" +
			"+- run test 1/3 passed, 1 failed, 1 skipped\n", Counts{1, 1, 1}, false},
		{"zig, a leak", plan.RunnerZig, "Build Summary: 3/5 steps succeeded; 1 failed; 2/3 tests passed; 1 skipped; 1 leaked\n", Counts{2, 0, 1}, false},
		{"zig, none", plan.RunnerZig, "Build Summary: 5/5 steps succeeded\ntest success\n", Counts{}, false},
		{"zig, no compiler", plan.RunnerZig, "Build Summary: 1/3 steps succeeded; 1 failed\n", Counts{}, true},
		{"tap", plan.FormatTAP, "1..4\nok 1 a\nnot ok 2 b\nok 3 c # skip no network\n    ok 1 sub\nok 4 - d\n", Counts{2, 1, 1}, false},
		{"tap, none", plan.FormatTAP, "1..0\n", Counts{}, false},
	} {
		for _, size := range []int{1, 7, 4096} {
			counter := NewCounter(c.format)
			for text := c.text; text != ""; {
				n := min(size, len(text))
				counter.Add("stdout", text[:n])
				text = text[n:]
			}
			if got, known := counter.Counts(); known == c.unknown || known && got != c.want {
				t.Errorf("%s in pieces of %d: got %+v, %t, wanted %+v, %t", c.name, size, got, known, c.want, !c.unknown)
			}
		}
	}
}

// The two streams of a step come in turns, in the middle of lines too.
func TestACounterKeepsStreamsApart(t *testing.T) {
	c := NewCounter(plan.RunnerJest)
	c.Add("stderr", "Tests:       2 pas")
	c.Add("stdout", "printed")
	c.Add("stderr", "sed, 2 total")
	if got, known := c.Counts(); !known || got != (Counts{Passed: 2}) {
		t.Errorf("got %+v, %t", got, known)
	}
}

func TestEachTestRunnerOfPlansIsCounted(t *testing.T) {
	for _, name := range plan.TestRunners {
		if NewCounter(name) == nil {
			t.Errorf("%s is not counted", name)
		}
	}
	if NewCounter(plan.FormatSARIF) != nil {
		t.Error("SARIF is no report of tests")
	}
}

func TestCountCases(t *testing.T) {
	for text, want := range map[string]Counts{
		`<testsuites><testsuite><testcase name="a"/><testcase><failure/></testcase></testsuite></testsuites>`:                                          {1, 1, 0},
		`<testsuite><testcase><skipped/></testcase><testcase><system-out>x</system-out></testcase></testsuite>`:                                        {1, 0, 1},
		`<testsuite><testcase name="Warning" assertions="0"><warning type="PHPUnit\Framework\Warning">No tests found</warning></testcase></testsuite>`: {},
		`<testsuite><testcase name="testB" classname="BarTest"><error type="PHPUnit\Framework\RiskyTestError">x</error></testcase></testsuite>`:        {0, 0, 1},
		`<testsuite><testcase name="Warning" classname="BarTest"><warning>x</warning></testcase><testcase name="D" status="notrun"/></testsuite>`:      {1, 0, 1},
		`<testsuite><testcase><skipped/><error/></testcase><testcase><failure>cut`:                                                                     {0, 2, 0},
	} {
		if got, known := CountCases([]byte(text)); !known || got != want {
			t.Errorf("%s: got %+v, %t, wanted %+v", text, got, known, want)
		}
	}
	if _, known := CountCases([]byte(`{"version":"2.1.0","runs":[]}`)); known {
		t.Error("SARIF has no cases")
	}
}

// A test that failed, and passed when it was repeated, has failed.
func TestARepeatedTestIsTwoCases(t *testing.T) {
	stream := goStream("run p A", "fail p A", "run p A", "pass p A", "fail p")
	out, err := Convert(plan.FormatGoTestJSON, []byte(stream), "x")
	if got, _ := CountCases(out); err != nil || got != (Counts{1, 1, 0}) {
		t.Errorf("got %+v, %v\n%s", got, err, out)
	}
}
