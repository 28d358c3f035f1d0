package cli_test

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// failing has a failing test for each example.
var failing = map[string]struct{ file, text string }{
	"go-service": {"internal/tide/bad_test.go",
		"package tide\n\nimport \"testing\"\n\nfunc TestBad(t *testing.T) { t.Error(\"is bad\") }\n"},
	"node-app": {"test/bad.test.js",
		"const test = require('node:test');\ntest('bad', () => { throw new Error('is bad'); });\n"},
	"python-lib": {"tests/test_bad.py",
		"import unittest\n\n\nclass Bad(unittest.TestCase):\n    def test_bad(self):\n        self.fail('is bad')\n"},
	"rust-cli": {"tests/bad.rs", "#[test]\nfn bad() {\n    panic!(\"is bad\");\n}\n"},
}

// TestReportsOfTheStacks checks that --reports writes JUnit files for each stack, with failures of failing tests, and that
// their places are events.
func TestReportsOfTheStacks(t *testing.T) {
	t.Parallel()
	for name, bad := range failing {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			needTools(t, name)
			dir := checkout(t, name)
			out := filepath.Join(t.TempDir(), "out")
			run(t, dir, 0, "test", "--reports", out)
			if cases, failures := junit(t, out); cases == 0 || failures != 0 {
				t.Errorf("passing: %d cases, %d failures", cases, failures)
			}
			if name == "node-app" && strings.Contains(read(t, dir, "package.json"), `"type": "module"`) {
				bad.text = strings.Replace(bad.text, "const test = require('node:test')",
					"import test from 'node:test'", 1)
			}
			if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(bad.file)), []byte(bad.text),
				0o644); err != nil {
				t.Fatal(err)
			}
			events := run(t, dir, 1, "test", "--reports", out, "--json")
			if cases, failures := junit(t, out); cases == 0 || failures == 0 {
				t.Errorf("failing: %d cases, %d failures", cases, failures)
			}
			if found := finding(bad.file).FindString(events); found == "" {
				t.Errorf("no event says where it failed:\n%s", events)
			}
		})
	}
}

// finding finds the event of a line of a file that says what is bad.
func finding(file string) *regexp.Regexp {
	return regexp.MustCompile(`"type":"finding".*is bad".*"file":"` + regexp.QuoteMeta(file) + `","line":\d+`)
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// junit counts the cases in the reports of a folder.
func junit(t *testing.T, dir string) (cases, failures int) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.xml"))
	if err != nil || len(names) == 0 {
		t.Fatalf("there is no report in %s: %v", dir, err)
	}
	for _, name := range names {
		d := xml.NewDecoder(strings.NewReader(read(t, dir, filepath.Base(name))))
		for token, err := d.Token(); err == nil; token, err = d.Token() {
			if start, ok := token.(xml.StartElement); ok && start.Name.Local == "testcase" {
				cases++
			} else if ok && (start.Name.Local == "failure" || start.Name.Local == "error") {
				failures++
			}
		}
	}
	return cases, failures
}
