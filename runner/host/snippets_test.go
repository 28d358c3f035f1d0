package host

import (
	"testing"

	"github.com/davit-dev/davit/internal/shelltest"
)

// TestSnippets runs the scripts that runner/buildkit runs in containers.
func TestSnippets(t *testing.T) {
	for _, s := range shelltest.All() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			result, l := do(t, newRunner(t), posix(s.Script, shelltest.Args...))
			if fault := s.Differs(l.text("stdout"), l.text("stderr"), result.Exit); fault != "" {
				t.Error(fault)
			}
		})
	}
}
