package report

import (
	"fmt"
	"path"
	"strings"
	"testing"
)

// TestFindings has the output of many tools, as they print it.
func TestFindings(t *testing.T) {
	for name, c := range map[string]struct{ output, want string }{
		"go test": {"--- FAIL: TestBad (0.00s)\n    bad_test.go:5: want 3, got 4\n    bad_test.go:6: second\n        with a line\nFAIL\nFAIL\texample.com/shop/web\t0.004s\nok  \texample.com/shop/tide\t0.1s\n",
			"bad_test.go:5:0 want 3, got 4 (example.com/shop/web)|bad_test.go:6:0 second (example.com/shop/web)"},
		"testify": {"    bad_test.go:9:\n        \tError Trace:\t/x/bad_test.go:9\n        \tError:      \tNot equal: \n",
			"bad_test.go:9:0 Error:      \tNot equal:"},
		"go panic": {"panic: runtime error: index out of range [recovered]\n\tpanic: again\n\ngoroutine 7 [running]:\ntesting.tRunner()\n\t/usr/lib/go/testing.go:1 +0x1\nx.Bad()\n\t/x/bad.go:3 +0x1d\n",
			"/x/bad.go:3:0 panic: again"},
		"go build":   {"# example.com/shop\n./bad.go:5:2: undefined: y\nvet: ./bad.go:7:3: z\n", "./bad.go:5:2 undefined: y|./bad.go:7:3 z"},
		"gcc":        {"bad.c:3:5: error: expected ';'\nbad.c:4:1: warning: unused\nother.c:1:1: error: x\n", "bad.c:3:5 error: expected ';'|bad.c:4:1 warning: unused!"},
		"tsc":        {"bad.ts(3,5): error TS2322: no\n\x1b[96mbad.ts\x1b[0m:\x1b[93m4\x1b[0m:\x1b[93m6\x1b[0m - error TS1: x\n", "bad.ts:3:5 error TS2322: no|bad.ts:4:6 error TS1: x"},
		"rustc":      {"error[E0308]: mismatched types\n --> src/bad.rs:4:5\n  |\nwarning: unused\n  --> src/bad.rs:9:1\n", "src/bad.rs:4:5 error[E0308]: mismatched types|src/bad.rs:9:1 warning: unused!"},
		"cargo test": {"---- bad stdout ----\n\nthread 'bad' (7) panicked at tests/bad.rs:3:5:\nis bad\nnote: run with `RUST_BACKTRACE=1`\n", "tests/bad.rs:3:5 is bad"},
		"unittest": {"FAIL: test_bad (tests.test_bad.Bad)\n----\nTraceback (most recent call last):\n  File \"/x/test_bad.py\", line 6, in test_bad\n    self.fail('is bad')\n  File \"/usr/lib/python/unittest.py\", line 9, in fail\nAssertionError: is bad\n",
			"/x/test_bad.py:6:0 AssertionError: is bad"},
		"pytest":   {"    def test_bad():\n>       assert 1 == 2\nE       assert 1 == 2\nE        +  where\n\ntests/test_bad.py:5: AssertionError\n", "tests/test_bad.py:5:0 assert 1 == 2"},
		"ruff":     {"F401 [*] `os` imported but unused\n --> bad.py:1:8\n  |\nbad.py:2:1: E501 Line too long\n", "bad.py:1:8 F401 [*] `os` imported but unused|bad.py:2:1 E501 Line too long"},
		"mypy":     {"bad.py:3: error: no  [arg-type]\n", "bad.py:3:0 error: no  [arg-type]"},
		"node":     {"✖ bad (1ms)\n  Error: is bad\n      at TestContext.<anonymous> (file:///x/bad.test.js:2:29)\n      at Other (/x/bad.js:9:9)\n      at node:internal/x:1:1\n", "/x/bad.test.js:2:29 Error: is bad"},
		"jest":     {"  ● sum › adds\n\n    expect(received).toBe(expected)\n\n      at Object.<anonymous> (src/bad.test.js:5:15)\n", "src/bad.test.js:5:15 sum › adds"},
		"eslint":   {"/x/bad.js\n  3:5  error    'x' is not defined  no-undef\n  4:1  warning  late  x\n\n✖ 2 problems\n", "/x/bad.js:3:5 error: 'x' is not defined no-undef|/x/bad.js:4:1 warning: late x!"},
		"java":     {"java.lang.AssertionError: no\n\tat org.junit.Assert.fail(Assert.java:89)\n\tat a.b.Bad.ok(Bad.java:5)\n", "Bad.java:5:0 java.lang.AssertionError: no (a/b)"},
		"maven":    {"[ERROR] /x/Bad.java:[3,5] cannot find symbol\n", "/x/Bad.java:3:5 cannot find symbol"},
		"gofmt":    {"bad.go is not formatted (gofmt)\nother.go is not formatted (gofmt)\n", "bad.go:0:0 is not formatted"},
		"rustfmt":  {"Diff in /x/bad.rs:3:\n-a\n+b\nDiff in /x/bad.rs at line 9:\n", "/x/bad.rs:3:0 is not formatted|/x/bad.rs:9:0 is not formatted"},
		"black":    {"would reformat bad.py\nWould reformat: src/bad.py\nOh no!\n", "bad.py:0:0 is not formatted|src/bad.py:0:0 is not formatted"},
		"prettier": {"Checking formatting...\n[warn] src/bad.js\n[warn] Code style issues found in the above file.\n", "src/bad.js:0:0 is not formatted"},
		"nothing":  {"12:30: done\nhttp://bad.py:8: x\nsee README.md:3: x\n\nError: no\n", ""},
	} {
		known := func(file string) bool {
			return strings.Contains(path.Base(file), "bad") || strings.Contains(file, "Bad.java")
		}
		for _, size := range []int{1, 7, 1 << 20} {
			s := NewScanner(known)
			for rest := c.output; rest != ""; {
				n := min(size, len(rest))
				s.Add(rest[:n])
				rest = rest[n:]
			}
			var got []string
			for _, f := range s.Findings() {
				text := fmt.Sprintf("%s:%d:%d %s", f.File, f.Line, f.Column, f.Message)
				if f.Package != "" {
					text += " (" + f.Package + ")"
				}
				if f.Warning {
					text += "!"
				}
				got = append(got, text)
			}
			if all := strings.Join(got, "|"); all != c.want {
				t.Errorf("%s by %d:\ngot  %q\nwant %q", name, size, all, c.want)
			}
		}
	}
}

func FuzzFindings(f *testing.F) {
	f.Add("bad_test.go:5: want 3, got 4\nFAIL\tx\n  File \"a\", line 6\nError: x\nthread panicked at a:1:2:")
	f.Fuzz(func(t *testing.T, output string) {
		s := NewScanner(func(file string) bool { return len(file)%2 == 0 })
		for _, piece := range strings.SplitAfter(output, " ") {
			s.Add(piece)
		}
		if n := len(s.Findings()); n > maxFindings {
			t.Errorf("%d findings", n)
		}
	})
}
