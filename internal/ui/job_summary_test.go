package ui

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheSummaryOfAJobIsMarkdown(t *testing.T) {
	file := filepath.Join(t.TempDir(), "summary.md")
	if err := os.WriteFile(file, []byte("before\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	s, _ := streamsTo(&out, 0, 0, map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": file})
	d := NewDisplay(s, Options{})
	for _, e := range []Event{
		{Type: EventRun, Targets: []string{"build", "test"}},
		{Type: EventStep, Step: "go:build", Status: StatusRunning},
		{Type: EventStep, Step: "go:build", Status: StatusOK, Seconds: 1.24},
		{Type: EventStep, Step: "go:a|b<img>\n`[x](y)`", Status: StatusFailed, Reason: "exit status 1 & more"},
		{Type: EventEnd, Status: StatusFailed, Seconds: 2, Caveats: []string{"part *x* is left out"}},
	} {
		d.Event(e)
	}
	d.Close()
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := `before
### davit build test: failed in 2.0s: 1 failed, 1 ran

| | step | |
| --- | --- | --- |
| failed | go:a\|b\<img\>\\n\` + "`" + `\[x\]\(y\)\` + "`" + ` | exit status 1 \& more |
| ran | go:build | 1.2s |

note: part \*x\* is left out

`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}
