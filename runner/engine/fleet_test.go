package engine

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/client/llb"
	gateway "github.com/moby/buildkit/frontend/gateway/client"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/internal/fault"
)

// TestAFleetOverTLS starts two BuildKits as in docs/engines.md, with its certificates and its configuration,
// and builds on both.
func TestAFleetOverTLS(t *testing.T) {
	program, certificates := enginetest.BuildDaemon(t), t.TempDir()
	follow(t, certificates, strings.ReplaceAll(enginetest.DocExample(t, "sh", "openssl"), "DNS:builder-",
		"IP:127.0.0.1,DNS:builder-"))
	mine := filepath.Join(certificates, "ci")
	command := static(t)
	for _, name := range []string{"builder-1", "builder-2"} {
		address := program.Start(t, filepath.Join(certificates, name))
		t.Run(name, func(t *testing.T) {
			c := find(t, "", "BUILDKIT_HOST="+address, "BUILDKIT_TLS_DIR="+mine)
			checkInfo(t, c, kindBuildKit, address, "BUILDKIT_HOST")
			if got, err := buildOn(t, c, command); got != "built\n" || err != nil {
				t.Errorf("got %q, %v", got, err)
			}
			refused(t, address, mine)
		})
	}
}

// follow runs a script of the documentation.
func follow(t *testing.T, dir, script string) {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		enginetest.Missing(t, "this script needs openssl: "+err.Error())
	}
	c := exec.Command("sh", "-euc", script)
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// refused checks that an engine refuses clients without a certificate of its authority, and that they do not
// trust it.
func refused(t *testing.T, address, mine string) {
	t.Helper()
	other := enginetest.NewAuthority(t).Folder(t)
	in := func(dir, name string) string { return filepath.Join(dir, name) }
	for _, test := range []struct {
		name, want string
		env        []string
	}{
		{"no certificate", "remote error: tls: certificate required",
			[]string{tlsCA + "=" + in(mine, "ca.pem")}},
		{"a certificate of another", "remote error: tls: ",
			[]string{tlsCA + "=" + in(mine, "ca.pem"), tlsCert + "=" + in(other, "cert.pem"),
				tlsKey + "=" + in(other, "key.pem")}},
		{"an engine of another", "certificate signed by unknown authority", []string{tlsDir + "=" + other}},
		{"an engine of another name", "certificate is valid for builder-",
			[]string{tlsDir + "=" + mine, tlsServer + "=builder.example.com"}},
		{"no TLS", "it requires TLS", nil},
	} {
		_, err := Find(t.Context(), request(t, address, test.env...))
		var h hinted
		if !errors.As(err, &h) || fault.Of(h) != fault.FailedPrecondition ||
			!strings.HasPrefix(h.Hint(), "export BUILDKIT_TLS_DIR=") {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if !strings.Contains(h.Error(), "--engine has "+address+": ") ||
			!strings.Contains(h.Error(), test.want) || strings.Contains(h.Error(), "\n") {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// buildOn runs a command in an otherwise empty file system, and returns the file that it wrote.
func buildOn(t *testing.T, c *Connection, command []byte) (text string, err error) {
	t.Helper()
	ran := llb.Scratch().File(llb.Mkfile("/write", 0o755,
		command)).Run(llb.Args([]string{"/write", "/out/text"})).AddMount("/out", llb.Scratch())
	definition, err := ran.Marshal(t.Context())
	if err != nil {
		return "", err
	}
	_, err = c.Build(t.Context(), client.SolveOpt{}, "",
		func(ctx context.Context, g gateway.Client) (*gateway.Result, error) {
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

// static returns a static program, so that no image has to be pulled.
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
	program, err := os.ReadFile(enginetest.GoBuild(t, dir, filepath.Join(dir, "main.go")))
	if err != nil {
		t.Fatal(err)
	}
	return program
}
