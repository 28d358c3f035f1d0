package cli_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/goproxytest"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/davit-dev/davit/cmd/internal/cli"
	"github.com/davit-dev/davit/cmd/internal/plugindev"
	"github.com/davit-dev/davit/internal/packagetest"
	"github.com/davit-dev/davit/internal/schematest"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/pluginstest"
	"github.com/davit-dev/davit/runner/trace"
)

var update = flag.Bool("update", false, "rewrite the golden parts of the scripts")

func TestMain(m *testing.M) {
	if code, traces := trace.Main(os.Args[1:]); traces { // for an audit that a test has called
		os.Exit(code)
	}
	testscript.Main(m, map[string]func(){"davit": func() { os.Exit(davit()) }})
}

// davit runs the real program, as cmd/davit does, and returns its exit code.
func davit() int {
	dir, err := os.Getwd()
	if err != nil {
		return 2
	}
	return cli.Main(cli.Process{
		Name: os.Args[0], Args: os.Args[1:], Dir: dir, Environ: os.Environ(), Cache: os.Getenv("DAVIT_CACHE"), Signals: signals,
		Plugins: plugindev.Tools{}, Published: published,
		Streams: ui.NewStreams(os.Stdin, os.Stdout, os.Stderr, os.Getenv, time.Now),
	})
}

func signals() (context.Context, <-chan struct{}) {
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt)
	return ctx, make(chan struct{})
}

// TestScripts runs davit as its users do: testdata/script/*.txtar, each in a folder of its own.
// Those about modules of Go have a proxy with the modules of testdata/mod.
func TestScripts(t *testing.T) {
	t.Parallel()
	modules := goproxytest.NewTestServer(t, "testdata/mod", "")
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			if err := newCache(e); err != nil {
				return err
			}
			e.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
			e.Setenv("REPO", repository)
			e.Setenv("MODULES", modules.URL)
			// for scripts with a PATH of their own
			e.Setenv("DAVIT", filepath.Join(filepath.SplitList(e.Getenv("PATH"))[0], "davit"))
			for _, name := range []string{"HOME", "GOPROXY", "GOCACHE", "GOMODCACHE", "CARGO_HOME",
				"RUSTUP_HOME"} {
				e.Setenv(name, lookup(name))
			}
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "root" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			must := os.Getenv("CI") == "true" // then a script that needs root fails without it
			return must || os.Geteuid() == 0, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"git-init": gitInit, "await": await, "validates": validates,
			"gone": gone, "package-registries": packagetest.Private(t, "127.0.0.1"), "nowhere": packagetest.Nowhere},
	})
}

// newCache gives a script a cache of its own, with the compiled plugins.
func newCache(e *testscript.Env) error {
	e.Setenv("DAVIT_CACHE", filepath.Join(e.WorkDir, ".cache"))
	return pluginstest.Link(e.Getenv("DAVIT_CACHE"))
}

// repository is the root of the source tree, against which scripts build a plugin.
var repository, _ = filepath.Abs("../../..")

// lookup returns the value of a variable for the go command, else in the environment.
func lookup(name string) string {
	if out, err := exec.Command("go", "env", name).Output(); err == nil && len(out) > 1 {
		return string(out[:len(out)-1])
	}
	return os.Getenv(name)
}

// gitInit makes the current folder a git repository and commits every file.
func gitInit(ts *testscript.TestScript, neg bool, args []string) {
	for _, argv := range [][]string{
		{"git", "init", "-q"},
		{"git", "add", "-A"},
		{"git", "-c", "user.name=T", "-c", "user.email=t@example.com", "commit", "-qm", "begin"},
	} {
		ts.Check(ts.Exec(argv[0], argv[1:]...))
	}
}

// validates checks standard output of the last command by a schema.
func validates(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(schematest.Validate(args[0], ts.ReadFile("stdout")))
}
