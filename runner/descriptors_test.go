//go:build linux || darwin

package runner_test

import (
	"context"
	"errors"
	"reflect"
	"syscall"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/limittest"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/runner"
)

// With however few descriptors, what a step depends on is known or an error.
func TestWhyWithoutDescriptorsIsRightOrAnError(t *testing.T) {
	p := newProject(t, "a", "dir/deep/b")
	deps := sh("deps", "mkdir -p bin/deep; cp a bin/deep/x", builds("bin/"), inputs("a"))
	deps.Plan.NoCache = true
	test := sh("test", "true", needs("deps"))
	p.run(deps, test)
	want := p.why(deps, test)
	if !want["test"].Fresh {
		t.Fatalf("got %+v", want)
	}
	const enough = 12
	failed := 0
	for free := range enough {
		c, closeAll := p.parts()
		g := p.graph([]runner.Step{deps, test})
		if _, err := c.Prepare(context.Background(), g.Steps()); err != nil {
			t.Fatal(err)
		}
		limittest.Descriptors(t, free, func() {
			found, err := c.Explain(context.Background(), g, time.Time{})
			switch {
			case errors.Is(err, syscall.EMFILE):
				failed++
			case err != nil:
				t.Errorf("with %d descriptors: %v", free, err)
			case found["test"].Fresh != want["test"].Fresh ||
				!reflect.DeepEqual(found["test"].Reasons, want["test"].Reasons):
				t.Errorf("with %d descriptors: got %+v", free, found)
			}
		})
		closeAll()
	}
	if failed == 0 || failed == enough {
		t.Errorf("%d of %d failed", failed, enough)
	}
}

func TestStepInputsWithoutDescriptorsAreRightOrAnError(t *testing.T) {
	p := newProject(t, "a", "bin/deep/x")
	made := sh("made", "true", builds("bin/"))
	s := sh("test", "true", needs("made"))
	files := func() *runner.Files {
		tr, err := tree.Open(p.dir)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { tr.Close() })
		f := runner.NewFiles(tr, "", time.Now)
		if _, err := f.Root(); err != nil {
			t.Fatal(err)
		}
		return f
	}
	inputs := func(f *runner.Files) (runner.StepInputs, error) {
		return f.StepInputs(context.Background(), s, []runner.Step{made, s}, []runner.Step{made}, nil)
	}
	want, err := inputs(files())
	if err != nil || len(want.Names) != 2 {
		t.Fatalf("got %+v (%v)", want, err)
	}
	const enough = 12
	failed := 0
	for free := range enough {
		f := files()
		limittest.Descriptors(t, free, func() {
			got, err := inputs(f)
			switch {
			case errors.Is(err, syscall.EMFILE):
				failed++
			case err != nil || !reflect.DeepEqual(got, want):
				t.Errorf("with %d descriptors: got %+v (%v)", free, got, err)
			}
		})
	}
	if failed == 0 || failed == enough {
		t.Errorf("%d of %d failed", failed, enough)
	}
}
