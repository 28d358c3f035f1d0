package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/davit-dev/davit/plugins/plan"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// document is JUnit XML as its readers decode it.
type document struct {
	Name     string `xml:"name,attr"`
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Errors   int    `xml:"errors,attr"`
	Skipped  int    `xml:"skipped,attr"`
	Suites   []struct {
		Name  string `xml:"name,attr"`
		Tests int    `xml:"tests,attr"`
		Cases []struct {
			Class   string  `xml:"classname,attr"`
			Name    string  `xml:"name,attr"`
			Failure *string `xml:"failure"`
			Error   *string `xml:"error"`
			Skipped *string `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

func parsed(t *testing.T, data []byte) (d document) {
	t.Helper()
	if err := xml.Unmarshal(data, &d); err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	return d
}

// outcomes returns one line for each case: "class name: failed".
func (d document) outcomes() (lines []string) {
	for _, s := range d.Suites {
		for _, c := range s.Cases {
			word := "passed"
			switch {
			case c.Failure != nil:
				word = "failed"
			case c.Error != nil:
				word = "error"
			case c.Skipped != nil:
				word = "skipped"
			}
			lines = append(lines, c.Class+" | "+c.Name+": "+word)
		}
	}
	return lines
}

func TestConvertToJUnit(t *testing.T) {
	for format := range parsers {
		files, _ := filepath.Glob(filepath.Join("testdata", format, "*.txt"))
		if len(files) == 0 {
			t.Errorf("%s has no captured output", format)
		}
		for _, file := range files {
			t.Run(format+"/"+filepath.Base(file), func(t *testing.T) { convertFile(t, format, file) })
		}
	}
}

func convertFile(t *testing.T, format, file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Convert(format, data, "shop")
	if err != nil {
		t.Fatal(err)
	}
	if err := validators["junit"](got); err != nil {
		t.Errorf("what is made does not pass the check for what others made: %v", err)
	}
	golden := strings.TrimSuffix(file, ".txt") + ".xml"
	if *update {
		if err := os.WriteFile(golden, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, _ := os.ReadFile(golden)
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("-want +got (-update rewrites it):\n%s", diff)
	}
}

func TestCasesByOutcome(t *testing.T) {
	for file, want := range map[string]string{
		"go-test-json/mixed": `
example.com/shop/bad | TestTable: failed
example.com/shop/bad | TestTable/one: passed
example.com/shop/bad | TestTable/two_words: failed
example.com/shop/bad | TestParallelA: failed
example.com/shop/bad | TestParallelB: passed
example.com/shop/bad | TestNoNewline: passed
example.com/shop/bad | TestSkipped: skipped
example.com/shop/bad | TestPasses: passed
example.com/shop/broken | build: error
example.com/shop/good | TestAdds: passed
example.com/shop/good | TestSkips: skipped
example.com/shop/good | Example: passed
example.com/shop/panics | TestFirst: passed
example.com/shop/panics | TestPanics: failed
example.com/shop/panics | TestPanics/deep/er: failed
example.com/shop/slow | package: error
example.com/shop/timeout | build: error`,
		"tap/node": `
shop | adds # hash: passed
shop | fails: failed
shop | skips: skipped
shop | todo: skipped
shop > cart | is empty: passed
shop > cart | throws <&>: failed
shop > cart > deep | leaf: passed
shop > parent | child ok: passed
shop | other file: passed
shop | node/test/c.test.js: failed`,
		"tap/perl": `
shop | first: passed
shop | numbers: failed
shop | test 3: skipped
shop | later: skipped
shop > deep | in: passed
shop > deep | not in: failed`,
		"tap/braces": `
shop > group | in braces: passed
shop > group | wrong # here: failed
shop | skipped group: skipped
shop | test 3: failed
shop | test: passed`,
		"tap/mocha": `
shop | is number: passed
shop | is bad: failed
shop | more: passed`,
		"tap/bail": `
shop | all: skipped
shop | one: passed
shop | plan: error`,
		"libtest/both": `
shop src/lib.rs | tests::adds: passed
shop src/lib.rs | tests::fails: failed
shop src/lib.rs | tests::panics: passed
shop src/lib.rs | tests::slow: skipped
shop src/lib.rs | tests::slower: skipped
shop src/lib.rs | tests::result: failed
shop tests/cli.rs | runs: passed
shop tests/cli.rs | works: failed
shop Doc-tests shop | src/lib.rs - add (line 3): passed
shop Doc-tests shop | src/lib.rs - add (line 7): failed`,
		"libtest/nocapture": `
shop | tests::adds: passed
shop | tests::fails: failed
shop | tests::panics: passed
shop | tests::result: failed
shop | tests::slow: skipped
shop | tests::slower: skipped`,
		"libtest/abort": `
shop src/lib.rs | tests::a_first: passed
shop src/lib.rs | tests::b_aborts: error`,
		"libtest/broken": `
shop | build: error`,
		"libtest/killed": `
shop | tests::adds: passed
shop | tests::fails: failed
shop | tests::panics: passed
shop | all: error`,
		"unittest/python3.8": `
unittest.loader._FailedTest | test_broken: error
test_shop.Cart | test_adds: passed
test_shop.Cart | test_documented: passed
test_shop.Cart | test_documented_fails: failed
test_shop.Cart | test_errors: error
test_shop.Cart | test_expected: passed
test_shop.Cart | test_fails: failed
test_shop.Cart | test_skipped: skipped
test_shop.Cart | test_unexpected: failed
test_shop.NoSetUp | setUpClass: error
test_shop.Cart | test_subtests (i=1): failed`,
		"unittest/killed": `
unittest.loader._FailedTest | test_broken: error
test_shop.Cart | test_adds: passed
test_shop.Cart | test_documented: passed
test_shop.Cart | test_documented_fails: failed
test_shop.Cart | test_errors: error
test_shop.Cart | test_expected: passed
test_shop.Cart | test_fails: failed
test_shop.Cart | test_skipped: skipped
test_shop.Cart | test_subtests (i=1): failed
test_shop.Cart | test_unexpected: error`,
		"unittest/python3.11": `
unittest.loader._FailedTest | test_broken: error
test_shop.Cart | test_adds: passed
test_shop.Cart | test_documented: passed
test_shop.Cart | test_documented_fails: failed
test_shop.Cart | test_errors: error
test_shop.Cart | test_expected: passed
test_shop.Cart | test_fails: failed
test_shop.Cart | test_skipped: skipped
test_shop.Cart | test_subtests (i=1): failed
test_shop.Cart | test_unexpected: failed
test_shop.NoSetUp | setUpClass: error`,
	} {
		t.Run(file, func(t *testing.T) {
			data, err := os.ReadFile("testdata/" + file + ".txt")
			if err != nil {
				t.Fatal(err)
			}
			got, err := Convert(filepath.Dir(file), data, "shop")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(strings.TrimSpace(want), "\n"),
				parsed(t, got).outcomes()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReportsWithoutTests(t *testing.T) {
	for format := range parsers {
		for _, text := range []string{"", "\n", "hello\n{\"a\":1}\n---\n..."} {
			if _, err := Convert(format, []byte(text), "shop"); !errors.Is(err, ErrEmpty) {
				t.Errorf("%s of %q: got %v, wanted ErrEmpty", format, text, err)
			}
		}
	}
	if _, err := Convert("html", nil, "shop"); err == nil || err.Error() != `unknown report format "html"` {
		t.Errorf("got %v", err)
	}
}

func TestReportsThatAreReturnedUnchanged(t *testing.T) {
	latin, _ := os.ReadFile("testdata/junit/suite.xml")
	for _, c := range []struct{ format, text, fault string }{
		{"junit", string(latin), ""},
		{"junit", `<testsuite name="a"/>`, ""},
		{"junit", `<?xml version="1.0" encoding="latin1"?><testsuite name="` + "\xe9" + `"/>`, ""},
		{"junit", `<testsuites><testsuite>`, "junit report: XML syntax error on line 1: unexpected EOF"},
		{"junit", `<html/>`, "junit report: its root is <html>, wanted <testsuites>"},
		{"junit", "", "junit report: it is empty"},
		{"checkstyle", `<checkstyle version="4.3"></checkstyle>`, ""},
		{"checkstyle", `<testsuites/>`, "checkstyle report: its root is <testsuites>, wanted <checkstyle>"},
		{"sarif", `{"version":"2.1.0","runs":[]}`, ""},
		{"sarif", `{"version":"2.1.0"}`, `sarif report: it has no "runs"`},
		{"sarif", `{"version"`, "sarif report: it is not a JSON object: unexpected end of JSON input"},
	} {
		got, err := Convert(c.format, []byte(c.text), "shop")
		if c.fault == "" && (err != nil || !bytes.Equal(got, []byte(c.text))) {
			t.Errorf("%s of %q: got %q, %v", c.format, c.text, got, err)
		}
		if c.fault != "" && (err == nil || err.Error() != c.fault) {
			t.Errorf("%s of %q: got %v, wanted %s", c.format, c.text, err, c.fault)
		}
	}
}

// A library for tests runs failing tests inside of its own.
func TestAPackageThatPassesHasNoFailedTest(t *testing.T) {
	stream := `{"Action":"run","Package":"x","Test":"TestOuter"}
{"Action":"run","Package":"x","Test":"TestInner"}
{"Action":"fail","Package":"x","Test":"TestInner","Elapsed":0}
{"Action":"pass","Package":"x","Test":"TestOuter","Elapsed":0}
{"Action":"pass","Package":"x","Elapsed":0.1}
`
	out, err := Convert("go-test-json", []byte(stream), "x")
	if err != nil || bytes.Contains(out, []byte("<failure")) ||
		!bytes.Contains(out, []byte(`name="TestInner"`)) {
		t.Errorf("got %v\n%s", err, out)
	}
}

// With -count=2 a test runs twice, and each time counts.
func TestATestThatFailsOnceHasFailed(t *testing.T) {
	for _, first := range []string{"fail", "pass"} {
		second := map[string]string{"fail": "pass", "pass": "fail"}[first]
		stream := `{"Action":"run","Package":"x","Test":"TestTide"}
{"Action":"` + first + `","Package":"x","Test":"TestTide"}
{"Action":"run","Package":"x","Test":"TestTide"}
{"Action":"` + second + `","Package":"x","Test":"TestTide"}
{"Action":"fail","Package":"x","Elapsed":0.1}
`
		out, err := Convert("go-test-json", []byte(stream), "x")
		if d := parsed(t, out); err != nil || d.Tests != 2 || d.Failures != 1 {
			t.Errorf("%s first: got %v\n%s", first, err, out)
		}
	}
}

func TestFormatsAreThoseOfPlans(t *testing.T) {
	got := slices.AppendSeq(slices.Collect(maps.Keys(parsers)), maps.Keys(validators))
	slices.Sort(got)
	if diff := cmp.Diff(slices.Sorted(slices.Values(plan.Formats)), got); diff != "" {
		t.Errorf("formats of plans (-) and those that Convert knows (+):\n%s", diff)
	}
}

func TestExtensions(t *testing.T) {
	for format, want := range map[string]string{"tap": ".xml", "junit": ".xml", "sarif": ".sarif",
		"checkstyle": ".checkstyle.xml"} {
		if got := Extension(format); got != want {
			t.Errorf("%s: got %q, wanted %q", format, got, want)
		}
	}
}

var passing = regexp.MustCompile(`[0-9.]+s\b|0x[0-9a-f]+\??|goroutine \d+`)

func TestGoTestTextMatchesGoTest(t *testing.T) {
	stream, err := os.ReadFile("testdata/go-test-json/plain.txt")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/go-test-json/plain.text")
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{1, 7, 4096, len(stream)} {
		got := filtered(t, stream, size)
		if diff := cmp.Diff(passing.ReplaceAllString(string(want), "~"),
			passing.ReplaceAllString(got, "~")); diff != "" {
			t.Errorf("in pieces of %d (-go test +got):\n%s", size, diff)
		}
	}
}

func filtered(t *testing.T, stream []byte, size int) string {
	t.Helper()
	var b bytes.Buffer
	w := GoTestText(&b, &b)
	for len(stream) > 0 {
		n := min(size, len(stream))
		if got, err := w.Write(stream[:n]); got != n || err != nil {
			t.Fatalf("wrote %d of %d bytes: %v", got, n, err)
		}
		stream = stream[n:]
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGoTestTextShowsOtherOutput(t *testing.T) {
	for _, c := range []struct{ name, stream, want string }{
		{"no JSON", "go: downloading x\nFAIL\t[setup failed]", "go: downloading x\nFAIL\t[setup failed]\n"},
		{"other JSON", "{\"a\":1}\n", "{\"a\":1}\n"},
		{"build", `{"ImportPath":"a","Action":"build-output","Output":"a.go:1: bad\n"}` + "\n" +
			`{"ImportPath":"a","Action":"build-fail"}` + "\n", "a.go:1: bad\n"},
		{"cut off", `{"Action":"output","Package":"a","Test":"T","Output":"=== RUN   T\n"}
{"Action":"output","Package":"a","Test":"T","Output":"    t.go:1: waiting\n"}
{"Action":"output","Package":"a","Test":"T","Output":"printed\n"}
{"Action":"out`, "{\"Action\":\"out\nprinted\n    t.go:1: waiting\n"},
		{"benchmark", `{"Action":"output","Package":"a","Output":"goos: linux\n"}
{"Action":"output","Package":"a","Test":"BenchmarkX","Output":"BenchmarkX-2 \t 10 ns/op\n"}
{"Action":"output","Package":"a","Output":"PASS\n"}
{"Action":"output","Package":"a","Output":"ok  \ta\t0.1s\n"}
{"Action":"pass","Package":"a","Elapsed":0.1}
`, "goos: linux\nBenchmarkX-2 \t 10 ns/op\nPASS\nok  \ta\t0.1s\n"},
		{"packages that end in another order", `{"Action":"start","Package":"a"}
{"Action":"start","Package":"b"}
{"Action":"output","Package":"b","Output":"ok  \tb\t0.1s\n"}
{"Action":"pass","Package":"b"}
{"Action":"output","Package":"a","Output":"ok  \ta\t0.2s\n"}
{"Action":"pass","Package":"a"}
`, "ok  \ta\t0.2s\nok  \tb\t0.1s\n"},
		{"what a test prints like go test", `{"Action":"run","Package":"a","Test":"T"}
{"Action":"output","Package":"a","Test":"T","Output":"=== RUN   T\n"}
{"Action":"output","Package":"a","Test":"T","Output":"=== RUN   Other\n"}
{"Action":"output","Package":"a","Test":"T","Output":"--- FAIL: Other (0.00s)\n"}
{"Action":"output","Package":"a","Test":"T","Output":"    indented\n"}
{"Action":"output","Package":"a","Test":"T","Output":"no end    a_test.go:1: logged\n"}
{"Action":"output","Package":"a","Test":"T","Output":"        more\n"}
{"Action":"output","Package":"a","Test":"T","Output":"--- FAIL: T (0.00s)\n"}
{"Action":"fail","Package":"a","Test":"T"}
{"Action":"output","Package":"a","Output":"PASS\n"}
{"Action":"output","Package":"a","Output":"main ends\n"}
{"Action":"fail","Package":"a"}
`, "=== RUN   Other\n--- FAIL: Other (0.00s)\n    indented\nno end--- FAIL: T (0.00s)\n" +
			"    a_test.go:1: logged\n        more\nPASS\nmain ends\nFAIL\n"},
		{"a test that ended its process", `{"Action":"run","Package":"a","Test":"T"}
{"Action":"output","Package":"a","Test":"T","Output":"    a_test.go:1: lost\n"}
{"Action":"output","Package":"a","Output":"FAIL\ta\t0.1s\n"}
{"Action":"fail","Package":"a"}
`, "FAIL\ta\t0.1s\nFAIL\n"},
	} {
		if diff := cmp.Diff(c.want, filtered(t, []byte(c.stream), 11)); diff != "" {
			t.Errorf("%s:\n%s", c.name, diff)
		}
	}
}

func TestGoTestTextReturnsErrorsOfTheWriter(t *testing.T) {
	w := GoTestText(failing{}, failing{})
	if _, err := w.Write([]byte("text\n")); !errors.Is(err, os.ErrClosed) {
		t.Errorf("got %v", err)
	}
	if err := w.Close(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("on closing: %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, os.ErrClosed }
