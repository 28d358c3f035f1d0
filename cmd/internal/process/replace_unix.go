//go:build unix

package process

import "syscall"

// replace replaces this process by another program.
func replace(path string, argv, env []string) error { return syscall.Exec(path, argv, env) }
