//go:build unix

package regular

import "syscall"

// NonBlock opens a FIFO without waiting for its other end.
const NonBlock = syscall.O_NONBLOCK
