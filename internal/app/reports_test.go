package app

import (
	"os"
	"path/filepath"
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
	if err := os.WriteFile(r.raw(s), []byte(raw), 0o600); err != nil {
		t.Fatal(err)
	}
	r.keep(s, plan.Report{Format: "junit"}, nil, func(e ui.Event) { t.Errorf("got %+v", e) })
	data, err := os.ReadFile(filepath.Join(r.dir, "a-test.xml"))
	if err != nil || strings.Contains(string(data), "s3cret") || !strings.Contains(string(data), "logs in with ***") {
		t.Errorf("got %s, %v", data, err)
	}
	if left, _ := os.ReadDir(r.dir); len(left) != 1 {
		t.Errorf("there is also %v", left)
	}
}
