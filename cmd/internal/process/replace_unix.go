//go:build unix

package process

import "syscall"

// replace makes this process another program.
func replace(path string, argv, env []string) error { return syscall.Exec(path, argv, env) }
