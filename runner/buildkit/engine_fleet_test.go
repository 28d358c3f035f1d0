package buildkit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/client/llb"
	gateway "github.com/moby/buildkit/frontend/gateway/client"

	"github.com/davit-dev/davit/internal/enginetest"
)

// TestAFleetOverTLS runs two BuildKits as docs/engines.md says, with its certificates and its configuration, and builds on both.
func TestAFleetOverTLS(t *testing.T) {
	program := buildkitd(t)
	guide := string(file(t, "../../docs/engines.md"))
	certificates := t.TempDir()
	follow(t, certificates, strings.ReplaceAll(block(t, guide, "sh", "openssl"), "DNS:builder-", "IP:127.0.0.1,DNS:builder-"))
	mine := filepath.Join(certificates, "ci")
	command := static(t)
	for _, name := range []string{"builder-1", "builder-2"} {
		address := daemon(t, program, block(t, guide, "toml", "grpc.tls"), filepath.Join(certificates, name))
		t.Run(name, func(t *testing.T) {
			e := engineOf(t, "", "BUILDKIT_HOST="+address, "BUILDKIT_TLS_DIR="+mine)
			met(t, e, kindBuildKit, address, "BUILDKIT_HOST")
			if got, err := buildOn(t, e, command); got != "built\n" || err != nil {
				t.Errorf("got %q, %v", got, err)
			}
			refused(t, address, mine)
		})
	}
}

// block is the code in a guide that is of a language and has a word in it.
func block(t *testing.T, guide, language, word string) string {
	t.Helper()
	for _, code := range strings.Split(guide, "```"+language+"\n")[1:] {
		if code, _, _ = strings.Cut(code, "```"); strings.Contains(code, word) {
			return code
		}
	}
	t.Fatalf("the guide has no block of %s with %q", language, word)
	return ""
}

// follow runs a script of a guide.
func follow(t *testing.T, dir, script string) {
	t.Helper()
	c := exec.Command("sh", "-euc", script)
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

func file(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// refused checks that an engine is not for those without a certificate of its authority, and is not trusted without one either.
func refused(t *testing.T, address, mine string) {
	t.Helper()
	other := newAuthority(t).folder(t)
	in := func(dir, name string) string { return filepath.Join(dir, name) }
	for _, test := range []struct {
		name, want string
		env        []string
	}{
		{"no certificate", "remote error: tls: certificate required", []string{tlsCA + "=" + in(mine, "ca.pem")}},
		{"a certificate of another", "remote error: tls: ", []string{tlsCA + "=" + in(mine, "ca.pem"), tlsCert + "=" + in(other, "cert.pem"), tlsKey + "=" + in(other, "key.pem")}},
		{"an engine of another", "certificate signed by unknown authority", []string{tlsDir + "=" + other}},
		{"an engine of another name", "certificate is valid for builder-", []string{tlsDir + "=" + mine, tlsServer + "=builder.example.com"}},
		{"no TLS", "it wants TLS", nil},
	} {
		_, err := engineOf(t, address, test.env...).connect(t.Context())
		var h hinted
		if !errors.As(err, &h) || h.ExitCode() != 2 || !strings.HasPrefix(h.Hint(), "export BUILDKIT_TLS_DIR=") {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if !strings.Contains(h.Error(), "--engine has "+address+": ") || !strings.Contains(h.Error(), test.want) || strings.Contains(h.Error(), "\n") {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// buildOn runs a command in an otherwise empty file system, and reads what it wrote.
func buildOn(t *testing.T, e *Engine, command []byte) (text string, err error) {
	t.Helper()
	c, err := e.connect(t.Context())
	if err != nil {
		return "", err
	}
	ran := llb.Scratch().File(llb.Mkfile("/write", 0o755, command)).Run(llb.Args([]string{"/write", "/out/text"})).AddMount("/out", llb.Scratch())
	definition, err := ran.Marshal(t.Context())
	if err != nil {
		return "", err
	}
	_, err = c.Build(t.Context(), client.SolveOpt{}, "", func(ctx context.Context, g gateway.Client) (*gateway.Result, error) {
		result, err := g.Solve(ctx, gateway.SolveRequest{Definition: definition.ToPB(), Evaluate: true})
		if err != nil {
			return nil, err
		}
		data, err := result.Ref.ReadFile(ctx, gateway.ReadRequest{Filename: "text"})
		text = string(data)
		return gateway.NewResult(), err
	}, nil)
	return text, err
}

// static is a program that needs nothing but a kernel, so that no image has to be had.
func static(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "main.go"), `package main

import "os"

func main() {
	if os.WriteFile(os.Args[1], []byte("built\n"), 0o644) != nil {
		os.Exit(1)
	}
}
`)
	return file(t, goBuild(t, dir, filepath.Join(dir, "main.go")))
}

// goBuild builds a program for Linux, and returns its path.
func goBuild(t *testing.T, dir, what string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "program")
	c := exec.Command("go", "build", "-buildvcs=false", "-ldflags", "-s -w", "-o", out, what)
	c.Dir, c.Env = dir, append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOFLAGS=")
	if text, err := c.CombinedOutput(); err != nil {
		t.Fatalf("go build %s: %v\n%s", what, err, text)
	}
	return out
}

// buildkitd is the program of a BuildKit of the release that davit's client is of; its dependencies are in a module of its own.
func buildkitd(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("left out: -short, and building a buildkitd takes minutes at first")
	}
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		enginetest.Missing(t, "a buildkitd is started by root, on Linux")
	}
	for _, tool := range []string{"runc", "openssl"} {
		if _, err := exec.LookPath(tool); err != nil {
			enginetest.Missing(t, "this test needs "+tool+": "+err.Error())
		}
	}
	return goBuild(t, "testdata/buildkitd", "github.com/moby/buildkit/cmd/buildkitd")
}

// daemon starts a buildkitd with the configuration of a guide, but for its paths and its port, and returns its address.
func daemon(t *testing.T, program, config, certificates string) string {
	t.Helper()
	root, err := os.MkdirTemp("", "buildkitd")
	if err != nil {
		t.Fatal(err)
	}
	port := free(t)
	path := filepath.Join(root, "buildkitd.toml")
	write(t, path, strings.NewReplacer("/var/lib/buildkit", root, "0.0.0.0:1234", port, "/etc/buildkit/tls", certificates).Replace(config))
	var log bytes.Buffer
	c := exec.Command(program, "--config", path, "--otel-socket-path", filepath.Join(root, "otel.sock"), "--oci-worker-net=host")
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
	await(t, port)
	return "tcp://" + port
}

// free is a port of this machine that nobody listens at.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// await waits until somebody listens.
func await(t *testing.T, address string) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return
		}
	}
	t.Fatal(fmt.Errorf("nobody listens at %s", address))
}

func TestTheBuildKitOfTestsIsOfTheReleaseOfTheClient(t *testing.T) {
	release := func(dir string) string {
		c := exec.Command("go", "list", "-m", "github.com/moby/buildkit")
		c.Dir = dir
		out, err := c.Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	if own, other := release("."), release("testdata/buildkitd"); own != other {
		t.Errorf("go.mod has %q and testdata/buildkitd/go.mod has %q", own, other)
	}
}
