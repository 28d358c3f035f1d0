package process

import (
	"errors"
	"os"
	"os/exec"
)

// replace runs another program and exits with its exit code, since Windows cannot replace a process. Ctrl-C
// reaches both; signals has been called before, so that this process waits.
func replace(path string, argv, env []string) error {
	c := exec.Command(path, argv[1:]...)
	c.Env, c.Stdin, c.Stdout, c.Stderr = env, os.Stdin, os.Stdout, os.Stderr
	err := c.Run()
	if ended, ok := errors.AsType[*exec.ExitError](err); ok {
		os.Exit(ended.ExitCode())
	}
	if err == nil {
		os.Exit(0)
	}
	return err
}
