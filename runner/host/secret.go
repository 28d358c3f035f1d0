package host

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/runner"
)

// withSecrets returns a step with its secrets in its environment: the values, or the paths of files that hold
// them, which remove removes.
func (r *Runner) withSecrets(s runner.Step) (out runner.Step, remove func(), err error) {
	remove = func() {}
	if len(s.Plan.Secrets) == 0 {
		return s, remove, nil
	}
	dir := ""
	s.Plan.Env = maps.Clone(s.Plan.Env)
	if s.Plan.Env == nil {
		s.Plan.Env = map[string]string{}
	}
	for i, secret := range s.Plan.Secrets {
		value, there := r.o.Secrets[secret.ID]
		switch {
		case !there:
			return s, remove, fmt.Errorf("the secret %q is not set", secret.ID)
		case secret.Env != "":
			s.Plan.Env[secret.Env] = oneLine(value)
			continue
		case dir == "":
			if dir, err = os.MkdirTemp("", "davit-"); err != nil {
				return s, remove, fmt.Errorf("the file of a secret cannot be written: %w", err)
			}
			remove = func() { _ = os.RemoveAll(dir) }
		}
		file := filepath.Join(dir, strconv.Itoa(i))
		if err := os.WriteFile(file, value, 0o600); err != nil {
			return s, remove, fmt.Errorf("the file of a secret cannot be written: %w", err)
		}
		s.Plan.Env[secret.File] = file
	}
	return s, remove, nil
}

// oneLine returns a value without the line break at its end, which editors add.
func oneLine(value []byte) string { return strings.TrimRight(string(value), "\r\n") }
