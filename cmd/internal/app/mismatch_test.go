package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/host"
)

// An answering engine only says whether it is there.
type answering struct {
	runner.Engine
	err error
}

func (a answering) Describe(context.Context) (runner.EngineInfo, error) {
	return runner.EngineInfo{}, a.err
}

// withNode gives a step a tool of which the machine has version 20.20.2.
func withNode(s runner.Step, pin, image string) runner.Step {
	s.ToolName, s.Tool = "node", &plan.Tool{Check: []string{"node", "--version"}, Runtime: plan.RuntimeNode,
		Pin: pin, PinnedBy: ".nvmrc", Image: image, Install: "get it"}
	return s
}

func TestStepsWhoseRuntimeIsAnother(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the tool is a script of Unix")
	}
	there, gone := answering{}, answering{err: errors.New("nobody answers")}
	run := withNode(asked(step("run")), "22", "node:22")
	run.Plan.Interactive = true
	for name, c := range map[string]struct {
		engine  runner.Engine
		request Request
		env     string
		steps   []runner.Step
		want    string // the places, the warnings and the caveats
	}{
		"as it is pinned": {there, Request{}, "", []runner.Step{withNode(asked(step("a")), "20", "node:20")}, "a=h"},
		"another patch": {there, Request{}, "", []runner.Step{withNode(asked(step("a")), "20.20.1", "node:20.20.1")},
			"a=h; node 20.20.2 is here, and .nvmrc pins 20.20.1"},
		"another version": {there, Request{}, "",
			[]runner.Step{withNode(step("deps"), "22", "node:22"), withNode(asked(step("a<deps")), "22", "node:22")},
			"deps=i a=c"},
		"no engine answers": {gone, Request{}, "",
			[]runner.Step{withNode(step("deps"), "22", "node:22"), withNode(asked(step("a<deps")), "22", "node:22")},
			"deps=h a=h; node 20.20.2 is here, and .nvmrc pins 22; no container engine answers to run it there" +
				"; note: node 20.20.2 is here, and .nvmrc pins 22"},
		"no engine has been asked yet": {nil, Request{}, "", []runner.Step{withNode(asked(step("a")), "22", "node:22")},
			"a=c"},
		"there is none": {nil, Request{NoEngine: true}, "", []runner.Step{withNode(asked(step("a")), "22", "node:22")},
			"a=h; node 20.20.2 is here, and .nvmrc pins 22; no container engine answers to run it there" +
				"; note: node 20.20.2 is here, and .nvmrc pins 22"},
		"on the host, as the user says": {there, Request{On: onHost}, "",
			[]runner.Step{withNode(asked(step("a")), "22", "node:22")},
			"a=h; node 20.20.2 is here, and .nvmrc pins 22; note: node 20.20.2 is here, and .nvmrc pins 22"},
		"no image": {there, Request{}, "", []runner.Step{withNode(asked(step("a")), "22", "")},
			"a=h; node 20.20.2 is here, and .nvmrc pins 22; note: node 20.20.2 is here, and .nvmrc pins 22"},
		"the caller chose": {there, Request{}, "NODENV_VERSION=20.20.2",
			[]runner.Step{withNode(asked(step("a")), "22", "node:22")},
			"a=h; node 20.20.2 is here, as NODENV_VERSION says, and .nvmrc pins 22" +
				"; note: node 20.20.2 is here, as NODENV_VERSION says, and .nvmrc pins 22"},
		"interactive": {there, Request{}, "", []runner.Step{withNode(step("deps"), "22", "node:22"), run},
			"deps=h run=h; node 20.20.2 is here, and .nvmrc pins 22; note: node 20.20.2 is here, and .nvmrc pins 22"},
	} {
		t.Run(name, func(t *testing.T) {
			bin := t.TempDir()
			if err := os.WriteFile(filepath.Join(bin, "node"), []byte("#!/bin/sh\necho v20.20.2\n"), 0o755); err != nil {
				t.Fatal(err)
			}
			g, err := runner.NewGraph(c.steps)
			if err != nil {
				t.Fatal(err)
			}
			p, job := &Project{Config: &project.Project{}, Options: Options{Engine: c.engine}}, &Job{Graph: g}
			h := host.New(host.Options{Root: t.TempDir(), Env: []string{"PATH=" + bin, c.env}})
			if _, err := p.place(t.Context(), h, job, c.request); err != nil {
				t.Fatal(err)
			}
			got := []string{placesOf(t, job)}
			for _, m := range job.Mismatches {
				got = append(got, m.Text)
			}
			for _, caveat := range caveats(t.Context(), h, job) {
				got = append(got, "note: "+caveat)
			}
			if got := strings.Join(got, "; "); got != c.want {
				t.Errorf("got %s\nwanted %s", got, c.want)
			}
			if moved := strings.Contains(c.want, "a=c"); job.Moved != moved {
				t.Errorf("moved: got %v", job.Moved)
			}
		})
	}
}
