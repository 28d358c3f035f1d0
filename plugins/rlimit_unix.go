//go:build linux || darwin

package plugins

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// limitProcessor limits the processor time of this process to whole seconds, and turns core dumps off.
func limitProcessor(most time.Duration) error {
	if err := setLimit(unix.RLIMIT_CORE, 0); err != nil {
		return err
	}
	return setLimit(unix.RLIMIT_CPU, uint64((most+time.Second-1)/time.Second))
}

// setLimit sets a limit of this process for good, unless a lower one is set.
func setLimit(resource int, most uint64) error {
	var now unix.Rlimit
	if err := unix.Getrlimit(resource, &now); err != nil {
		return fmt.Errorf("a limit cannot be read: %w", err)
	}
	most = min(most, now.Max)
	if err := unix.Setrlimit(resource, &unix.Rlimit{Cur: most, Max: most}); err != nil {
		return fmt.Errorf("a limit cannot be set: %w", err)
	}
	return nil
}
