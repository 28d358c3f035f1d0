package engine

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"syscall"
	"testing"

	"github.com/davit-dev/davit/internal/fault"
)

func TestReason(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string
	}{
		{&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, "connection refused"},
		{fmt.Errorf("x: %w", context.DeadlineExceeded), "it does not answer"},
		{errors.New(`failed to list workers: Unavailable: connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:9: connect: connection refused"`),
			"connection refused"},
		{errors.New(`failed to list workers: Unavailable: connection error: desc = "error reading server preface: remote error: tls: certificate required"`),
			"remote error: tls: certificate required"},
		{errors.New(`failed to list workers: Unavailable: connection error: desc = "error reading server preface: EOF"`),
			"the server there is not a BuildKit"},
		{errors.New("failed to list workers: Unimplemented: unknown service moby.buildkit.v1.Control"),
			"the server there is not a BuildKit"},
		{errors.New(`command [ssh -- h docker system dial-stdio] has exited with exit status 255, make sure the URL is valid: stderr=Warning\r\nssh: no such host\r\n`),
			"ssh: no such host"},
		{errors.New("unable to upgrade to h2c, received 404"), "it has no BuildKit inside"},
		{errors.New("Error response from daemon: manifest unknown"), "manifest unknown"},
	} {
		if got := reason(test.err); got != test.want {
			t.Errorf("%v:\ngot  %q\nwant %q", test.err, got, test.want)
		}
	}
}

func TestNoEngineErrorNamesAttemptsAndOneCommand(t *testing.T) {
	socket := candidate{from: fromSocket, address: "unix:///var/run/docker.sock", kind: kindDocker}
	other := candidate{from: fromSocket, address: "unix:///run/buildkit/buildkitd.sock", kind: kindBuildKit}
	for _, test := range []struct {
		tried      []failedAttempt
		want, hint string
	}{
		{[]failedAttempt{{candidate{from: fromBuildKit, address: "tcp://b:1"}, "connection refused"}},
			"no container engine answers: BUILDKIT_HOST has tcp://b:1: connection refused",
			"unset BUILDKIT_HOST, to use the engine of this machine"},
		{[]failedAttempt{{candidate{from: fromDocker, address: "ssh://b"}, "x"}},
			"no container engine answers: DOCKER_HOST has ssh://b: x",
			"unset DOCKER_HOST, to use the engine of this machine"},
		{[]failedAttempt{{candidate{from: "docker context far", address: "ssh://b", context: "far"}, "x"}},
			"no container engine answers: docker context far has ssh://b: x",
			"docker context use default, to use the engine of this machine"},
		{[]failedAttempt{{candidate{from: fromOption, address: "ssh://b"}, "x"}},
			"no container engine answers: --engine has ssh://b: x",
			"davit engine, without --engine, shows which one is found by itself"},
		{[]failedAttempt{{candidate{from: fromBuildKit, address: "tcp://b:1"},
			"remote error: tls: certificate required"}},
			"no container engine answers: BUILDKIT_HOST has tcp://b:1: remote error: tls: certificate required",
			"export BUILDKIT_TLS_DIR=…, a folder with ca.pem, cert.pem and key.pem for that engine"},
		{[]failedAttempt{{socket, "permission denied"}},
			"no container engine answers: neither BUILDKIT_HOST nor DOCKER_HOST is set; unix:///var/run/docker.sock: permission denied",
			"sudo usermod -aG docker $USER, and log in again"},
		{[]failedAttempt{{socket, "no such file or directory"}, {other, "no such file or directory"}},
			"no container engine answers: neither BUILDKIT_HOST nor DOCKER_HOST is set; unix:///var/run/docker.sock: no such file or directory; " +
				"unix:///run/buildkit/buildkitd.sock: no such file or directory",
			startCommand(runtime.GOOS) +
				"; or export BUILDKIT_HOST=… to use another; or --on host, to need none"},
	} {
		e := &noEngineError{tried: test.tried}
		if e.Error() != test.want || e.Hint() != test.hint || fault.Of(e) != fault.FailedPrecondition {
			t.Errorf("got  %v | %s\nwant %s | %s", e, e.Hint(), test.want, test.hint)
		}
	}
}
