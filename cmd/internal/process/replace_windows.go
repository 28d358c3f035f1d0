package process

import (
	"errors"
	"os"
	"os/exec"
)

// replace runs another program in place of this process, which Windows cannot do: it waits, and ends as that one does. Ctrl-C
// reaches both, and is caught here since signals was called.
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
