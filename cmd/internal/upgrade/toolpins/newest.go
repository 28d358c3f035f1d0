package toolpins

import (
	"context"
	"errors"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"strings"

	"github.com/davit-dev/davit/internal/tree"
)

// NewestGo asks Go for its newest release, "go1.27.0". It looks at the module proxy that Go is configured with. The folder is
// that of the project, which does not choose the program that answers.
func NewestGo(ctx context.Context, dir string, environ []string) (string, error) {
	program, err := tree.Program(dir, "go")
	if err != nil {
		return "", errors.New("go is not on this machine")
	}
	cmd := exec.CommandContext(ctx, program, "list", "-m", "-f", "{{.Version}}", "toolchain@latest")
	cmd.Dir, cmd.Env = os.TempDir(), append(environ, "GOTOOLCHAIN=local", "GOFLAGS=", "GOWORK=off")
	out, err := cmd.Output()
	if failed, is := errors.AsType[*exec.ExitError](err); is {
		lines := strings.Split(strings.TrimSpace(string(failed.Stderr)), "\n")
		return "", fmt.Errorf("go cannot tell: %s", strings.TrimSpace(lines[len(lines)-1]))
	}
	release := strings.TrimSpace(string(out))
	if err == nil && !version.IsValid(release) {
		err = fmt.Errorf("go cannot tell: %q is no release", release)
	}
	return release, err
}

// Newer returns the later one of two releases of Go.
func Newer(a, b string) string {
	if version.Compare(a, b) < 0 {
		return b
	}
	return a
}
