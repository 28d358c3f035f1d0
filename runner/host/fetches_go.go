package host

import (
	"context"
	"strings"

	"github.com/davit-dev/davit/runner"
)

// fetchesGo reports whether the tool of a step is a go that, when the step runs, fetches the version that go.mod asks
// for, or finds it in PATH: one of 1.21 or later whose GOTOOLCHAIN says so (https://go.dev/doc/toolchain). To look fetches nothing.
func (r *Runner) fetchesGo(ctx context.Context, s runner.Step, found Found) bool {
	if s.Tool.Check[0] != "go" {
		return false
	}
	if modern, _ := accepts(">=1.21", found.Version); !modern {
		return false
	}
	out, code, err := r.output(ctx, command{path: found.Path, argv: []string{"go", "env", "GOTOOLCHAIN"}, dir: neutral(),
		env: r.outside(s, pins{})})
	setting := strings.TrimSpace(out)
	switch setting[strings.LastIndex(setting, "+")+1:] {
	case "auto", "path":
		return err == nil && code == 0
	}
	return false
}
