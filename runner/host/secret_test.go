package host

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// trusted is a Runner with two secrets, whose files go to a folder that it returns.
func trusted(t *testing.T) (*Runner, string) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	return newRunner(t, func(o *Options) {
		o.Secrets = map[string][]byte{"npm": []byte("s3cret\n"), "key": []byte("one\ntwo\n")}
	}), dir
}

func TestSecretsAreVariablesOrFiles(t *testing.T) {
	r, dir := trusted(t)
	s := sh(`echo "$TOKEN"; cat "$KEY"; ls -l "$KEY" | cut -c1-10; case $KEY in "$PWD"/*) echo inside;; esac`)
	s.Plan.Secrets = []plan.Secret{{ID: "npm", Env: "TOKEN"}, {ID: "key", File: "KEY"}}
	result, l := do(t, r, s)
	if want := "s3cret\none\ntwo\n-rw-------\n"; result.Status != ui.StatusOK || l.text("stdout") != want {
		t.Errorf("got %+v, %q, wanted %q", result, l.text("stdout"), want)
	}
	empty(t, dir)
	if len(s.Plan.Env) > 0 {
		t.Errorf("the step was changed: %v", s.Plan.Env)
	}
}

func TestFilesOfSecretsAreRemovedAfterCtrlC(t *testing.T) {
	r, dir := trusted(t)
	ctx, cancel := context.WithCancel(context.Background())
	s := sh(`cp "$KEY" copied; exec sleep 60`)
	s.Plan.Secrets = []plan.Secret{{ID: "key", File: "KEY"}}
	go func() {
		for range 500 {
			if data, _ := os.ReadFile(filepath.Join(r.o.Root, "copied")); len(data) > 0 {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		cancel()
	}()
	if result := r.Run(ctx, s, func(ui.Event) {}); result.Status != ui.StatusCancelled {
		t.Errorf("got %+v", result)
	}
	if _, err := os.Stat(filepath.Join(r.o.Root, "copied")); err != nil {
		t.Errorf("it was never there: %v", err)
	}
	empty(t, dir)
}

func empty(t *testing.T, dir string) {
	t.Helper()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("there is still %v, %v", left, err)
	}
}

func TestASecretThatIsNotThereFailsTheStep(t *testing.T) {
	r, _ := trusted(t)
	s := sh("echo ran")
	s.Plan.Secrets = []plan.Secret{{ID: "other", Env: "TOKEN"}}
	if result, l := do(t, r, s); result.Status != ui.StatusFailed ||
		!strings.Contains(result.Reason, `"other"`) || l.text("stdout") != "" {
		t.Errorf("got %+v, %q", result, l.text("stdout"))
	}
}

// The file of a report stands where the step has "{report}", and nowhere where none is wanted.
func TestTheFileOfAReportIsPutInItsPlace(t *testing.T) {
	r := newRunner(t)
	for _, op := range []plan.Op{plan.OpExec, plan.OpShell} {
		s := runner.Step{ID: "s", Args: []string{"--out={report}"},
			Plan: plan.Step{Op: op, Env: map[string]string{"OUT": "{report}"}}}
		if script := `echo "$1 $OUT"`; op == plan.OpExec {
			s.Plan.Argv = []string{"sh", "-c", script, "sh"}
		} else {
			s.Plan.Script = script
		}
		if _, l := do(t, r, s); l.text("stdout") != "--out={report} {report}\n" {
			t.Errorf("%s: without one: %q", op, l.text("stdout"))
		}
		s.Report = "/r/x.raw"
		if _, l := do(t, r, s); l.text("stdout") != "--out=/r/x.raw /r/x.raw\n" {
			t.Errorf("%s: with one: %q", op, l.text("stdout"))
		}
		if s.Plan.Env["OUT"] != "{report}" || s.Args[0] != "--out={report}" {
			t.Errorf("%s: the step was changed: %+v", op, s)
		}
	}
}
