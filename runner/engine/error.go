package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strings"
	"syscall"

	"github.com/davit-dev/davit/internal/fault"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// A noEngineError says that no engine answered.
type noEngineError struct {
	fault.Precondition
	// tried has each candidate with its answer.
	tried []failedAttempt
}

// A failedAttempt is a candidate that did not answer as an engine.
type failedAttempt struct {
	candidate
	reason string
}

func (e *noEngineError) Error() string {
	var tried []string
	for _, a := range e.tried {
		if a.from == fromSocket {
			tried = append(tried, a.address+": "+a.reason)
		} else {
			tried = append(tried, fmt.Sprintf("%s has %s: %s", a.from, a.address, a.reason))
		}
	}
	if e.tried[0].from == fromSocket {
		tried = append([]string{"neither BUILDKIT_HOST nor DOCKER_HOST is set"}, tried...)
	}
	return "no container engine answers: " + strings.Join(tried, "; ")
}

// Hint returns the command that most likely helps.
func (e *noEngineError) Hint() string {
	first := e.tried[0]
	switch {
	case first.reason == noTLS:
		return "unset BUILDKIT_TLS_DIR, if that engine is to be trusted without"
	case strings.Contains(first.reason, "certificate") || strings.Contains(first.reason, "TLS"):
		return "export BUILDKIT_TLS_DIR=…, a folder with ca.pem, cert.pem and key.pem for that engine"
	case first.from == fromOption:
		return "davit engine, without --engine, shows which one is found by itself"
	case first.from == fromProject:
		return "engine = \"…\" in project.toml says where it is; docker -H " + first.address +
			" version asks it"
	case first.from == fromBuildKit, first.from == fromDocker:
		return "unset " + first.from + ", to use the engine of this machine"
	case first.context != "":
		return "docker context use default, to use the engine of this machine"
	case strings.Contains(first.reason, "permission denied"):
		return "sudo usermod -aG docker $USER, and log in again"
	}
	return startCommand(runtime.GOOS) +
		"; or export BUILDKIT_HOST=… to use another; or --on host, to need none"
}

// startCommand returns the command that starts the engine of a machine.
func startCommand(goos string) string {
	switch goos {
	case "darwin":
		return "open -a Docker"
	case "windows":
		return "start Docker Desktop"
	}
	return "sudo systemctl start docker"
}

// A MissingImageError is an image that an engine would have to pull, which --offline forbids.
type MissingImageError struct {
	fault.Precondition
	Image string
}

func (e *MissingImageError) Error() string {
	return fmt.Sprintf("the engine does not have the image %q, and --offline was given", e.Image)
}

// Hint returns the command that gets it.
func (e *MissingImageError) Hint() string {
	return "docker pull " + e.Image + ", or leave out --offline"
}

// An offlineError is an engine on another machine, which --offline forbids.
type offlineError struct {
	fault.Precondition
	candidate
}

func (e *offlineError) Error() string {
	return fmt.Sprintf("the engine is not on this machine, and --offline was given; %s has %s", e.from,
		e.address)
}

// Hint returns the remedy.
func (e *offlineError) Hint() string {
	return "leave out --offline, or name an engine of this machine: --engine docker://default"
}

// wrapping matches what clients put in front of the actual error.
var wrapping = regexp.MustCompile(
	`(?s)^.*(desc = |stderr=|Error response from daemon: |Error while dialing: |connect: |error reading server preface: |transport: )"?`)

// reason returns, in few words, why an engine did not answer.
func reason(err error) string {
	var errno syscall.Errno
	switch {
	case errors.Is(err, context.DeadlineExceeded), status.Code(err) == codes.DeadlineExceeded,
		os.IsTimeout(err):
		return "it does not answer"
	case errors.As(err, &errno):
		return errno.Error()
	}
	text := innermost(err)
	switch {
	case strings.Contains(text, "unable to upgrade"):
		return "it has no BuildKit inside"
	case wrongProtocol.MatchString(text):
		return "the server there is not a BuildKit"
	}
	return text
}

// innermost returns the actual error without what clients put in front of it.
func innermost(err error) string { return lastLine(wrapping.ReplaceAllString(err.Error(), "")) }

// wrongProtocol matches the errors of a client whose server speaks another protocol and closes the connection
// at the preface of HTTP/2.
var wrongProtocol = regexp.MustCompile(`Unimplemented|http2: |broken pipe|connection reset by peer|^EOF$`)

// lastLine returns the last line of a text whose newlines may have been quoted.
func lastLine(text string) string {
	text = strings.NewReplacer(`\r`, "", `\n`, "\n", `\"`, `"`).Replace(strings.TrimSuffix(text, `"`))
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
