package host

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

func writing(files map[string]string) runner.Step {
	return runner.Step{ID: "write", Plan: plan.Step{Op: plan.OpWrite, Files: files}}
}

func TestWritingShowsTheDifferenceFirst(t *testing.T) {
	r := newRunner(t)
	put(t, r, "old", "a\nb\n", 0o755)
	put(t, r, "same", "s\n", 0o644)
	l := &log{each: func(e ui.Event) {
		if data, err := os.ReadFile(filepath.Join(r.o.Root, "dir", "new")); err == nil &&
			strings.Contains(e.Text, "dir/new") {
			t.Errorf("the file is there before the difference was shown: %q", data)
		}
	}}
	result := r.Run(t.Context(), writing(map[string]string{"old": "a\nc\n", "dir/new": "n\n", "same": "s\n"}),
		l.emit)
	want := "diff /dev/null b/dir/new\n--- /dev/null\n+++ b/dir/new\n@@ -0,0 +1,1 @@\n+n\n" +
		"diff a/old b/old\n--- a/old\n+++ b/old\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"
	if result.Status != ui.StatusOK || l.text("stdout") != want {
		t.Errorf("got %+v, %q", result, l.text("stdout"))
	}
	info, err := os.Stat(filepath.Join(r.o.Root, "old"))
	if data, _ := os.ReadFile(filepath.Join(r.o.Root, "old")); err != nil || string(data) != "a\nc\n" ||
		info.Mode().Perm() != 0o755 {
		t.Errorf("got %q, %v", data, info)
	}
	if result, l := do(t, r,
		writing(map[string]string{"old": "a\nc\n"})); result.Status != ui.StatusSkipped || len(l.events) > 0 {
		t.Errorf("again: %+v, %v", result, l.events)
	}
	if left, _ := filepath.Glob(filepath.Join(r.o.Root, ".*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestWritingNeverLeavesTheProject(t *testing.T) {
	out := t.TempDir()
	r := newRunner(t)
	for link, target := range map[string]string{"up": out, "file": filepath.Join(out, "f"), "inside": "a"} {
		if err := os.Symlink(target, filepath.Join(r.o.Root, link)); err != nil {
			t.Fatal(err)
		}
	}
	put(t, r, "folder/x", "", 0o644)
	for _, name := range []string{"up/f", "file", "inside", "folder", "../f"} {
		result, l := do(t, r, writing(map[string]string{name: "x", "a": "x"}))
		if result.Status != ui.StatusFailed || !strings.Contains(result.Reason, "cannot be written") ||
			len(l.events) > 0 {
			t.Errorf("%s: got %+v", name, result)
		}
	}
	if found, _ := os.ReadDir(out); len(found) > 0 {
		t.Errorf("outside there is %v", found)
	}
	if _, err := os.Lstat(filepath.Join(r.o.Root, "a")); err == nil {
		t.Error("one of the files was written although another could not be")
	}
}
