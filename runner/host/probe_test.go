package host

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// bench is a project and a folder of tools in PATH.
type bench struct {
	t     *testing.T
	root  string
	bin   string
	store *cache.Store
	env   []string
}

func newBench(t *testing.T) *bench {
	b := &bench{t: t, root: t.TempDir(), bin: t.TempDir(), store: cache.Open(t.TempDir(), cache.Options{})}
	b.env = []string{"PATH=" + b.bin + ":relative:/bin:/usr/bin", "HOME=" + t.TempDir()}
	return b
}

// runner is a new one, as of the next davit.
func (b *bench) runner() *Runner {
	return newRunner(b.t, func(o *Options) { o.Root, o.Env, o.Store = b.root, b.env, b.store })
}

// tool puts a program in PATH that counts how often it is asked.
func (b *bench) tool(name, script string) {
	b.t.Helper()
	text := "#!/bin/sh\necho >> '" + filepath.Join(b.bin, name+".asked") + "'\n" + script + "\n"
	file := filepath.Join(b.bin, name)
	if err := os.WriteFile(file+".new", []byte(text), 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.Rename(file+".new", file); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) asked(name string) int {
	data, _ := os.ReadFile(filepath.Join(b.bin, name+".asked"))
	return strings.Count(string(data), "\n")
}

func (b *bench) file(name, text string) {
	b.t.Helper()
	full := filepath.Join(b.root, name)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) version() string {
	b.t.Helper()
	found, err := b.runner().Probe(b.t.Context(), runner.Step{ToolName: "tool", Tool: &tool})
	if err != nil || found.Path != filepath.Join(b.bin, "tool") {
		b.t.Fatalf("got %+v, %v", found, err)
	}
	return found.Version
}

var tool = plan.Tool{Version: ">=1.2", Check: []string{"tool", "--version"}, Install: "get tool"}

func TestAToolIsAskedOnce(t *testing.T) {
	b := newBench(t)
	b.tool("tool", `echo "tool 1.2.3"`)
	for range 3 {
		if v := b.version(); v != "1.2.3" {
			t.Errorf("got %q", v)
		}
	}
	if n := b.asked("tool"); n != 1 {
		t.Errorf("it was asked %d times", n)
	}
}

// Whatever may change the answer makes davit ask again.
func TestAToolIsAskedAgainWhenTheAnswerMayBeAnother(t *testing.T) {
	for name, change := range map[string]func(b *bench){
		"the program is another": func(b *bench) { b.tool("tool", `echo "tool 1.2.3"`) },
		"a version file":         func(b *bench) { b.file(".tool-versions", "tool 1.3\n") },
		"a version file of a parent": func(b *bench) {
			b.root = filepath.Join(b.root, "sub")
			b.file("x",
				"")
		},
		"the go line":            func(b *bench) { b.file("go.mod", "module x\n\ngo 1.26\n") },
		"a shim's variable":      func(b *bench) { b.env = append(b.env, "GOTOOLCHAIN=local") },
		"the last of two values": func(b *bench) { slices.Reverse(b.env[len(b.env)-2:]) },
		"a shim's file at home": func(b *bench) {
			home := environ.Get(b.env, "HOME")
			if err := errors.Join(os.MkdirAll(home+"/.pyenv", 0o755),
				os.WriteFile(home+"/.pyenv/version", nil, 0o644)); err != nil {
				b.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.tool("tool", `echo "tool 1.2.3"`)
			b.env = append(b.env, "PYENV_VERSION=1", "PYENV_VERSION=2")
			b.version()
			change(b)
			b.version()
			if n := b.asked("tool"); n != 2 {
				t.Errorf("it was asked %d times", n)
			}
		})
	}
}

func TestAChangeThatIsNoChoiceOfAVersionCostsNothing(t *testing.T) {
	b := newBench(t)
	b.tool("tool", `echo "tool 1.2.3"`)
	b.file("go.mod", "module x\n\ngo 1.26\n")
	b.version()
	b.file("go.mod", "module x\n\ngo 1.26\n\nrequire y v1.0.0\n")
	b.env = append(b.env, "UNRELATED=1")
	b.version()
	if n := b.asked("tool"); n != 1 {
		t.Errorf("it was asked %d times", n)
	}
}

func TestToolErrors(t *testing.T) {
	for name, c := range map[string]struct{ script, want string }{
		"missing": {"", "tool >=1.2 is needed, and is not in PATH"},
		"too old": {"echo tool 1.1", "tool >=1.2 is needed, and BIN/tool is 1.1"},
		"silent":  {"", "tool >=1.2 is needed, and is not in PATH"},
		"fails": {"echo broken; exit 3",
			"tool >=1.2 is needed, and BIN/tool does not print its version: exit status 3: broken"},
		"no number": {"echo hello",
			`tool >=1.2 is needed, and BIN/tool does not print its version: there is no version in "hello"`},
		"on other stream": {"echo tool 1.0 >&2", "tool >=1.2 is needed, and BIN/tool is 1.0"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			if c.script != "" {
				b.tool("tool", c.script)
			}
			s := runner.Step{ID: "s", ToolName: "tool", Tool: &tool,
				Plan: plan.Step{Op: plan.OpExec, Argv: []string{"tool"}}}
			_, err := b.runner().Prepare(t.Context(), []runner.Step{s, s})
			var all MissingToolsError
			if !errors.As(err, &all) || len(all) != 1 || fault.Of(all) != fault.FailedPrecondition ||
				all.Hint() != "get tool" {
				t.Fatalf("got %v", err)
			}
			if got := strings.ReplaceAll(err.Error(), b.bin, "BIN"); got != c.want {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestAToolWithoutAVersionIsTakenWhereNoneIsAskedFor(t *testing.T) {
	b := newBench(t)
	b.tool("tool", "echo '(devel)'")
	s := runner.Step{ID: "s", ToolName: "tool", Tool: &plan.Tool{Check: tool.Check}, Plan: plan.Step{Op: plan.OpExec, Argv: []string{"tool"}}}
	for range 2 { // the second answer is the stored one
		versions, err := b.runner().Prepare(t.Context(), []runner.Step{s})
		if err != nil || versions["s"] != "(devel)" {
			t.Errorf("got %q, %v", versions["s"], err)
		}
	}
}

// All that is missing is said at once.
func TestAllToolsThatAreMissingAreNamed(t *testing.T) {
	b := newBench(t)
	step := func(name string) runner.Step {
		return runner.Step{ID: name, ToolName: name, Tool: &plan.Tool{Install: "get " + name},
			Plan: plan.Step{Op: plan.OpExec, Argv: []string{name}}}
	}
	_, err := b.runner().Prepare(t.Context(), []runner.Step{step("no-x"), step("no-y"), step("sh")})
	var all MissingToolsError
	if !errors.As(err, &all) ||
		err.Error() != "no-x is needed, and is not in PATH; no-y is needed, and is not in PATH" ||
		all.Hint() != "get no-x; get no-y" {
		t.Errorf("got %v", err)
	}
}

func TestAToolThatAStepBeforeBringsMayBeMissing(t *testing.T) {
	b := newBench(t)
	s := runner.Step{ID: "s", ToolName: "tool", Tool: &tool, Plan: plan.Step{
		Op: plan.OpExec, Argv: []string{"tool"}, Path: []string{"env/bin"}, Needs: []string{"deps"},
	}}
	if _, err := b.runner().Prepare(t.Context(), []runner.Step{s}); err != nil {
		t.Errorf("before: %v", err)
	}
	b.file("env/bin/x", "")
	if _, err := b.runner().Prepare(t.Context(), []runner.Step{s}); err == nil {
		t.Error("the folder is there and the tool is not")
	}
}

func TestVersionsAreByStep(t *testing.T) {
	b := newBench(t)
	b.tool("tool", "echo ${ASDF_TOOL_VERSION:-1.2.3}")
	b.file("sub/.tool-versions", "tool 1.4\n")
	step := func(id, dir string) runner.Step {
		return runner.Step{ID: id, ToolName: "tool", Tool: &tool,
			Plan: plan.Step{Op: plan.OpExec, Argv: []string{"tool"}, Dir: dir}}
	}
	versions, err := b.runner().Prepare(t.Context(), []runner.Step{step("a", ""), step("b", "sub")})
	if err != nil || versions["a"] != "1.2.3" || versions["b"] != "1.4" {
		t.Errorf("got %v, %v", versions, err)
	}
}

func TestWhatNeedsAnEngineIsRefusedBeforeAnythingRuns(t *testing.T) {
	for want, step := range map[string]plan.Step{
		"assembles an image": {Op: plan.OpImage, Image: &plan.Image{Dockerfile: "Dockerfile"}},
		"pushes an image":    {Op: plan.OpPush, Needs: []string{"image"}},
	} {
		r := newRunner(t, func(*Options) {})
		_, err := r.Prepare(context.Background(), []runner.Step{{ID: "s", Plan: step}})
		got, ok := errors.AsType[*runner.EngineError](err)
		if !ok || got.Reason != want || fault.Of(got) != fault.FailedPrecondition {
			t.Errorf("got %v", err)
		}
	}
}

func TestACheckIsAskedBeforeAnEnvironmentIsFilled(t *testing.T) {
	b := newBench(t)
	b.tool("have", `[ -e "$HOME/yes" ] && echo "it is there"`)
	s := sh("echo ran")
	s.Plan.Provides = &plan.Provides{Dir: "env/", Check: []string{"have"}}
	if result, _ := do(t, b.runner(), s); result.Status != ui.StatusOK {
		t.Errorf("without: %+v", result)
	}
	if err := os.WriteFile(filepath.Join(environ.Get(b.env, "HOME"), "yes"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	result, l := do(t, b.runner(), s)
	if want := (runner.Result{Status: ui.StatusSkipped, Reason: "it is there"}); !reflect.DeepEqual(result, want) || len(l.events) > 0 {
		t.Errorf("with: %+v", result)
	}
}

func TestAnEnvironmentThatCannotBeWrittenIsNotFilled(t *testing.T) {
	b := newBench(t)
	b.file("env", "no folder")
	s := sh("echo ran")
	s.Plan.Provides = &plan.Provides{Dir: "env/"}
	result, l := do(t, b.runner(), s)
	if result.Status != ui.StatusFailed || result.Reason != "env cannot be written: not a directory" || len(l.events) > 0 {
		t.Errorf("got %+v", result)
	}
}

func TestAnEnvironmentIsFilledByProgramsFromOutside(t *testing.T) {
	b := newBench(t)
	b.tool("tool", "echo outside")
	b.file("env/bin/tool", "#!/bin/sh\necho inside\n")
	if err := os.Chmod(filepath.Join(b.root, "env/bin/tool"), 0o755); err != nil {
		t.Fatal(err)
	}
	s := sh("tool")
	s.Plan.Path = []string{"env/bin"}
	for want, provides := range map[string]*plan.Provides{"inside": nil, "outside": {Dir: "env/"}} {
		s.Plan.Provides = provides
		if _, l := do(t, b.runner(), s); l.text("stdout") != want+"\n" {
			t.Errorf("wanted %s, got %q", want, l.text("stdout"))
		}
	}
}

func TestAProbeThatIsInterruptedIsNoAnswer(t *testing.T) {
	b := newBench(t)
	b.tool("tool", "echo 1.2.3")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := runner.Step{ID: "s", ToolName: "tool", Tool: &tool,
		Plan: plan.Step{Op: plan.OpExec, Argv: []string{"tool"}}}
	if _, err := b.runner().Prepare(ctx, []runner.Step{s}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if v := b.version(); v != "1.2.3" {
		t.Errorf("got %q", v)
	}
}
