package app

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// What a tool writes into a report does not pass through the events, and is looked at all the same.
func TestReportsHoldNoSecrets(t *testing.T) {
	r := &reports{dir: t.TempDir(), mask: runner.NewMask(map[string][]byte{"id": []byte("s3cret")})}
	s := runner.Step{ID: "a:test"}
	raw := `<testsuites><testsuite name="s"><testcase name="logs in with s3cret"/></testsuite></testsuites>`
	if err := os.WriteFile(r.rawFile(s), []byte(raw), 0o600); err != nil {
		t.Fatal(err)
	}
	kept, _, _, err := r.keep(s, plan.Report{Format: "junit"}, nil, nil, func(e ui.Event) { t.Errorf("got %+v", e) })
	data := kept["a-test.xml"]
	if err != nil || strings.Contains(string(data), "s3cret") ||
		!strings.Contains(string(data), "logs in with ***") {
		t.Errorf("got %s, %v", data, err)
	}
	if left, _ := os.ReadDir(r.dir); len(left) != 0 || len(kept) != 1 {
		t.Errorf("there is also %v", left)
	}
}

// What a step prints in a container comes as a file too, and in the file it is whole.
func TestAPrintedReportIsTakenFromTheFile(t *testing.T) {
	from := plan.Report{Format: "tap", Stdout: true}
	for _, whole := range []bool{true, false} {
		r, s := &reports{dir: t.TempDir(), mask: runner.NewMask(nil)}, runner.Step{ID: "a:test"}
		want := "printed"
		if whole {
			want = "whole"
			if err := os.WriteFile(r.rawFile(s), []byte("TAP version 13\n1..1\nok 1 - whole\n"),
				0o600); err != nil {
				t.Fatal(err)
			}
		}
		kept, _, _, err := r.keep(s, from, []byte("TAP version 13\n1..1\nok 1 - printed\n"), nil,
			func(e ui.Event) { t.Errorf("got %+v", e) })
		if data := kept["a-test.xml"]; err != nil || !strings.Contains(string(data), want) {
			t.Errorf("got %s, %v, wanted %q", data, err, want)
		}
		if left, _ := os.ReadDir(r.dir); len(left) != 0 {
			t.Errorf("there is also %v", left)
		}
	}
}

// A report is somebody else's file: one that does not end is not read.
func TestALargeReportIsNotRead(t *testing.T) {
	r, s := &reports{dir: t.TempDir(), mask: runner.NewMask(nil)}, runner.Step{ID: "a:test"}
	if err := errors.Join(os.WriteFile(r.rawFile(s), nil, 0o600), os.Truncate(r.rawFile(s), 1<<40)); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := r.keep(s, plan.Report{Format: "junit"}, nil, nil, func(ui.Event) {}); err == nil ||
		!strings.Contains(err.Error(), "it is larger than 64 MiB") {
		t.Errorf("got %v", err)
	}
}
