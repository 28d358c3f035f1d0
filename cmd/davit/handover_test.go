package main_test

import (
	"net"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/internal/moduletest"
)

// TestHandover runs the real binaries without an engine.
func TestHandover(t *testing.T) {
	// Caught, so that what the scripts start does not inherit that it is ignored, as under nohup.
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	t.Cleanup(func() { signal.Stop(hangup) })
	scripts(t, "testdata/script", map[string]string{"SILENT": silent(t)})
}

// TestEngine runs the real binaries with both engines.
func TestEngine(t *testing.T) {
	scripts(t, "testdata/engine", map[string]string{"DOCKER": enginetest.Docker(t),
		"BUILDKIT": enginetest.BuildKit(t)})
}

// scripts runs the scripts of a folder with davit and davit-engine of release 1.0.0 in $BIN/one, and a davit
// of release 2.0.0 in $BIN/two.
func scripts(t *testing.T, dir string, env map[string]string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("left out: the scripts make links and send signals")
	}
	bin := programs(t)
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"module": writeModule},
		Setup: func(e *testscript.Env) error {
			e.Setenv("BIN", bin)
			e.Setenv("DAVIT_CACHE", e.WorkDir+"/.cache")
			for name, value := range env {
				e.Setenv(name, value)
			}
			return nil
		},
	})
}

// writeModule writes a plugin that has the same answer for every project: module OUT.wasm plugin.toml answer.json.
func writeModule(ts *testscript.TestScript, _ bool, args []string) {
	answer := moduletest.Answering(ts.ReadFile(args[2]))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), moduletest.Packed(answer, ts.ReadFile(args[1])), 0o600))
}

// silent returns an address that accepts connections and never answers.
func silent(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return "tcp://" + l.Addr().String()
}
