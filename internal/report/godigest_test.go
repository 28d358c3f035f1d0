package report

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins/plan"
)

// TestADigestHasTheSameCountsAndText compares a stream of go test with its digest.
func TestADigestHasTheSameCountsAndText(t *testing.T) {
	if _, err := exec.LookPath("awk"); err != nil {
		t.Skip("no awk")
	}
	stream := "go: downloading x\n" +
		event("start", "a", "", "") + event("run", "a", "TestA", "") + event("output", "a", "TestA", `=== RUN   TestA\n`) +
		event("output", "a", "TestA", `a \"Test\":\"x\"\n`) + event("output", "a", "TestA", `--- PASS: TestA (0.00s)\n`) + event("pass", "a", "TestA", "") +
		event("run", "b", `TestB/\"q\"`, "") + event("output", "b", `TestB/\"q\"`, `    b_test.go:1: no\n`) +
		event("output", "b", `TestB/\"q\"`, `--- FAIL: TestB/\"q\" (0.00s)\n`) + event("fail", "b", `TestB/\"q\"`, "") +
		event("run", "a", "TestS", "") + event("skip", "a", "TestS", "") +
		event("output", "b", "", `FAIL\n`) + event("output", "b", "", `FAIL\tb\t0.1s\n`) + event("fail", "b", "", "") +
		event("output", "a", "", `PASS\n`) + event("output", "a", "", `ok  \ta\t0.1s\n`) + event("pass", "a", "", "") +
		event("run", "c", "TestC", "") + event("output", "c", "TestC", `printed\n`)
	stream += event("run", "d", "TestD", "") + event("output", "d", "TestD", `--- FAIL: TestD (0.00s)\n`) + event("fail", "d", "TestD", "") +
		event("output", "d", "", `ok  \td\t0.1s\n`) + event("pass", "d", "", "")
	cmd := exec.Command("awk", GoDigest)
	cmd.Stdin = strings.NewReader(stream)
	digest, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := countsOf(string(digest)), countsOf(stream); got != want || want != (Counts{Passed: 1, Failed: 3, Skipped: 1}) {
		t.Errorf("got %+v, want %+v of\n%s", got, want, digest)
	}
	if strings.Contains(string(digest), "TestA") || !strings.Contains(string(digest), "b_test.go") {
		t.Errorf("got %s", digest)
	}
	sorted := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	if got, want := sorted(textOf(string(digest))), sorted(textOf(stream)); !strings.Contains(got, `--- FAIL: TestB/"q" (0.00s) b_test.go:1: no`) || len(got) != len(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func event(action, pkg, test, output string) string {
	text := `{"Action":"` + action + `","Package":"` + pkg + `"`
	if test != "" {
		text += `,"Test":"` + test + `"`
	}
	if output != "" {
		text += `,"Output":"` + output + `"`
	}
	return text + "}\n"
}

func countsOf(stream string) Counts {
	c := NewCounter(plan.FormatGoTestJSON)
	c.Add("stdout", stream)
	n, _ := c.Counts()
	return n
}

func textOf(stream string) string {
	var b strings.Builder
	w := GoTestText(&b, &b)
	_, _ = w.Write([]byte(stream))
	_ = w.Close()
	return b.String()
}
