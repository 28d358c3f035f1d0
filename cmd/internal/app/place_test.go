package app

import (
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

// step is one of a plan whose tool "have" is there, and whose tool "lack" is not; "ID:TOOL<NEEDS", of effect
// builds.
func step(text string) runner.Step {
	name, needs, _ := strings.Cut(text, "<")
	id, tool, _ := strings.Cut(name, ":")
	s := runner.Step{ID: id, Effect: runner.Builds,
		Plan: plan.Step{Op: plan.OpExec, Argv: []string{id}, Needs: strings.Fields(needs)}}
	switch tool {
	case "image":
		s.Plan.Op, s.Plan.Image = plan.OpImage, &plan.Image{Base: "scratch"}
	case "push":
		s.Plan.Op = plan.OpPush
	case "write":
		s.Plan.Op, s.Plan.Files = plan.OpWrite, map[string]string{"a": ""}
	case "bare":
		s.ToolName, s.Tool = "lack", &plan.Tool{}
	case "":
	default:
		s.ToolName, s.Tool = tool, &plan.Tool{Image: tool + ":1"}
	}
	return s
}

func asked(s runner.Step) runner.Step { s.Targets = []string{"x"}; return s }
func outputs(s runner.Step) runner.Step {
	s.Plan.Outputs = []string{"out/"}
	return s
}

func TestPlace(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the tool is a script of Unix")
	}
	for name, c := range map[string]struct {
		on    string
		steps []runner.Step
		want  string // h is the host, c a container, i inside of the engine
	}{
		"a tool that is here":           {"", []runner.Step{asked(step("a:have"))}, "a=h"},
		"a tool that is not":            {"", []runner.Step{asked(step("a:lack"))}, "a=c"},
		"neither the tool nor an image": {"", []runner.Step{asked(step("a:bare"))}, "a=h"},
		"no tool":                       {"", []runner.Step{asked(step("a"))}, "a=h"},
		"all in containers": {"container",
			[]runner.Step{step("a:have"), asked(step("b<a")), asked(step("c:write"))}, "a=i b=c c=h"},
		"all on the host": {"host",
			[]runner.Step{asked(step("a:lack")), asked(step("b:image<a"))}, "a=c b=c"},
		"what an image is made of": {"",
			[]runner.Step{step("a:have"), step("b:have<a"), asked(step("c:image<b")), asked(step("d:push<c")),
				asked(step("e:have"))}, "a=i b=i c=c d=c e=h"},
		"what an image is made of and is asked": {"",
			[]runner.Step{asked(step("a:have")), asked(step("b:image<a"))}, "a=c b=c"},
		"outputs that the host needs": {"",
			[]runner.Step{outputs(step("a:lack")), asked(step("b:have<a"))}, "a=c b=h"},
		"dependencies that a container has": {"",
			[]runner.Step{step("a:lack"), asked(step("b:have<a")), asked(step("c:have<b"))}, "a=i b=c c=c"},
		"dependencies of what has no image": {"", []runner.Step{step("a:lack"), asked(step("b:write<a"))},
			"a=c b=h"},
	} {
		t.Run(name, func(t *testing.T) {
			bin := t.TempDir()
			if err := os.WriteFile(filepath.Join(bin, "have"), []byte("#!/bin/sh\n"), 0o755); err != nil {
				t.Fatal(err)
			}
			g, err := runner.NewGraph(c.steps)
			if err != nil {
				t.Fatal(err)
			}
			p, job := &Project{Config: &project.Project{}}, &Job{Graph: g}
			h := host.New(host.Options{Root: t.TempDir(), Env: []string{"PATH=" + bin}})
			if _, err := p.place(t.Context(), h, job, Request{On: c.on}); err != nil {
				t.Fatal(err)
			}
			if got := placesOf(t, job); got != c.want {
				t.Errorf("got %s, wanted %s", got, c.want)
			}
		})
	}
}

func placesOf(t *testing.T, job *Job) string {
	t.Helper()
	var all []string
	for _, s := range job.Graph.Steps() {
		where := string(s.Where[0])
		if s.Inside {
			where = "i"
		}
		if s.Reason == "" {
			t.Errorf("there is no reason for %s", s.ID)
		}
		all = append(all, s.ID+"="+where)
	}
	return strings.Join(all, " ")
}

// Only what nobody but the project's own people can start may write layers that others take for theirs.
func TestWhoWritesLayers(t *testing.T) {
	for name, c := range map[string]struct {
		write string
		env   []string
		want  bool
	}{
		"a person":       {"", nil, false},
		"CI":             {"ci", []string{"CI=true", "GITHUB_EVENT_NAME=push"}, true},
		"a pull request": {"", []string{"CI=true", "GITHUB_EVENT_NAME=pull_request"}, false},
		"one with the rights of us": {"", []string{"CI=true", "GITHUB_EVENT_NAME=pull_request_target"},
			false},
		"a merge request":            {"ci", []string{"CI=true", "CI_MERGE_REQUEST_IID=7"}, false},
		"no pull request":            {"ci", []string{"CI=true", "BUILDKITE_PULL_REQUEST=false"}, true},
		"always":                     {"always", nil, true},
		"never":                      {"never", []string{"CI=true"}, false},
		"something that is no CI":    {"ci", []string{"CI=false"}, false},
		"a pull request with always": {"always", []string{"CI=true", "GITHUB_EVENT_NAME=pull_request"}, true},
	} {
		p := &Project{Options: Options{Environ: c.env},
			Config: &project.Project{Cache: &project.Cache{Registry: "r/c", Write: c.write}}}
		if got := p.writesCache(); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
