package main_test

import (
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/davit-dev/davit/internal/enginetest"
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
	bin := t.TempDir()
	build(t, "1.0.0", filepath.Join(bin, "one"), "github.com/davit-dev/davit/cmd/davit",
		"github.com/davit-dev/davit/cmd/davit-engine")
	build(t, "2.0.0", filepath.Join(bin, "two"), "github.com/davit-dev/davit/cmd/davit")
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
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

// build builds commands of one release into a folder.
func build(t *testing.T, release, to string, packages ...string) {
	t.Helper()
	flags := "-s -w -X github.com/davit-dev/davit/cmd/internal/cli.Version=" + release
	c := exec.Command("go", append([]string{"build", "-buildvcs=false", "-ldflags", flags, "-o", to + "/"},
		packages...)...)
	c.Env = append(c.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
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
