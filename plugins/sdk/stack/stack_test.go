package stack

import (
	"maps"
	"reflect"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

func elixir() *Stack {
	return &Stack{
		Name: "elixir", Title: "Mix", Manifests: []string{"mix.exs", "*.mix"}, Products: []string{"_build/"},
		Tool: plan.Tool{Check: []string{"mix", "--version"}, Image: "elixir:1"},
		Refuses: func(u *Unit) string {
			if u.Text("mix.exs") == "none" {
				return "it says so"
			}
			return ""
		},
		Plan: func(u *Unit) error {
			u.Prepare(Exec("mix", "deps.get"), "the packages")
			u.Add("build", Exec("./tool", "compile"), "")
			test := Exec("mix", "test")
			test.Reports, test.Outputs = JUnit("report.xml"), []string{"cover/"}
			u.Add("test-unit", test, "why")
			return nil
		},
		Absent: map[string]string{"run": "nothing can be started"},
	}
}

// read plans a project that has files with their names as content, or what follows a "=".
func read(t *testing.T, config string, files map[string]string) (*plan.Plan, error) {
	t.Helper()
	fs := fstest.MapFS{}
	for name, text := range files {
		fs[name] = &fstest.MapFile{Data: []byte(text)}
	}
	p, err := Read(&sdk.Project{FS: fs, Config: []byte(config)}, elixir())
	if p != nil {
		p.API = plan.API
		if err := p.Validate(); err != nil {
			t.Error(err)
		}
	}
	return p, err
}

func TestProjectsOfARepository(t *testing.T) {
	for name, c := range map[string]struct {
		config string
		files  map[string]string
		build  []string // the steps
		left   int
	}{
		"none":                    {"", map[string]string{"a.txt": ""}, nil, 0},
		"the root":                {"", map[string]string{"mix.exs": "", "apps/a/mix.exs": ""}, []string{"build"}, 0},
		"folders":                 {"", map[string]string{"b/mix.exs": "", "a/x.mix": "", "a/c/mix.exs": ""}, []string{"build@a", "build@b"}, 0},
		"one that is none":        {"", map[string]string{"mix.exs": "none", "a/mix.exs": ""}, []string{"build@a"}, 0},
		"an example":              {"", map[string]string{"a/mix.exs": "", "examples/b/mix.exs": ""}, []string{"build@a"}, 1},
		"nothing but an example":  {"", map[string]string{"examples/b/mix.exs": ""}, []string{"build@examples/b"}, 0},
		"an input of tests":       {"", map[string]string{"a/mix.exs": "", "test/b/mix.exs": ""}, []string{"build@a"}, 0},
		"one that is asked for":   {`{"folders": ["examples/b"]}`, map[string]string{"a/mix.exs": "", "examples/b/mix.exs": ""}, []string{"build@examples/b"}, 0},
		"one that a pipeline has": {"", map[string]string{"a/mix.exs": "", "examples/b/mix.exs": "", ".gitlab-ci.yml": "t:\n  script:\n    - cd examples/b\n    - mix test\n"}, []string{"build@a", "build@examples/b"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := read(t, c.config, c.files)
			if err != nil || (p == nil) != (c.build == nil) {
				t.Fatalf("got %v, %v", p, err)
			}
			if p != nil && (!slices.Equal(p.Targets["build"], c.build) || len(p.Omitted) != c.left) {
				t.Errorf("got %q, %v", p.Targets["build"], p.Omitted)
			}
		})
	}
}

func TestMistakesInTheConfiguration(t *testing.T) {
	for config, want := range map[string]string{
		`{"folders": ["a"]}`: `[plugins.elixir] config: "a" in "folders" has no mix.exs, *.mix`,
		`{"folder": ["a"]}`:  `[plugins.elixir] config: unknown key "folder"`,
	} {
		if _, err := read(t, config, map[string]string{"mix.exs": ""}); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, wanted %s", config, err, want)
		}
	}
}

func TestCommandsHaveTheFolderOfTheirProject(t *testing.T) {
	p, err := read(t, `{"image": "elixir:1.18"}`, map[string]string{"a/mix.exs": "", "b/mix.exs": ""})
	if err != nil {
		t.Fatal(err)
	}
	want := plan.Step{Op: plan.OpExec, Argv: []string{"mix", "test"}, Dir: "b", Tool: "mix", Needs: []string{"init@b"},
		After: []string{"build@b"}, Outputs: []string{"b/cover/"}, Inputs: []string{"!a/_build/", "!b/_build/"},
		Reports: []plan.Report{{Format: "junit", Path: "b/report.xml"}}}
	if got := p.Steps["test-unit@b"]; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, wanted %+v", got, want)
	}
	if got := p.Steps["build@b"].Argv[0]; got != "./b/tool" {
		t.Errorf("a program of the project is %q", got)
	}
	if tool := p.Tools["mix"]; tool.Image != "elixir:1.18" {
		t.Errorf("got %+v", tool)
	}
	if want := []string{"run", "test-unit"}; !slices.Equal(slices.DeleteFunc(slices.Sorted(maps.Keys(p.About)),
		func(target string) bool { return target == "init" }), want) {
		t.Errorf("got %v, wanted %v", p.About, want)
	}
}
