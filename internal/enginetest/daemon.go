package enginetest

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A Daemon is the program of a BuildKit. A test starts as many as it needs.
type Daemon struct{ program string }

// BuildDaemon builds the program in the release of davit's client. Its dependencies are in a module of its
// own.
func BuildDaemon(t testing.TB) Daemon {
	t.Helper()
	if testing.Short() {
		t.Skip("left out: -short, and building a buildkitd takes minutes at first")
	}
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		Missing(t, "a buildkitd is started by root, on Linux")
	}
	if _, err := exec.LookPath("runc"); err != nil {
		Missing(t, "a buildkitd needs runc: "+err.Error())
	}
	return Daemon{GoBuild(t, inRepository(t, "internal/enginetest/testdata/buildkitd"),
		"github.com/moby/buildkit/cmd/buildkitd")}
}

// GoBuild builds a static program for Linux, and returns its path.
func GoBuild(t testing.TB, dir, what string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "program")
	c := exec.Command("go", "build", "-buildvcs=false", "-ldflags", "-s -w", "-o", out, what)
	c.Dir, c.Env = dir, append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOFLAGS=")
	if text, err := c.CombinedOutput(); err != nil {
		t.Fatalf("go build %s: %v\n%s", what, err, text)
	}
	return out
}

// Start starts an engine as docs/engines.md describes it, with other paths and another port, that requires
// certificates. The folder has its own certificate, and the authority that it trusts. Start returns the
// address; the engine ends with the test.
func (d Daemon) Start(t testing.TB, certificates string) string {
	t.Helper()
	root, err := os.MkdirTemp("", "buildkitd")
	if err != nil {
		t.Fatal(err)
	}
	port, config := FreePort(t), filepath.Join(root, "buildkitd.toml")
	text := strings.NewReplacer(
		"/var/lib/buildkit", root, "0.0.0.0:1234", port, "/etc/buildkit/tls", certificates).
		Replace(DocExample(t, "toml", "grpc.tls"))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, exec.Command(d.program, "--config", config,
		"--otel-socket-path", filepath.Join(root, "otel.sock"), "--oci-worker-net=host"), root)
	waitForPort(t, port)
	return "tcp://" + port
}

// start runs a program until the test ends, and removes its folder then.
func start(t testing.TB, c *exec.Cmd, root string) {
	t.Helper()
	var log bytes.Buffer
	c.Stdout, c.Stderr = &log, &log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Signal(syscall.SIGTERM)
		c.Wait()
		os.RemoveAll(root)
		if t.Failed() {
			t.Logf("%s", log.String())
		}
	})
}

// FreePort returns an address of this machine at which nobody listens.
func FreePort(t testing.TB) string {
	t.Helper()
	return freePort(t, "127.0.0.1")
}

func freePort(t testing.TB, host string) string {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// waitForPort waits until somebody listens.
func waitForPort(t testing.TB, address string) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if listens("tcp://" + address) {
			return
		}
	}
	t.Fatalf("nobody listens at %s", address)
}
